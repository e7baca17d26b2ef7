"""Scans over HTTP: what is taken in, what is refused with nothing stored, how a file goes out again."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

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
LONG_NAME = "附件" * 100 + ".pdf"


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
    assert f"/attachments/{world.own.scan}" not in world.page("owner", f"/projects/edit/{draft}")


def test_staff_do_not_touch_an_applicants_scans(world: World, draft: int) -> None:
    for who in ("clerk", "reviewer", "admin", "hats"):
        assert upload(world, who, draft, pdfs.scan_pdf("甲")).status_code == 403, who
        assert world.post(who, f"/attachments/{world.own.scan}/remove").status_code == 403, who


# Names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("立项批文（一期）.pdf", "立项批文（一期）.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", None),
        ("/etc/x.pdf", "x.pdf"),
        ('a";filename="b.exe.pdf', None),
        ("甲%0D%0ASet-Cookie: a=b.pdf", None),
        ("%0d%0aX: y.pdf", None),
        ("CON.pdf", None),
        (LONG_NAME, None),
        ("\u202efdp.exe.pdf", None),
    ],
    ids=["chinese", "up", "backslash", "absolute", "quotes", "newline", "newlines", "device", "long", "rtl"],
)
def test_a_name_comes_back_as_one_valid_header(world: World, draft: int, name: str, shown: str | None) -> None:
    told = upload(world, "owner", draft, pdfs.scan_pdf(name), name)

    assert told.status_code == 200, told.get_data(as_text=True)
    kept = told.get_json()["original_name"]
    answer = world.get("owner", f"/attachments/{told.get_json()['id']}?download=1")
    header = answer.headers["Content-Disposition"]
    match = re.fullmatch(r"attachment; filename=\"[\w.]+\"; filename\*=UTF-8''([\w.%~!#$&+^`|-]+)", header)
    assert match, header
    assert unquote(match[1]) == kept
    assert not set(kept) & set('/\\\r\n"\u202e')
    assert "Set-Cookie: a=b" not in str(answer.headers)
    if shown:
        assert kept == shown


# Out ------------------------------------------------------------------------------------------------------


def test_a_scan_goes_out_in_a_sandbox_under_its_own_name(world: World) -> None:
    inline = world.get("owner", f"/attachments/{world.own.scan}")
    download = world.get("reviewer", f"/attachments/{world.own.scan}?download=1")

    for answer, way in ((inline, "inline"), (download, "attachment")):
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert "no-store" in answer.headers["Cache-Control"]
        name = answer.headers["Content-Disposition"]
        assert name.startswith(f"{way}; ")
        assert unquote(name.rpartition("''")[2]) == "立项批文（演示）.pdf"


@pytest.mark.parametrize(
    ("asked", "code", "piece"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-4", 206, slice(-4, None)),
        ("bytes=999999999-", 416, None),
        ("bytes=9-2", 416, None),
        ("lines=1-2", 416, None),
    ],
)
def test_a_piece_of_a_scan_is_answered_by_that_piece(world: World, asked: str, code: int, piece: slice | None) -> None:
    whole = world.read("owner", f"/attachments/{world.own.scan}").data

    answer = world.read("owner", f"/attachments/{world.own.scan}", headers={"Range": asked})

    assert answer.status_code == code
    if piece is not None:
        assert answer.data == whole[piece]
    if code == 206:
        assert answer.headers["Content-Range"].startswith("bytes ")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_pages_are_shown_as_pictures(world: World) -> None:
    answer = world.read("reviewer", f"/attachments/{world.own.scan}/pages/2")

    assert answer.status_code == 200
    assert answer.data.startswith(b"\x89PNG")
    for page in ("0", "3", "-1", "abc", "9" * 20, "1.0"):
        assert world.get("reviewer", f"/attachments/{world.own.scan}/pages/{page}").status_code == 404, page


@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_damaged_file_is_never_served(world: World, draft: int, damage: str) -> None:
    told = upload(world, "owner", draft, pdfs.scan_pdf(f"坏{damage}")).get_json()
    file = Path(world.app.extensions["yht"].storage.path(world.row(Attachment, told["id"])["sha256"]))
    content = file.read_bytes()
    file.chmod(0o600)
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(content[:-9] if damage == "cut" else content[:50] + b"X" + content[51:])

    for path in (
        f"/attachments/{told['id']}",
        f"/attachments/{told['id']}?download=1",
        f"/attachments/{told['id']}/pages/1",
    ):
        answer = world.read("owner", path)
        assert answer.status_code in {404, 409}, path
        assert b"%PDF" not in answer.data
    assert world.get("owner", f"/projects/show/{draft}").status_code == 200


def test_the_page_says_what_came_of_an_upload(world: World, draft: int) -> None:
    browser = world.browser("owner")
    upload(world, "owner", draft, b"MZ", headers={})

    level, text = messages(browser.get(f"/projects/edit/{draft}").get_data(as_text=True))[0]

    assert level == "danger"
    assert "PDF" in text
