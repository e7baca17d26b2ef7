"""A form says what it was drawn from: the later writer sees both and loses nothing; what is closed stays closed."""

import pytest

from models.enterprise import Enterprise
from models.project import Project
from tests.builders import ID_NUMBER
from tests.views.filled import draft, typed
from tests.views.pages import errors, inputs, messages, value
from tests.views.staging import MOBILE
from tests.views.world import World

GIVEN = {"items-0-target": "address", "items-0-reason_code": "not_filled", "items-0-instruction": "请写明",
         "bureau_id": "1", "reason": "演示原因", "comment": "演示意见"}  # fmt: skip


# Two at once --------------------------------------------------------------------------------------------


def test_the_later_of_two_writers_sees_both_versions_and_loses_nothing(world: World) -> None:
    first, second = typed(world, remarks="先到的备注"), typed(world, remarks="后到的备注", scale="后到的规模")
    world.post("owner", draft(world), first)

    late = world.post("owner", draft(world), second)

    page = late.get_data(as_text=True)
    shown = inputs(page)
    assert late.status_code == 409
    assert "先到的备注" in page
    assert (shown["remarks"], shown["scale"]) == ("后到的备注", "后到的规模")
    assert world.row(Project, world.own.projects["draft"])["remarks"] == "先到的备注"
    again = world.post("owner", draft(world), shown)
    assert again.status_code == 302
    assert world.row(Project, world.own.projects["draft"])["remarks"] == "后到的备注"


def test_saving_again_keeps_what_the_other_changed_and_oneself_did_not_touch(world: World) -> None:
    first = typed(world, remarks="先到的备注", scale="两人都改", address="先到的地点")
    second = typed(world, scale="我改的规模", investment_10k_cny="77")
    world.post("owner", draft(world), first)

    late = world.post("owner", draft(world), second)

    page = late.get_data(as_text=True)
    shown = inputs(page)
    assert late.status_code == 409
    assert page.count("<tr data-untouched>") == 2
    assert "先到的备注" in page
    assert "两人都改" in page
    assert world.post("owner", draft(world), shown).status_code == 302
    row = world.row(Project, world.own.projects["draft"])
    assert (row["remarks"], row["address"], row["scale"]) == ("先到的备注", "先到的地点", "我改的规模")
    assert float(row["investment_10k_cny"]) == 77


def test_it_holds_for_a_second_conflict_too(world: World) -> None:
    mine = typed(world, scale="我改的规模")
    world.post("owner", draft(world), typed(world, remarks="第一次"))
    shown = inputs(world.post("owner", draft(world), mine).get_data(as_text=True))
    world.post("owner", draft(world), typed(world, remarks="第二次", address="第二次的地点"))

    again = inputs(world.post("owner", draft(world), shown).get_data(as_text=True))

    assert (again["remarks"], again["address"], again["scale"]) == ("第二次", "第二次的地点", "我改的规模")


def test_a_form_that_does_not_say_what_it_was_drawn_from_loses_nothing_typed(world: World) -> None:
    first, second = typed(world, remarks="先到的备注"), typed(world, remarks="后到的备注", base="")
    world.post("owner", draft(world), first)

    assert inputs(world.post("owner", draft(world), second).get_data(as_text=True))["remarks"] == "后到的备注"


@pytest.mark.parametrize(
    "path", ["/returnreasons/edit/{reason}", "/contacts/edit/{contact}", "/dictionaries/edit/{code}"]
)
def test_it_holds_for_rows_that_administrators_keep(world: World, path: str) -> None:
    address = path.format(**world.kept)
    drawn = inputs(world.page("root", address))
    one, other = [name for name in ("label_zh", "label_en", "person", "phones", "qq") if name in drawn][:2]
    values = {
        one: "演示甲" if one != "phones" else "0510-86071119",
        other: "Demo" if other != "phones" else "0510-86071119",
    }

    assert world.post("root", address, {**drawn, one: values[one]}).status_code == 302
    late = world.post("root", address, {**drawn, other: values[other]})
    saved = world.post("root", address, inputs(late.get_data(as_text=True)))

    assert (late.status_code, saved.status_code) == (409, 302)
    now = inputs(world.page("root", address))
    assert {name: now[name] for name in (one, other)} == values


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "999", "99999999999999999999"])
def test_a_form_without_the_version_it_was_drawn_from_saves_nothing(world: World, version: str) -> None:
    before = world.business()

    answer = world.post("owner", draft(world), typed(world, remarks="不该保存", version=version))

    assert answer.status_code == 409
    assert world.business() == before


