"""Record forms: what is not on them changes nothing, what is wrong is said at its input, nothing typed is lost."""

from typing import Any

import pytest

from models.enterprise import Enterprise
from models.project import Project
from tests import builders
from tests.builders import AGENT_MOBILE, ID_NUMBER, MOBILE
from tests.views.pages import errors, inputs, messages, value
from tests.views.world import World

NOT_ASKED = {
    "id": "999", "status": "approved", "number": "3202812611230199", "numbered_at": "2026-11-23", "organization_id": "2",
    "organization": "2", "bureau_id": "9", "bureau": "9", "submission_id": "1", "submission_count": "9",
    "created_by_id": "1", "created_by": "1", "submitted_at": "2026-01-01", "due_on": "2030-01-01",
    "decided_at": "2026-01-01", "unlocked_fields": '["name"]', "unlocked_until": "2030-01-01", "approval_key": "0" * 64,
    "duplicate_allowed": "y", "contact_mobile_index": "0" * 64, "created_at": "2020-01-01", "updated_at": "2020-01-01",
    "roles": "administrator", "is_staff": "1", "_flt_0_organization": "2",
}  # fmt: skip
LOCKED = {"org_code": "PDY00002-8", "uscc": "91320281PDY0000120", "unit_kind": "enterprise"}
TOUCHED = {"remarks", "version", "updated_at"}
GIVEN = {"items-0-target": "address", "items-0-reason_code": "not_filled", "items-0-instruction": "请写明",
         "bureau_id": "1", "reason": "演示原因", "comment": "演示意见"}  # fmt: skip
CHOSEN = {"use_code", "category_code", "region_code", "approval_kind"}  # a browser sends what is offered only
SAME = "演示内容 100%（一期）"


def draft(world: World) -> str:
    return f"/projects/edit/{world.own.projects['draft']}"


def typed(world: World, path: str = "", **different: Any) -> dict[str, Any]:
    """The form as its page fills it, and what a person changes."""
    return {**inputs(world.page("owner", path or draft(world))), **different}


# What is not on the form --------------------------------------------------------------------------------


def test_an_edit_changes_what_is_on_its_form_only(world: World) -> None:
    key = world.own.projects["draft"]
    before = world.row(Project, key)

    answer = world.post("owner", draft(world), {**NOT_ASKED, **typed(world, remarks="只改备注")})

    after = world.row(Project, key)
    assert answer.status_code == 302
    assert {name for name in after if after[name] != before[name]} <= TOUCHED
    assert (after["remarks"], after["version"]) == ("只改备注", before["version"] + 1)


def test_a_new_project_is_ones_own_draft_whatever_the_form_says(world: World) -> None:
    answer = world.post("owner", "/projects/add", {**NOT_ASKED, "name": "演示新项目"})

    after = world.row(Project, int(answer.location.rsplit("/", 1)[1]))
    assert after["organization_id"] == world.own.organization
    assert after["created_by_id"] == world.people["owner"].user_id
    assert (after["status"], after["number"], after["submission_count"]) == ("draft", None, 0)
    assert (after["submission_id"], after["duplicate_allowed"], after["version"]) == (None, 0, 1)
    assert after["id"] != 999


def test_an_enterprise_record_takes_its_name_and_codes_from_the_organization_alone(world: World) -> None:
    path = f"/enterprises/edit/{world.own.enterprise}"
    world.put(Enterprise, world.own.enterprise, status="draft")
    before = world.row(Enterprise, world.own.enterprise)
    form = typed(world, path, remarks="只改备注")

    answer = world.post("owner", path, {**NOT_ASKED, **LOCKED, **form, "name": "冒名单位"})

    after = world.row(Enterprise, world.own.enterprise)
    assert answer.status_code == 302
    assert {name for name in after if after[name] != before[name]} <= TOUCHED


def test_handing_in_and_deciding_take_nothing_else_from_the_form(world: World) -> None:
    key = world.own.projects["draft"]
    before = world.row(Project, key)
    forged = {**NOT_ASKED, "name": "改了名", "investment_10k_cny": "1", "truthfulness_declared": "y"}

    world.post("owner", f"/projects/action/submit/{key}", forged)

    after = world.row(Project, key)
    assert (after["status"], after["number"]) == ("submitted", None)
    for name in ("name", "investment_10k_cny", "organization_id", "bureau_id", "duplicate_allowed", "approval_key"):
        assert after[name] == before[name], name


def test_a_draft_is_not_approved_by_a_post_made_by_hand(world: World) -> None:
    key = world.own.projects["draft"]
    before = world.row(Project, key)

    for who, path in (
        ("reviewer", "approve"),
        ("hats", "approve"),
        ("owner", "approve"),
        ("reviewer", "action/approve"),
    ):
        answer = world.post(who, f"/projects/{path}/{key}", {"version": before["version"], "comment": "同意"})
        assert answer.status_code in {302, 403, 422}

    assert world.row(Project, key) == before


