"""常用视图: the conditions of a list under a name, for one person."""

import pytest

from app.services import saved_views
from models.saved_view import SavedView
from tests.views.world import World

PAGE = "/projects/list/"


def saves(
    world: World, who: str = "reviewer", name: str = "在审", conditions: str = "status=submitted", page: str = PAGE
):
    return world.post(who, "/saved_views/add", {"page": page, "name": name, "conditions": conditions})


def stored(world: World) -> list[tuple[str, str, str]]:
    with world.session() as session:
        return [(row.page, row.name, row.conditions) for row in session.query(SavedView).order_by(SavedView.id)]


def test_a_view_is_offered_on_its_list_and_marked_while_it_stands(world: World) -> None:
    answer = saves(world, conditions="region=&status=submitted&q=演示&after_ProjectView=abc")

    assert answer.location == f"{PAGE}?q=%E6%BC%94%E7%A4%BA&status=submitted"
    page = world.page("reviewer", answer.location)
    assert '<li class="active"><a href="/projects/list/?q=%E6%BC%94%E7%A4%BA&amp;status=submitted"' in page
    assert "存为常用视图" not in page  # it is one already
    assert 'class="saved"' in world.page("reviewer", PAGE)
    assert 'class="saved"' not in world.page("reviewer", "/enterprises/list/")


def test_conditions_that_are_no_view_yet_may_be_saved(world: World) -> None:
    for conditions in ("q=演示", "status=submitted", "_oc_ProjectView=name&_od_ProjectView=asc"):
        assert "存为常用视图" in world.page("reviewer", f"{PAGE}?{conditions}"), conditions
    assert "存为常用视图" not in world.page("reviewer", PAGE)


def test_nobody_else_sees_or_removes_it(world: World) -> None:
    saves(world)

    assert 'class="saved"' not in world.page("manager", PAGE)
    assert world.post("manager", "/saved_views/delete/1").status_code == 404
    assert len(stored(world)) == 1


def test_a_name_that_is_used_takes_the_new_conditions(world: World) -> None:
    saves(world)
    saves(world, conditions="status=returned")

    assert stored(world) == [(PAGE, "在审", "status=returned")]


def test_a_view_is_removed(world: World) -> None:
    saves(world)

    assert world.post("reviewer", "/saved_views/delete/1").location == PAGE
    assert stored(world) == []


@pytest.mark.parametrize("name", ["", "   ", "长" * 41], ids=["none", "blank", "too long"])
def test_a_view_needs_a_name(world: World, name: str) -> None:
    answer = saves(world, name=name)

    assert answer.location == f"{PAGE}?status=submitted"
    assert "请给常用视图起一个名称" in world.browsers["reviewer"].get(answer.location).get_data(as_text=True)
    assert stored(world) == []


@pytest.mark.parametrize("conditions", ["", "after_ProjectView=abc", f"q={'x' * 1001}"], ids=["none", "place", "long"])
def test_without_conditions_there_is_nothing_to_save(world: World, conditions: str) -> None:
    saves(world, conditions=conditions)

    assert stored(world) == []


@pytest.mark.parametrize("page", ["", "/", "https://example.org/", "/users/list/", "/audit/list/", "/projects/show/1"])
def test_only_a_list_that_the_person_may_open_has_views(world: World, page: str) -> None:
    assert saves(world, page=page).status_code == 400
    assert stored(world) == []


def test_a_list_keeps_so_many_and_no_more(world: World) -> None:
    for n in range(saved_views.MOST + 1):
        saves(world, name=f"视图{n}")

    assert len(stored(world)) == saved_views.MOST


def test_what_was_searched_for_is_stored_closed(world: World) -> None:
    saves(world, conditions="q=13911144567")

    with world.engine.connect() as connection:
        closed = connection.exec_driver_sql("SELECT conditions FROM saved_view").scalar_one()
    assert "13911144567" not in closed
