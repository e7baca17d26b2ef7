"""Record forms: what is not on them changes nothing, what is wrong is said at its input, nothing typed is lost."""

import pytest

from models.enterprise import Enterprise
from models.project import Project
from tests.views.filled import draft, typed
from tests.views.pages import errors, inputs
from tests.views.world import World

NOT_ASKED = {
    "id": "999", "status": "approved", "number": "3202812611230199", "numbered_at": "2026-11-23",
    "organization_id": "2", "organization": "2", "bureau_id": "9", "bureau": "9", "submission_id": "1",
    "submission_count": "9", "created_by_id": "1", "created_by": "1", "submitted_at": "2026-01-01",
    "due_on": "2030-01-01", "decided_at": "2026-01-01", "unlocked_fields": '["name"]',
    "unlocked_until": "2030-01-01", "approval_key": "0" * 64, "duplicate_allowed": "y",
    "contact_mobile_index": "0" * 64, "created_at": "2020-01-01", "updated_at": "2020-01-01",
    "roles": "administrator", "is_staff": "1", "_flt_0_organization": "2",
}  # fmt: skip
LOCKED = {"org_code": "PDY00002-8", "uscc": "91320281PDY0000120", "unit_kind": "enterprise"}
TOUCHED = {"remarks", "version", "updated_at"}
CHOSEN = {"use_code", "category_code", "region_code", "approval_kind"}  # a browser sends what is offered only
SAME = "演示内容 100%（一期）"


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
    before = world.business()
    form = {"name": SAME, "investment_10k_cny": "-5", "scale": "三栋", "approved_on": "2026-13-01"}

    answer = world.post("owner", "/projects/add", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(errors(page)) == {"investment_10k_cny", "approved_on"}
    assert {name: inputs(page)[name] for name in form} == form
    assert world.business() == before


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
