"""How a scan goes out again: under its own name, in a sandbox, piece by piece, and never when it is damaged."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from models.attachment import Attachment
from tests import pdfs
from tests.views.scans import upload
from tests.views.world import World

LONG_NAME = "附件" * 100 + ".pdf"


@pytest.fixture
def draft(world: World) -> int:
    return world.own.projects["draft"]


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


# What was there before ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["edit", "show"])
def test_scans_that_were_replaced_or_removed_stand_below_the_one_that_counts(world, draft, page):
    first = upload(world, "owner", draft, pdfs.scan_pdf("甲"), "甲.pdf").get_json()
    second = upload(world, "owner", draft, pdfs.scan_pdf("乙"), "乙.pdf", replaces=first["id"]).get_json()
    world.post("owner", f"/attachments/{second['id']}/remove")

    shown = world.page("owner", f"/projects/{page}/{draft}")

    before = shown.partition('class="former"')[2].partition("</details>")[0]
    assert re.findall(r'href="/attachments/(\d+)"', before)[:2] == [str(second["id"]), str(first["id"])]
    assert re.findall("被替换|移除", before)[:2] == ["移除", "被替换"]
    assert world.get("owner", f"/attachments/{first['id']}").status_code == 200


def test_a_slot_without_a_past_says_nothing_of_it(world):
    assert 'class="former"' not in world.page("owner", f"/projects/show/{world.own.projects['approved']}")