# What is wrong ------------------------------------------------------------------------------------------

WRONG = [
    ("planned_finish_on", "2027-02-28", "早于"),
    ("planned_finish_on", "2016-02-30", ""),
    ("planned_start_on", "0001-01-00", ""),
    ("approved_on", "2026-11-24", ""),
    ("name", "", ""),
    ("name", "长" * 201, "200"),
    ("investment_10k_cny", "0", ""),
    ("investment_10k_cny", "-1", ""),
    ("investment_10k_cny", "1e400", ""),
    ("investment_10k_cny", "9" * 400, ""),
    ("investment_10k_cny", "NaN", ""),
    ("investment_10k_cny", "一百万", ""),
    ("state_funding_percent", "100.01", ""),
    ("longitude", "181", ""),
    ("use_code", "nope", ""),
    ("category_code", "98", ""),
    ("region_code", "320202", ""),
    ("approval_kind", "guess", ""),
    ("contact_mobile", "1380000", ""),
    ("email", "nobody", ""),
    ("investment_project_code", "2020", "24"),
    ("remarks", "长" * 1001, "1000"),
    ("address", "甲\x00乙", ""),
]


@pytest.mark.parametrize(("field", "entry", "words"), WRONG, ids=[f"{f}={e[:12]!r}" for f, e, _ in WRONG])
def test_what_is_wrong_is_said_at_its_input_and_everything_typed_stays(
    world: World, field: str, entry: str, words: str
) -> None:
    before = world.row(Project, world.own.projects["draft"])
    form = typed(world, scale=SAME, remarks="还没写完") | {field: entry}

    answer = world.post("owner", draft(world), form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in errors(page)[field]
    assert len(errors(page)[field]) > 4
    shown = inputs(page)
    kept = {name: text for name, text in form.items() if name not in CHOSEN}
    assert {name: shown.get(name, "") for name in kept} == kept
    assert world.row(Project, world.own.projects["draft"]) == before


def test_a_new_project_with_a_mistake_keeps_what_was_typed_too(world: World) -> None:
    form = {"name": SAME, "investment_10k_cny": "-5", "scale": "三栋", "approved_on": "2026-13-01"}

    answer = world.post("owner", "/projects/add", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(errors(page)) == {"investment_10k_cny", "approved_on"}
    assert {name: inputs(page)[name] for name in form} == form
    assert not world.written()


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("legal_representative_id_number", "320281190001010011"),
        ("legal_representative_id_number", "123"),
        ("contact_mobile", "123"),
        ("established_on", "2026-11-24"),
        ("postal_code", "21440"),
        ("region_code", "32028"),
    ],
)
def test_an_enterprise_record_is_judged_alike(world: World, field: str, entry: str) -> None:
    path = f"/enterprises/edit/{world.own.enterprise}"
    world.put(Enterprise, world.own.enterprise, status="draft")
    before = world.row(Enterprise, world.own.enterprise)

    answer = world.post("owner", path, typed(world, path, remarks=SAME) | {field: entry})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert field in errors(page)
    assert inputs(page)["remarks"] == SAME
    assert world.row(Enterprise, world.own.enterprise) == before


def test_a_submit_that_lacks_something_names_each_place_and_keeps_the_rest(world: World) -> None:
    form = typed(world, address="", remarks="保存的备注", submit_too="1", truthfulness_declared="y")

    answer = world.post("owner", draft(world), form)

    page = answer.get_data(as_text=True)
    after = world.row(Project, world.own.projects["draft"])
    assert "address" in errors(page)
    assert (after["status"], after["remarks"], after["address"]) == ("draft", "保存的备注", None)


def test_without_the_declaration_nothing_is_handed_in(world: World) -> None:
    key = world.own.projects["draft"]

    by_form = world.post("owner", draft(world), typed(world, submit_too="1"))
    for form in ({}, {"truthfulness_declared": ""}):
        world.post("owner", f"/projects/action/submit/{key}", form)
        world.post("owner", "/projects/action_post", {"action": "submit", "rowid": [key], **form})

    assert "真实性" in by_form.get_data(as_text=True)
    assert world.row(Project, key)["status"] == "draft"


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
    assert (form["legal_representative_id_number"], form["contact_mobile"]) == ("320281********0010", "138****0000")

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
    answer = world.post("owner", draft(world), typed(world, contact_mobile="139****1234"))

    assert "contact_mobile" in errors(answer.get_data(as_text=True))
    assert builders.AGENT_MOBILE == AGENT_MOBILE
    assert not world.written()
