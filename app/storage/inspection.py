"""Open a PDF with qpdf and say whether it is a plain scan; runs only inside the limited child.

What is refused follows SECURITY rows 15 and 16: ISO 32000-1 §12.6 (actions), §7.11.4 (embedded files),
§12.7.8 (XFA), §13 (multimedia), and files that are something else as well.
"""

import io
import re
import zipfile
import zlib
from typing import Any

import pikepdf

from app.storage.active_content import active_content

HEADER = re.compile(rb"%PDF-[12]\.\d")
MAX_OBJECTS = 100_000
# Slips of common writers that leave no object in doubt.
HARMLESS = re.compile(r"is missing or invalid; repairing|extraneous whitespace|accepting invalid xref")
BEYOND_LIMITS = re.compile(r"limit exceeded|bad_alloc")


def inspect_scan(data: bytes, max_pages: int, max_stream_bytes: int) -> dict[str, Any]:
    """`{"page_count": n}` or `{"reason": ...}` (the reasons of refusals.py)."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=max_stream_bytes,
        png_max_memory=max_stream_bytes,
        run_length_max_memory=max_stream_bytes,
        tiff_max_memory=max_stream_bytes,
    )
    try:
        return _foreign(data) or _inspect(data, max_pages, max_stream_bytes)
    except pikepdf.PasswordError:
        return {"reason": "encrypted"}
    except MemoryError:
        return {"reason": "too_complex"}
    except pikepdf.PdfError as error:
        return {"reason": "encrypted" if "encrypt" in str(error).lower() else "damaged"}
    except (ValueError, TypeError, LookupError, RuntimeError):
        return {"reason": "damaged"}  # how pikepdf meets values of a kind that the standard does not allow there


def _foreign(data: bytes) -> dict[str, Any] | None:
    """A file that other programs read as something else (polyglot)."""
    if not HEADER.match(data):
        return {"reason": "not_pdf"}
    end = data.rfind(b"%%EOF")
    if end < 0:
        return {"reason": "damaged"}
    if _is_archive(data):
        return {"reason": "archive"}
    if data[end + 5 :].strip(b"\0\t\n\f\r "):
        return {"reason": "trailing"}
    return None


def _is_archive(data: bytes) -> bool:
    """Whether a ZIP directory stands at the end; its comment may well hold `%%EOF`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _inspect(data: bytes, max_pages: int, max_stream_bytes: int) -> dict[str, Any]:
    # Without recovery: a repaired file is one thing to us and perhaps another to the reader's program.
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        if pdf.is_encrypted:
            return {"reason": "encrypted"}
        pages = len(pdf.pages)
        if not 1 <= pages <= max_pages:
            return {"page_count": pages}  # the parent has the sentence; no need to look further
        if len(pdf.objects) > MAX_OBJECTS:
            return {"reason": "too_complex"}
        streams = [found for found in pdf.objects if isinstance(found, pikepdf.Stream)]
        reason = (
            _unreadable(pdf.get_warnings())
            or ("too_complex" if any(_unfolds_beyond(s, max_stream_bytes) for s in streams) else None)
            or active_content(pdf)
        )
        return {"reason": reason} if reason else {"page_count": pages}


def _unreadable(warnings: list[str]) -> str | None:
    """qpdf shows an object that it cannot read as null; a program that repairs the file may still run it."""
    doubts = [warning for warning in warnings if not HARMLESS.search(warning)]
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
