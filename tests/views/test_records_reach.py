"""Another organization's key in every place of an address or a form that takes one: nothing shown, nothing done."""

from typing import Any

import pytest
from sqlalchemy import select

from app.services import originals
from models.attachment import Attachment
from models.bureau import Bureau
from models.inbox_message import InboxMessage
from models.project import Project
from models.review import ReturnItem
from tests import builders, pdfs
from tests.views.pages import errors, inputs
from tests.views.scans import upload
from tests.views.staging import SECRET_WORD
from tests.views.world import World


def item_of(world: World, project_id: int) -> tuple[int, str | None]:
    """The return item of a project and its answer."""
    with world.session() as session:
        query = select(ReturnItem).join(ReturnItem.review).where(ReturnItem.review.has(project_id=project_id))
        item = session.scalars(query).one()
        return item.id, item.answer


def findings(world: World, project_id: int) -> dict[str, Any]:
    with world.session() as session:
        scans = originals.scans_to_check(session, session.get_one(Project, project_id))
        return {f"originals-{scan.id}": "match" for scan in scans}


# Scans ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["foreign", "another record's"])
def test_a_scan_replaces_one_of_its_own_record_only(world: World, whose: str) -> None:
    with world.session() as session:
        owner = Project.organization_id == world.own.organization
        another = builders.attach(session, session.get_one(Project, world.own.projects["returned"]), "other").id
        assert session.scalars(select(Project.id).where(owner)).all()
    replaced = world.foreign.scan if whose == "foreign" else another

    answer = upload(world, "owner", world.own.projects["draft"], pdfs.scan_pdf("新"), replaces=str(replaced))

    assert answer.status_code == 409
    assert world.row(Attachment, replaced)["superseded_at"] is None


@pytest.mark.parametrize(
    "path", ["/attachments/{scan}", "/attachments/{scan}?download=1", "/attachments/{scan}/pages/1"]
)
def test_a_foreign_scan_is_not_found_and_looks_like_one_that_is_not_there(world: World, path: str) -> None:
    foreign = world.get("owner", path.format(scan=world.foreign.scan))
    missing = world.get("owner", path.format(scan=99_999))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert len(foreign.data) == len(missing.data)


def test_nothing_is_uploaded_to_a_foreign_record(world: World) -> None:
    before = world.business()

    answer = upload(world, "owner", world.foreign.projects["draft"], pdfs.scan_pdf("甲"))

    assert answer.status_code == 404
    assert world.business() == before


# Answers and letters --------------------------------------------------------------------------------------


def test_an_answer_reaches_own_return_items_only(world: World) -> None:
    key = world.own.projects["returned"]
    path = f"/projects/edit/{key}"
    foreign, before = item_of(world, world.foreign.projects["returned"])
    form = {**inputs(world.page("owner", path)), "items-0-id": str(foreign), "items-0-answer": "代答"}

    world.post("owner", path, form)

    assert item_of(world, world.foreign.projects["returned"]) == (foreign, before)
    assert item_of(world, key)[1] is None


def test_an_answer_to_no_item_at_all_does_no_harm(world: World) -> None:
    path = f"/projects/edit/{world.own.projects['returned']}"
    shown = inputs(world.page("owner", path))

    for forged in ("abc", "", "-1", "9" * 25, "٣", "²"):
        form = {
            **shown,
            "items-0-id": forged,
            "items-x-answer": "a",
            "items-²-answer": "d",
            "items--answer": "e",
            "items-0-answer": "b",
            "items-9-answer": "c",
        }
        answer = world.post("owner", path, form)
        assert answer.status_code in {302, 409}, forged


@pytest.mark.parametrize("whose", ["foreign", "missing", "text"])
def test_a_letter_of_another_organization_opens_nothing_at_the_counter(world: World, whose: str) -> None:
    letter = {"foreign": str(world.foreign.mandate), "missing": "99999", "text": "abc"}[whose]
    submitted, approved = world.own.projects["submitted"], world.own.projects["approved"]
    before = world.business()

    checked = world.post(
        "clerk", f"/counter/{submitted}/originals", {**findings(world, submitted), "mandate_id": letter}
    )
    handed = world.post("clerk", f"/counter/{approved}/hand_over", {"received_by": "演示经办人", "mandate_id": letter})

    assert {checked.status_code, handed.status_code} <= {200, 404, 409, 422}
    assert world.business() == before


