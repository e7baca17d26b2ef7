"""照此新添: a further project begins with what an earlier one of the same organization has in common with it."""

import pytest

from app.domain.fields import CARRIED_OVER, PROJECT
from models.project import Project
from tests.views.pages import inputs
from tests.views.world import World


def like(world: World, key: int | None = None) -> str:
    """The address of the form begun with one of the owner's projects."""
    return f"/projects/add?like={world.own.projects['approved'] if key is None else key}"


def test_the_form_brings_what_is_common_and_leaves_out_what_belongs_to_one_approval(world: World) -> None:
    source = world.row(Project, world.own.projects["approved"])

    shown = inputs(world.page("owner", like(world)))

    assert shown["address"] == source["address"]
    assert shown["approval_authority"] == source["approval_authority"]
    assert {shown.get(name, "") for name in PROJECT.names if name not in CARRIED_OVER} == {""}
    assert not world.written()


def test_the_contact_s_mobile_is_shown_masked_and_stored_whole(world: World) -> None:
    form = inputs(world.page("owner", like(world))) | {"name": "演示二期工程"}

    answer = world.post("owner", like(world), form)

    made = world.row(Project, int(answer.location.rsplit("/", 1)[1]))
    assert "*" in form["contact_mobile"]
    assert made["contact_mobile_index"] == world.row(Project, world.own.projects["approved"])["contact_mobile_index"]
    assert (made["status"], made["number"], made["approval_key"]) == ("draft", None, None)


def test_a_mobile_that_is_typed_anew_is_the_one_that_counts(world: World) -> None:
    form = inputs(world.page("owner", like(world))) | {"name": "演示二期工程", "contact_mobile": "13800000077"}

    answer = world.post("owner", like(world), form)

    made = world.row(Project, int(answer.location.rsplit("/", 1)[1]))
    assert made["contact_mobile_index"] != world.row(Project, world.own.projects["approved"])["contact_mobile_index"]


def test_another_organization_s_project_is_no_model(world: World) -> None:
    theirs, before = like(world, world.foreign.projects["approved"]), world.business()

    assert world.get("owner", theirs).status_code == 404
    assert world.post("owner", theirs, {"name": "演示二期工程"}).status_code == 404
    assert world.business() == before


@pytest.mark.parametrize("key", ["", "0", "x", "999999", "1e3"])
def test_an_address_that_names_no_project_is_not_found(world: World, key: str) -> None:
    assert world.get("owner", f"/projects/add?like={key}").status_code == 404


def test_its_owner_is_offered_it_on_the_page_and_staff_are_not(world: World) -> None:
    page = f"/projects/show/{world.own.projects['approved']}"

    assert like(world) in world.page("owner", page)
    assert "add?like" not in world.page("reviewer", page)
