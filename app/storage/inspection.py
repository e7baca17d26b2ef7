"""Open a PDF with qpdf and say whether it is a plain scan; runs only inside the limited child.

What is refused follows SECURITY rows 15 and 16: ISO 32000-1 §12.6 (actions), §7.11.4 (embedded files),
§12.7.8 (XFA), §13 (multimedia), and files that are something else as well.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2

from app.storage import repair, surroundings
from app.storage.active_content import active_content

HEADER = re.compile(rb"%PDF-[12]\.\d")
ENDS = (b"%%EOF", b"startxref", b"endobj", b"trailer")
END = re.compile(rb"%%EOF|startxref\s*\d*|endobj|trailer.*", re.DOTALL)
OFFSET_ZERO = re.compile(rb"0{10} \d{5} n")
MAX_OBJECTS = 100_000
DAMAGED = {"reason": "damaged"}
BEYOND_LIMITS = re.compile(r"limit exceeded|bad_alloc")


@dataclass(frozen=True)
class Most:
    """How much of it is looked at."""

    pages: int
    stream_bytes: int


def inspect_scan(data: bytes, max_pages: int, max_stream_bytes: int) -> dict[str, Any]:
    """`{"page_count": n}` or `{"reason": ...}` (the reasons of refusals.py)."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=max_stream_bytes,
        png_max_memory=max_stream_bytes,
        run_length_max_memory=max_stream_bytes,
        tiff_max_memory=max_stream_bytes,
    )
    try:
        return _foreign(data) or _inspect(data, Most(max_pages, max_stream_bytes))
    except pikepdf.PasswordError:
        return {"reason": "encrypted"}
    except MemoryError:
        return {"reason": "too_complex"}
    except pikepdf.PdfError as error:
        return {"reason": "encrypted" if "encrypt" in str(error).lower() else "damaged"}
    except (ValueError, TypeError, LookupError, RuntimeError):
        return DAMAGED  # how pikepdf meets values of a kind that the standard does not allow there


def _foreign(data: bytes) -> dict[str, Any] | None:
    """A file that other programs read as something else (polyglot)."""
    header = HEADER.search(data, 0, surroundings.MOST + 16)
    if header is None or not surroundings.is_harmless(data[: header.start()]):
        return {"reason": "not_pdf"}
    if _is_archive(data):
        return {"reason": "archive"}
    end = max(data.rfind(mark) for mark in ENDS)
    if end < 0:
        return {"reason": "damaged"}
    behind = END.sub(b"", data[end:], count=1)
    if surroundings.is_harmless(behind):
        return None
    return DAMAGED if repair.OBJECT.search(behind) else {"reason": "trailing"}


def _is_archive(data: bytes) -> bool:
    """Whether a ZIP directory stands at the end; its comment may well hold `%%EOF`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _inspect(data: bytes, most: Most) -> dict[str, Any]:
    """First as it stands; what has slips, as everybody else would repair it as well."""
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            verdict = _verdict(pdf, most, repair.is_harmless)
            if verdict != DAMAGED:
                return verdict
            is_table_whole = not OFFSET_ZERO.search(data)
    except (pikepdf.PdfError, ValueError, TypeError, LookupError, RuntimeError) as error:
        if isinstance(error, pikepdf.PasswordError) or "encrypt" in str(error).lower():
            raise
        is_table_whole = False
    return _repaired(data, most, is_table_whole=is_table_whole)


def _repaired(data: bytes, most: Most, *, is_table_whole: bool) -> dict[str, Any]:
    if repair.is_joined(data):
        return {"reason": "joined"}
    if not repair.is_whole(data):
        return DAMAGED
    with pikepdf.open(io.BytesIO(data)) as pdf:
        verdict = _verdict(pdf, most, repair.is_mended)
        if not 1 <= verdict.get("page_count", 0) <= most.pages:
            return verdict
        if repair.hides_something(pdf, data, is_table_whole=is_table_whole):
            return DAMAGED
    for place, view in enumerate(repair.views(data)):
        with pikepdf.open(io.BytesIO(view)) as pdf:
            seen = _verdict(pdf, most, repair.is_mended)
        if "reason" in seen:
            return seen
        if place == 0 and not repair.is_same_document(data, view):
            return DAMAGED
    with pypdfium2.PdfDocument(data) as drawn:  # who draws it for the reviewer must see the same
        return verdict if len(drawn) == verdict["page_count"] else DAMAGED


def _verdict(pdf: pikepdf.Pdf, most: Most, is_mended: Callable[[str], bool]) -> dict[str, Any]:
    if pdf.is_encrypted:
        return {"reason": "restricted"}  # it opens without a password, and may not be printed or copied
    pages = len(pdf.pages)
    if not 1 <= pages <= most.pages:
        return {"page_count": pages}  # the parent has the sentence; no need to look further
    if len(pdf.objects) > MAX_OBJECTS:
        return {"reason": "too_complex"}
    streams = [found for found in pdf.objects if isinstance(found, pikepdf.Stream)]
    reason = (
        _unreadable(pdf.get_warnings(), is_mended)
        or ("too_complex" if any(_unfolds_beyond(s, most.stream_bytes) for s in streams) else None)
        or active_content(pdf)
    )
    return {"reason": reason} if reason else {"page_count": pages}


def _unreadable(warnings: list[str], is_mended: Callable[[str], bool]) -> str | None:
    """qpdf shows an object that it cannot read as null; a program that repairs the file may still run it."""
    doubts = [warning for warning in warnings if not is_mended(warning)]
    if any(BEYOND_LIMITS.search(doubt) for doubt in doubts):
        return "too_complex"
    return "damaged" if doubts else None


def _unfolds_beyond(stream: pikepdf.Stream, most: int) -> bool:
    try:
        stream.read_bytes()
    except pikepdf.DataDecodingError as error:
        return bool(BEYOND_LIMITS.search(str(error)))
    except pikepdf.PdfError:
        return _flate_exceeds(stream, most)  # a chain with a filter that qpdf does not know
    return False


def _flate_exceeds(stream: pikepdf.Stream, most: int) -> bool:
    """The first step of a chain that qpdf leaves alone, such as Flate around a JPEG."""
    if pikepdf.Name.FlateDecode not in (stream.get("/Filter"), *_chain(stream)[:1]):
        return False
    unpacker, rest, total = zlib.decompressobj(), stream.read_raw_bytes(), 0
    while rest and not unpacker.eof and total <= most:
        try:
            piece = unpacker.decompress(rest, 1 << 20)
        except zlib.error:
            return False
        total, rest = total + len(piece), unpacker.unconsumed_tail
    return total > most


def _chain(stream: pikepdf.Stream) -> list[Any]:
    filters = stream.get("/Filter")
    return list(filters) if isinstance(filters, pikepdf.Array) else []
