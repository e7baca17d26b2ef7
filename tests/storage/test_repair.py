"""PDFs with slips that every program mends alike are scans; those where a repair would show or hide something are not."""

import io
import re
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name

from app.domain.errors import Refused
from app.storage import FileStorage, ScanLimits, accept
from app.storage.inspection import inspect_scan
from tests import pdfs

HERE = ScanLimits(child=None)
PAGES = 3


def plain() -> bytes:
    return pdfs.scan_pdf(pages=PAGES)


def packed() -> bytes:
    return pdfs.changed(lambda pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def linear() -> bytes:
    return pdfs.changed(lambda pdf: None, linearize=True)


def lengths(content: bytes, by: int) -> bytes:
    return re.sub(rb"/Length (\d+)", lambda m: b"/Length %d" % (int(m[1]) + by), content)


def offsets(content: bytes, by: int) -> bytes:
    return re.sub(rb"(\d{10}) 00000 n", lambda m: b"%010d 00000 n" % (int(m[1]) + by), content)


def start(content: bytes, at: bytes | None) -> bytes:
    return re.sub(rb"startxref\s+\d+", b"" if at is None else b"startxref\n" + at, content)


def with_unused_object(content: bytes) -> bytes:
    """One more entry of the table, in use and at offset 0: what a Mac prints."""
    size = int(re.search(rb"xref\n0 (\d+)", content)[1])  # type: ignore[index]
    content = content.replace(b"xref\n0 %d" % size, b"xref\n0 %d" % (size + 1), 1)
    return content.replace(b"trailer", b"0000000000 00000 n \ntrailer").replace(
        b"/Size %d" % size, b"/Size %d" % (size + 1)
    )


def without_table(content: bytes) -> bytes:
    return re.sub(rb"\nxref\n0.*?trailer", b"\ntrailer", content, flags=re.DOTALL)


def updated(content: bytes, body: bytes, *, offset_by: int = 0) -> bytes:
    """An update appended: object 1 anew, with a table of its own."""
    previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    size = int(re.findall(rb"/Size (\d+)", content)[-1])
    place = len(content)
    content += b"1 0 obj\n%s\nendobj\n" % body
    table = b"xref\n1 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\n" % (
        place + offset_by,
        size,
        previous,
    )
    return content + table + b"startxref\n%d\n%%%%EOF\n" % len(content)


def hybrid() -> bytes:
    """A table for old readers, a stream of objects for new ones, and an offset that is a little off."""
    return lengths(packed(), 1)


CATALOG = re.search(rb"1 0 obj\n(.*?)\nendobj", plain(), re.DOTALL)[1]  # type: ignore[index]
JOB = b'\x1b%-12345X@PJL JOB NAME="demo"\r\n@PJL ENTER LANGUAGE=PDF\r\n'
SLIPS: dict[str, Callable[[], bytes]] = {
    "streams said to be longer": lambda: lengths(plain(), 2),
    "streams said to be shorter": lambda: lengths(plain(), -2),
    "streams of no said length": lambda: re.sub(rb"/Length \d+", b"", plain()),
    "an unused object at offset 0": lambda: with_unused_object(plain()),
    "offsets a few bytes too far": lambda: offsets(plain(), 3),
    "offsets a few bytes too near": lambda: offsets(plain(), -7),
    "objects without their end": lambda: plain().replace(b"endobj\n", b"", 3),
    "no table": lambda: without_table(plain()),
    "the table's place wrong": lambda: start(plain(), b"7"),
    "the table's place missing": lambda: start(plain(), None),
    "the table's place wrong, objects packed": lambda: start(packed(), b"9"),
    "the table's place wrong, linearised": lambda: start(linear(), b"9"),
    "hints of another file, linearised": lambda: re.sub(rb"/H \[ \d+", b"/H [ 77", linear()),
    "packed objects, lengths wrong": hybrid,
    "no end mark": lambda: plain().replace(b"%%EOF", b""),
    "lines that end in CR": lambda: pdfs.blank_pdf(2).replace(b"\n", b"\r"),
    "lines that end in CR LF": lambda: pdfs.blank_pdf(2).replace(b"\n", b"\r\n"),
    "a byte order mark before": lambda: b"\xef\xbb\xbf" + plain(),
    "words before": lambda: b"Scanned by demo\n" + plain(),
    "words before, offsets from the file's first byte": lambda: b"Scanned\n" + offsets(start(plain(), b"9"), 8),
    "a printer's job around": lambda: JOB + plain() + b"\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X",
    "lines of a transfer around": lambda: b"--demo\r\nContent-Type: application/pdf\r\n\r\n" + plain() + b"\r\n--demo--\r\n",
    "words behind": lambda: plain() + b"\njunk\n",
    "updated": lambda: updated(plain(), CATALOG),
    "updated, offset wrong": lambda: updated(plain(), CATALOG, offset_by=4),
}  # fmt: skip


@pytest.mark.parametrize("make", SLIPS.values(), ids=SLIPS)
def test_what_everybody_mends_alike_is_taken_byte_for_byte(storage: FileStorage, make) -> None:
    content = make()

    stored = accept(storage, io.BytesIO(content), "批复.pdf", HERE)

    with storage.open(stored.sha256) as kept:
        assert kept.read() == content


def test_a_slip_is_mended_in_the_child_too(storage: FileStorage) -> None:
    stored = accept(storage, io.BytesIO(lengths(plain(), 2)), "批复.pdf", ScanLimits())

    assert stored.page_count == PAGES


def refusal(storage: FileStorage, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        accept(storage, io.BytesIO(content), "批复.pdf", HERE)
    return str(refused.value.code).removeprefix("scan_")


SLIP_OF: dict[str, Callable[[bytes], bytes]] = {
    "lengths": lambda content: lengths(content, 2),
    "offsets": lambda content: offsets(content, 3),
    "start": lambda content: start(content, b"9"),
    "table": without_table,
    "unused": with_unused_object,
}
ACTIVE: dict[str, tuple[Callable[[], bytes], str]] = {
    "script": (pdfs.script_in_names_tree, "javascript"),
    "launch": (lambda: pdfs.on_opening(Dictionary(S=Name.Launch, F="x")), "launch"),
    "attachment": (pdfs.embedded_file, "embedded_file"),
    "form": (pdfs.xfa_form, "xfa"),
    "action of a page": (pdfs.page_action, "automatic_action"),
}


@pytest.mark.parametrize("slip", SLIP_OF.values(), ids=SLIP_OF)
@pytest.mark.parametrize(("make", "reason"), ACTIVE.values(), ids=ACTIVE)
def test_what_acts_is_found_behind_a_slip(storage: FileStorage, make, reason, slip) -> None:
    with pikepdf.open(io.BytesIO(make())) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)

    assert refusal(storage, slip(out.getvalue())) == reason


def orphan(body: bytes) -> bytes:
    """A file whose table leaves out the last object and whose start is wrong: only a rebuild finds it."""
    content = pdfs.blank_pdf(2)
    place = content.index(b"xref\n0")
    return content[:place] + b"9 0 obj\n%s\nendobj\n" % body + start(content[place:], b"3")


HIDING: dict[str, tuple[Callable[[], bytes], str]] = {
    "script that only a rebuild finds": (lambda: orphan(b"<</S/JavaScript/JS(demo)>>"), "javascript"),
    "script that an update replaced": (
        lambda: start(updated(updated(plain(), b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(x)>>>>"), CATALOG), b"3"),
        "javascript",
    ),
    "page that no tree shows": (lambda: orphan(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"), "damaged"),
    "second catalog": (lambda: orphan(b"<</Type/Catalog/Pages 2 0 R>>"), "damaged"),
    "object written twice": (lambda: start(plain().replace(b"2 0 obj", b"1 0 obj\n%s\nendobj\n2 0 obj" % CATALOG, 1), b"3"), "damaged"),
    "content that is not there": (
        lambda: start(pdfs.blank_pdf(2).replace(b"/Resources<<>>", b"/Contents 8 0 R"), b"3"),
        "damaged",
    ),
    "one document behind another": (lambda: plain() + pdfs.blank_pdf(2), "joined"),
    "packed and plain documents joined": (lambda: packed() + plain(), "joined"),
    "neither table nor trailer": (lambda: plain()[: plain().rindex(b"xref\n0")] + b"%%EOF\n", "damaged"),
    "program text before": (lambda: b"#!/bin/sh\nrm x\n" + plain(), "not_pdf"),
    "more before than readers look through": (lambda: b"a" * 2000 + plain(), "not_pdf"),
    "program text behind": (lambda: plain() + b"\nalert(1)\n", "trailing"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "reason"), HIDING.values(), ids=HIDING)
def test_what_a_repair_would_hide_or_lose_stays_refused(storage: FileStorage, make, reason) -> None:
    assert refusal(storage, make()) == reason


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, len(plain()) - 1), ends=st.booleans())
def test_what_was_cut_off_is_refused_wherever_it_was_cut(cut: int, ends: bool) -> None:
    content = plain()[:cut] + (b"\n%%EOF\n" if ends else b"")

    seen = inspect_scan(content, 200, 10**8)

    assert "reason" in seen or cut > plain().rindex(b"/Root")


@settings(max_examples=40, deadline=None)
@given(
    length=st.integers(0, 9),
    offset=st.integers(-9, 9),
    place=st.integers(0, 10**6),
    kind=st.sampled_from([plain, linear, packed]),
)
def test_small_slips_together_cost_no_page(length: int, offset: int, place: int, kind) -> None:
    content = start(offsets(lengths(kind(), length), offset), str(place).encode())

    assert inspect_scan(content, 200, 10**8) == {"page_count": inspect_scan(kind(), 200, 10**8)["page_count"]}
