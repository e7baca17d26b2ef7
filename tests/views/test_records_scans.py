"""Scans over HTTP: what is taken in, what is refused with nothing stored, how a file goes out again."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.storage.limits import MEGABYTE
from models.attachment import Attachment
from models.project import Project
from tests import builders, pdfs
from tests.views.pages import messages
from tests.views.scans import JSON, upload
from tests.views.world import World

REFUSED: dict[str, Callable[[], bytes]] = {
    "program": lambda: b"MZ\x90\x00" + bytes(2000),
    "page of HTML": lambda: b"<html><script>alert(1)</script></html>",
    "HTML before a PDF": lambda: b"<html></html>\n" + pdfs.scan_pdf(),
    "picture before a PDF": lambda: b"GIF89a" + pdfs.scan_pdf(),
    "archive": pdfs.zip_archive,
    "nothing": lambda: b"",
    "half a PDF": lambda: pdfs.scan_pdf()[:300],
    "script": pdfs.script_in_names_tree,
    "hidden script": pdfs.script_in_object_stream,
    "embedded file": pdfs.embedded_file,
    "form with a program": pdfs.xfa_form,
    "password": lambda: pdfs.encrypted("geheim"),
    "too many pages": lambda: pdfs.blank_pdf(201),
}


@pytest.fixture
def draft(world: World) -> int:
    return world.own.projects["draft"]


def scans(world: World, project_id: int) -> list[Attachment]:
    with world.session() as session:
        query = select(Attachment).where(Attachment.project_id == project_id, Attachment.superseded_at.is_(None))
        return list(session.scalars(query.order_by(Attachment.id)))


def stored(world: World) -> tuple[set[str], list[Path], int]:
    """Files in the store, unfinished ones, and rows."""
    storage = world.app.extensions["yht"].storage
    unfinished = list(storage.incoming.iterdir()) if storage.incoming.exists() else []
    with world.session() as session:
        return set(storage.hashes()), unfinished, session.scalar(select(func.count(Attachment.id))) or 0


# In -----------------------------------------------------------------------------------------------------


def test_a_scan_is_stored_and_described(world: World, draft: int) -> None:
    content = pdfs.scan_pdf("新的批文", 3)

    answer = upload(world, "owner", draft, content, "立项批文.PDF")

    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["original_name"], told["page_count"], told["size_bytes"]) == ("立项批文.PDF", 3, len(content))
    assert world.read("owner", f"/attachments/{told['id']}").data == content


def test_a_plain_form_is_answered_by_the_page(world: World, draft: int) -> None:
    taken = upload(world, "owner", draft, pdfs.scan_pdf("甲"), headers={})
    refused = upload(world, "owner", draft, b"MZ", headers={})

    assert (taken.status_code, refused.status_code) == (302, 302)
    assert taken.location == refused.location == f"/projects/edit/{draft}"
    assert len(scans(world, draft)) == 2


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_harmless_scan_is_refused_and_nothing_is_kept(world: World, draft: int, kind: str) -> None:
    before = stored(world)

    answer = upload(world, "owner", draft, REFUSED[kind](), "批文.pdf")

    assert answer.status_code == 422
    assert len(answer.get_json()["sentence"]) > 5
    assert stored(world) == before


def test_a_file_above_the_limit_is_refused_and_nothing_is_kept(world: World, draft: int) -> None:
    before = stored(world)
    content = pdfs.scan_pdf() + b"%" * (20 * MEGABYTE)

    answer = upload(world, "owner", draft, content)

    assert answer.status_code == 422
    assert "20" in answer.get_json()["sentence"]
    assert stored(world) == before


@pytest.mark.parametrize("length", ["23000000", "209715200", "99999999999999999999"])
def test_a_body_above_the_limit_is_not_even_read(world: World, draft: int, length: str) -> None:
    before = stored(world)

    with io.BytesIO(b"--x\r\n") as body:
        answer = world.browser("owner").post(
            f"/projects/{draft}/attachments/approval_document",
            input_stream=body, content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": length}, buffered=True,
        )  # fmt: skip

    assert answer.status_code == 413
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert stored(world) == before


def test_only_uploads_are_large(world: World, draft: int) -> None:
    answer = world.post("owner", f"/projects/edit/{draft}", {"remarks": "长" * 1_100_000})

    assert answer.status_code == 413


def test_without_a_file_there_is_nothing_to_store(world: World, draft: int) -> None:
    for form in ({}, {"file": "kein.pdf"}):
        answer = world.post("owner", f"/projects/{draft}/attachments/approval_document", form, headers=JSON)
        assert answer.status_code == 400
    assert upload(world, "owner", draft, pdfs.scan_pdf(), "").status_code == 400


@pytest.mark.parametrize("slot", ["business_license", "mandate", "nothing", "__class__", "%2e%2e"])
def test_a_slot_that_the_record_does_not_have_takes_nothing(world: World, draft: int, slot: str) -> None:
    before = stored(world)

    answer = upload(world, "owner", draft, pdfs.scan_pdf("甲"), slot=slot)

    assert answer.status_code in {404, 409}
    assert stored(world) == before


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_scans_of_a_closed_record_stay_as_they_are(world: World, state: str) -> None:
    key = world.own.projects[state]
    live = scans(world, key)

    added = upload(world, "owner", key, pdfs.scan_pdf("甲"))
    removed = world.post("owner", f"/attachments/{live[0].id}/remove")

    assert (added.status_code, removed.status_code) == (409, 302)
    assert [scan.id for scan in scans(world, key)] == [scan.id for scan in live]


def test_a_slot_holds_so_many_files(world: World, draft: int) -> None:
    with world.session() as session:
        record = session.get_one(Project, draft)
        for n in range(9):
            builders.attach(session, record, "approval_document", f"更多{n}")

    answer = upload(world, "owner", draft, pdfs.scan_pdf("第十一个"))

    assert answer.status_code == 422
    assert "10" in answer.get_json()["sentence"]


def test_a_replaced_scan_gives_way_and_stays_readable_as_history(world: World, draft: int) -> None:
    answer = upload(world, "owner", draft, pdfs.scan_pdf("新版"), replaces=str(world.own.scan))

    assert answer.status_code == 200
    former = world.row(Attachment, world.own.scan)
    assert former["superseded_by_id"] == answer.get_json()["id"]
    assert [scan.id for scan in scans(world, draft)] == [answer.get_json()["id"]]
    assert world.get("owner", f"/attachments/{world.own.scan}").status_code == 200


def test_a_removed_scan_is_off_the_record(world: World, draft: int) -> None:
    world.post("owner", f"/attachments/{world.own.scan}/remove")

    assert scans(world, draft) == []
    counts, _, before = world.page("owner", f"/projects/edit/{draft}").partition('class="former"')
    assert f"/attachments/{world.own.scan}" not in counts
    assert f"/attachments/{world.own.scan}" in before


def test_staff_do_not_touch_an_applicants_scans(world: World, draft: int) -> None:
    for who in ("clerk", "reviewer", "admin", "hats"):
        assert upload(world, who, draft, pdfs.scan_pdf("甲")).status_code == 403, who
        assert world.post(who, f"/attachments/{world.own.scan}/remove").status_code == 403, who


def test_the_page_says_what_came_of_an_upload(world: World, draft: int) -> None:
    browser = world.browser("owner")
    upload(world, "owner", draft, b"MZ", headers={})

    level, text = messages(browser.get(f"/projects/edit/{draft}").get_data(as_text=True))[0]

    assert level == "danger"
    assert "PDF" in text