def test_a_tick_for_a_foreign_scan_is_no_tick(world: World) -> None:
    key = world.own.projects["submitted"]
    foreign = findings(world, world.foreign.projects["submitted"])
    before = world.business()

    answer = world.post("clerk", f"/counter/{key}/originals", {**foreign, "mandate_id": str(world.own.mandate)})

    assert answer.status_code in {200, 409, 422}
    assert world.business() == before


# Other keys -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bureau", ["", "abc", "0", "-1", "99999", "9" * 20, "own"])
def test_a_record_goes_to_a_bureau_that_there_is(world: World, bureau: str) -> None:
    key = world.own.projects["submitted"]
    here = world.row(Project, key)
    chosen = str(here["bureau_id"]) if bureau == "own" else bureau

    answer = world.post(
        "reviewer", f"/projects/transfer/{key}", {"bureau_id": chosen, "reason": "演示", "version": here["version"]}
    )

    assert answer.status_code == 422
    assert world.row(Project, key) == here


def test_a_record_that_was_transferred_has_left_its_former_bureau(world: World) -> None:
    key = world.own.projects["submitted"]
    with world.session() as session:
        target = session.scalars(select(Bureau.id).where(Bureau.code == "320200")).one()
    version = world.row(Project, key)["version"]

    answer = world.post(
        "reviewer", f"/projects/transfer/{key}", {"bureau_id": target, "reason": "属地有误", "version": version}
    )

    assert answer.status_code == 302
    for who, code in (("reviewer", 404), ("clerk", 404), ("elsewhere", 404), ("root", 200), ("owner", 200)):
        assert world.get(who, f"/projects/show/{key}").status_code == code, who


@pytest.mark.parametrize("key", ["foreign", "99999", "abc", "9" * 20, "0"])
def test_a_message_of_another_organization_is_neither_read_nor_a_place_in_the_list(world: World, key: str) -> None:
    chosen = str(world.foreign.messages[0]) if key == "foreign" else key

    marked = world.post("owner", "/inbox/read", {"message": [world.own.messages[0], chosen]})
    listed = world.get("owner", f"/inbox/?before={chosen}")

    assert (marked.status_code, listed.status_code) == (404, 404)
    assert world.row(InboxMessage, world.own.messages[0])["read_at"] is None
    assert world.row(InboxMessage, world.foreign.messages[0])["read_at"] is None


def test_a_return_names_inputs_and_scans_of_its_record_only(world: World) -> None:
    key = world.own.projects["submitted"]
    before = world.row(Project, key)
    form = {"items-0-reason_code": "not_filled", "items-0-instruction": "请写明", "version": before["version"]}

    for target in ("password", "organization_id", "number", "legal_representative_id_number", "", "__class__"):
        answer = world.post("reviewer", f"/projects/return/{key}", {**form, "items-0-target": target})
        assert answer.status_code == 422, target
        assert "items-0-target" in errors(answer.get_data(as_text=True)), target

    assert world.row(Project, key) == before


@pytest.mark.parametrize(
    "path",
    [
        "/projects/list/", "/projects/list/?q=乙方", "/projects/list/?status=draft",
        "/projects/list/?psize_ProjectView=100", "/projects/list/?_flt_0_organization=2",
        "/projects/list/?_flt_0_organization_id=2", "/reviews/list/", "/reviews/list/?_flt_0_project=1",
        "/enterprises/list/?q=演示建设单位2", "/inbox/", "/", "/projects/add", "/enterprises/add", "/help/",
    ],
)  # fmt: skip
def test_no_page_of_an_applicant_says_anything_of_another(world: World, path: str) -> None:
    page = world.browser("owner").get(path, follow_redirects=True).get_data(as_text=True)

    for word in (SECRET_WORD, "演示建设单位2</", builders.org_code(2)):
        assert word not in page, word


def test_totals_are_of_own_rows(world: World) -> None:
    for who, count in (("owner", 5), ("stranger", 5), ("reviewer", 10), ("elsewhere", 0), ("matter", 2)):
        page = world.page(who, "/projects/list/")
        assert page.count("<tr data-id=") == count, who
