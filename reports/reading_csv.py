"""A table saved as text (CSV): in UTF-8, UTF-16 or GB18030, parted by commas, semicolons or tabs; read as a sheet."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from reports.reading import ReadingLimits, Sheet, refused

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",;\t，；"
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# What Excel makes of a long number before it saves the file: the last digits are gone.
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+1[0-9]")
AS_TEXT = re.compile(r'="([^"]*)"')  # how some programs keep zeros in front
LONGEST_TEXT = 32_767


def read_csv(file: BinaryIO, title: str, limits: ReadingLimits) -> Sheet | None:
    """The text as one sheet of this title, None when it is no table of text. Raises Refused when it is too long."""
    size = file.seek(0, 2)
    if not 0 < size <= limits.max_file_bytes:
        return None
    file.seek(0)
    text = _decoded(file.read())
    file.seek(0)
    if text is None or NOT_TEXT.search(text) or text.lstrip().startswith("<"):
        return None
    rows: list[tuple[int, tuple[str | None, ...]]] = []
    faults: dict[tuple[int, int], str] = {}
    for number, cells in enumerate(_lines(text), start=1):
        kept = [_cell(cell, (number, place), faults) for place, cell in enumerate(cells, start=1)]
        while kept and not kept[-1]:
            kept.pop()
        _require_room(number, len(kept), limits)
        if kept:
            rows.append((number, tuple(kept)))
    return Sheet(title, tuple(rows), faults)


def _decoded(data: bytes) -> str | None:
    encodings = [name for mark, name in MARKS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _lines(text: str) -> Iterator[list[str]]:
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=(.)\s*", first)  # Excel's own line about it
    if named:
        return csv.reader(io.StringIO(rest, newline=""), delimiter=named[1])
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = max(DELIMITERS, key=outside.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _cell(text: str, place: tuple[int, int], faults: dict[tuple[int, int], str]) -> str | None:
    stripped = text.strip()
    found = AS_TEXT.fullmatch(stripped)
    value = found[1] if found else stripped
    fault = "digits_lost" if SCIENTIFIC.fullmatch(value) else "too_long" if len(value) > LONGEST_TEXT else None
    if fault:
        faults[place] = fault
        return None
    return value or None


def _require_room(row: int, width: int, limits: ReadingLimits) -> None:
    if row > limits.max_rows + limits.head_rows and width:
        raise refused("too_many_rows", limits)
    if width > limits.max_columns:
        raise refused("too_many_columns", limits)
