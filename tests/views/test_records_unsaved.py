"""What is typed into a record's form is kept, and offered when the form is opened again."""

import pytest

from models.enterprise import Enterprise
from models.project import Project
from models.unsaved_entry import UnsavedEntry
from tests.views.filled import draft, typed
from tests.views.pages import inputs
from tests.views.world import World

OFFER = "data-kept"


def own(world: World) -> str:
    return f"/projects/unsaved?of={world.own.projects['draft']}"


def kept(world: World) -> list[tuple[str, dict[str, list[str]]]]:
    with world.session() as session:
        return [(row.form, row.entries) for row in session.query(UnsavedEntry)]


def test_the_form_says_where_it_is_kept_and_offers_nothing_at_first(world: World) -> None:
    page = world.page("owner", draft(world))

    assert f'data-unsaved="{own(world)}"' in page
    assert OFFER not in page


def test_what_was_typed_is_kept_and_offered_again_while_the_record_stays(world: World) -> None:
    before = world.row(Project, world.own.projects["draft"])
    form = typed(world, name="填了一半", investment_10k_cny="不是数")

    assert world.post("owner", own(world), form).get_json()["kept_at"]

    told = world.browser("owner").get(own(world)).get_json()
    assert (told["entries"]["name"], told["entries"]["investment_10k_cny"]) == (["填了一半"], ["不是数"])
    assert told["entries"]["version"] == [form["version"]]
    assert OFFER in world.page("owner", draft(world))
    assert world.row(Project, world.own.projects["draft"]) == before


def test_what_no_form_asks_is_not_kept(world: World) -> None:
    world.post("owner", own(world), {"name": "演示", "status": "approved", "items-0-answer": "已改"})

    assert kept(world) == [(draft(world), {"name": ["演示"], "items-0-answer": ["已改"]})]


def test_a_save_forgets_it(world: World) -> None:
    form = typed(world, name="改好的名称")
    world.post("owner", own(world), form)

    assert world.post("owner", draft(world), form).status_code == 302

    assert kept(world) == []


def test_a_save_that_is_refused_keeps_it_and_does_not_offer_it_beside_itself(world: World) -> None:
    form = typed(world, investment_10k_cny="不是数")
    world.post("owner", own(world), form)

    answer = world.post("owner", draft(world), form)

    assert answer.status_code == 422
    assert OFFER not in answer.get_data(as_text=True)
    assert len(kept(world)) == 1


def test_who_wants_none_of_it_gets_the_form_as_it_was_saved(world: World) -> None:
    world.post("owner", own(world), typed(world, name="填了一半"))

    answer = world.post("owner", own(world).replace("/unsaved", "/unsaved/drop"))

    assert (answer.status_code, answer.location) == (302, draft(world))
    assert kept(world) == []


def test_a_new_project_is_kept_apart_from_one_begun_like_another(world: World) -> None:
    like = f"?like={world.own.projects['approved']}"

    world.post("owner", "/projects/unsaved", {"name": "全新"})
    world.post("owner", f"/projects/unsaved{like}", {"name": "二期"})

    assert {form for form, _ in kept(world)} == {"/projects/add", f"/projects/add{like}"}
    assert OFFER in world.page("owner", "/projects/add")
    home = world.page("owner", "/")
    assert 'data-kept-form="/projects/add"' in home
    assert f'data-kept-form="/projects/add{like}"' in home


def test_saving_a_new_project_forgets_it(world: World) -> None:
    form = inputs(world.page("owner", "/projects/add")) | {"name": "演示全新工程"}
    world.post("owner", "/projects/unsaved", form)

    assert world.post("owner", "/projects/add", form).status_code == 302

    assert kept(world) == []


def test_an_enterprise_record_is_kept_alike(world: World) -> None:
    path = f"/enterprises/edit/{world.own.enterprise}"
    world.put(Enterprise, world.own.enterprise, status="draft")

    world.post("owner", f"/enterprises/unsaved?of={world.own.enterprise}", {"postal_code": "2144"})

    assert kept(world) == [(path, {"postal_code": ["2144"]})]
    assert OFFER in world.page("owner", path)


@pytest.mark.parametrize("argument", ["of", "like"])
def test_another_s_record_is_not_found(world: World, argument: str) -> None:
    for key in (world.foreign.projects["draft"], 999999, "x", ""):
        address = f"/projects/unsaved?{argument}={key}"
        drop = address.replace("/unsaved", "/unsaved/drop")
        assert world.get("owner", address).status_code == 404
        assert world.post("owner", address, {"name": "演示"}).status_code == 404
        assert world.post("owner", drop).status_code == 404
    assert kept(world) == []


def test_too_much_is_answered_with_a_sentence(world: World) -> None:
    answer = world.post("owner", own(world), {"name": "长" * 60_001})

    assert answer.status_code == 422
    assert "没有暂存" in answer.get_json()["problem"]
    assert kept(world) == []