@pytest.mark.parametrize("version", ["", "abc", "0", None])
@pytest.mark.parametrize("step", ["approve", "return", "transfer"])
def test_a_decision_says_which_version_it_is_about(world: World, step: str, version: str | None) -> None:
    key = world.own.projects["ready"]
    shown = inputs(world.page("reviewer", f"/projects/{step}/{key}")) | GIVEN
    shown.pop("version") if version is None else shown.update(version=version)

    answer = world.post("reviewer", f"/projects/{step}/{key}", shown)

    assert answer.status_code in {409, 422}
    assert world.row(Project, key)["status"] == "submitted"


@pytest.mark.parametrize("step", ["approve", "return", "transfer"])
def test_a_decision_from_an_old_page_is_not_taken(world: World, step: str) -> None:
    key = world.own.projects["ready"]
    shown = inputs(world.page("reviewer", f"/projects/{step}/{key}")) | GIVEN
    world.post("reviewer", f"/projects/action/claim/{key}")
    world.put(Project, key, version=int(shown["version"]) + 1)

    answer = world.post("reviewer", f"/projects/{step}/{key}", shown)

    assert answer.status_code in {409, 422}
    assert world.row(Project, key)["status"] == "submitted"


def test_a_decision_names_the_snapshot_that_it_judged(world: World) -> None:
    key = world.own.projects["ready"]
    other = world.row(Project, world.own.projects["submitted"])["submission_id"]
    form = {**inputs(world.page("reviewer", f"/projects/approve/{key}")), "submission_id": str(other)}

    answer = world.post("reviewer", f"/projects/approve/{key}", form)

    assert answer.status_code == 422
    assert world.row(Project, key)["number"] is None


# After the draft ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_record_that_was_handed_in_is_closed_to_its_owner(world: World, state: str) -> None:
    key = world.own.projects[state]
    before = world.row(Project, key)
    form = {**typed(world), "version": before["version"], "name": "改名"}

    page = world.get("owner", f"/projects/edit/{key}")
    saved = world.post("owner", f"/projects/edit/{key}", form)

    assert page.status_code == 302
    assert saved.status_code in {409, 422}
    assert world.row(Project, key) == before


def test_an_unlock_opens_the_named_inputs_only(world: World) -> None:
    key = world.own.projects["returned"]
    world.put(Project, key, unlocked_fields=["address"])
    path = f"/projects/edit/{key}"

    refused = world.post("owner", path, typed(world, path, address="新址", name="新名"))
    taken = world.post("owner", path, typed(world, path, address="新址"))

    assert refused.status_code == 422
    assert "name" in errors(refused.get_data(as_text=True))
    assert taken.status_code == 302
    assert world.row(Project, key)["address"] == "新址"


def test_a_deleted_draft_is_gone_from_every_page(world: World) -> None:
    key, scan = world.own.projects["draft"], world.own.scan

    answer = world.post("owner", f"/projects/delete/{key}", follow_redirects=True)

    assert ("success", "已删除。") in [(level, text.removeprefix("× ")) for level, text in messages(answer.text)]
    for who, path in (
        ("owner", f"/projects/show/{key}"),
        ("owner", f"/projects/edit/{key}"),
        ("reviewer", f"/projects/show/{key}"),
        ("owner", f"/attachments/{scan}"),
    ):
        assert world.get(who, path).status_code == 404, path
    assert world.post("owner", f"/projects/edit/{key}", {"name": "又来"}).status_code == 404
    assert world.post("owner", f"/projects/delete/{key}").status_code == 404


# Personal data --------------------------------------------------------------------------------------------


def test_personal_values_are_masked_and_a_mask_that_comes_back_changes_nothing(world: World) -> None:
    path = f"/enterprises/edit/{world.own.enterprise}"
    world.put(Enterprise, world.own.enterprise, status="draft")
    form = typed(world, path, remarks="只改备注")
    assert (form["legal_representative_id_number"], form["contact_mobile"]) == ("320281********0010", "137****0000")

    assert world.post("owner", path, form).status_code == 302

    with world.session() as session:
        record = session.get_one(Enterprise, world.own.enterprise)
        assert (record.legal_representative_id_number, record.contact_mobile) == (ID_NUMBER, MOBILE)


def test_a_new_personal_value_is_taken_and_masked_again(world: World) -> None:
    world.post("owner", draft(world), typed(world, contact_mobile="13900001234"))

    shown = world.page("owner", f"/projects/show/{world.own.projects['draft']}")

    assert value(shown, "contact_mobile") == "139****1234"
    assert "13900001234" not in shown
    with world.session() as session:
        assert session.get_one(Project, world.own.projects["draft"]).contact_mobile == "13900001234"


def test_the_mask_of_another_number_is_no_number(world: World) -> None:
    before = world.business()
    answer = world.post("owner", draft(world), typed(world, contact_mobile="139****1234"))

    assert "contact_mobile" in errors(answer.get_data(as_text=True))
    assert world.business() == before
