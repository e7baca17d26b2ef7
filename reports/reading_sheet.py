"""The rows of one worksheet, taken from its XML element by element: nothing is built that is not kept.

Runs inside the limited child only. Document types and entities are refused, as defusedxml does.
"""

import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.parsers import expat  # declarations are refused below

from openpyxl.utils.datetime import from_excel, from_ISO8601

CHUNK = 256 * 1024
MOST_ELEMENTS = 2_500_000
MOST_STRINGS = 1_000_000
MOST_EMPTY_CELLS = 60_000  # drawn beyond the last column that counts
LONGEST_TEXT = 32_767  # what one cell of Excel holds
FEWEST_UNSAFE = 10**15  # Excel keeps 15 digits of a figure
STRINGS = "xl/sharedStrings.xml"
_LETTERS = re.compile(r"[A-Z]{1,3}")
_ESCAPED = re.compile(r"_x((?!0000|[Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")  # no NUL and no half of a pair: both are no text


class TooMuchError(Exception):
    """More than a workbook of ours may hold; the word says what."""


class NotAllowedError(Exception):
    """A declaration that a worksheet never needs."""


class _StopReading(Exception):
    """What follows is empty and does not count."""


class _Parser:
    """Expat with the doors closed and elements counted; subclasses say what they take."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._elements = 0
        self._kept: list[str] | None = None  # text is gathered while this is a list

    def run(self, archive: zipfile.ZipFile, part: str) -> None:
        with archive.open(part) as stream:
            try:
                while chunk := stream.read(CHUNK):
                    self._parser.Parse(chunk, False)
                self._parser.Parse(b"", True)
            except _StopReading:
                return

    def _refuse(self, *_: object) -> None:
        raise NotAllowedError

    def _start(self, name: str, given: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise TooMuchError("unfolds")
        self.begin(name.rpartition(":")[2], given)

    def _end(self, name: str) -> None:
        self.end(name.rpartition(":")[2])

    def _text(self, text: str) -> None:
        if self._kept is not None:
            self._kept.append(text)

    def begin(self, name: str, given: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError


class _Strings(_Parser):
    """The table of shared texts; readings in small print (rPh) are no part of the text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._is_reading = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._is_reading = True
        elif name == "t" and not self._is_reading:
            self._kept = self._pieces

    def end(self, name: str) -> None:
        if name == "t":
            self._kept = None
        elif name == "rPh":
            self._is_reading = False
        elif name == "si":
            if len(self.found) >= MOST_STRINGS:
                raise TooMuchError("unfolds")
            self.found.append(_unescaped("".join(self._pieces)))


def read_strings(archive: zipfile.ZipFile) -> list[str]:
    """The workbook's shared texts, in their order."""
    reader = _Strings()
    if STRINGS in archive.namelist():
        reader.run(archive, STRINGS)
    return reader.found


class SheetReader(_Parser):
    """One worksheet: rows with a value in them, and the cells that cannot be taken."""

    def __init__(self, book: Any, strings: list[str], task: dict[str, Any]) -> None:
        super().__init__()
        self._book, self._strings = book, strings
        self._last_row, self._last_column = task["max_rows"] + task["head_rows"], task["max_columns"]
        self._rows: list[list[Any]] = []
        self._faults: list[tuple[int, int, str]] = []
        self._row = self._column = self._beyond = 0
        self._cells: dict[int, str] = {}
        self._type = self._style = ""
        self._is_formula = self._is_cut = self._is_faulty = False
        self._pieces: list[str] = []

    def read(self, archive: zipfile.ZipFile, part: str) -> dict[str, Any]:
        self.run(archive, part)
        return {"rows": self._rows, "faults": self._faults, "is_cut": self._is_cut}

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(given)
        elif name in ("v", "t"):
            self._kept = self._pieces
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._row = int(given.get("r", self._row + 1))
            self._column, self._cells, self._is_faulty = 0, {}, False
            if self._row > self._last_row + 1:
                self._is_cut = True

    def _begin_cell(self, given: dict[str, str]) -> None:
        letters = _LETTERS.match(given.get("r", ""))
        self._column = _column(letters[0]) if letters else self._column + 1
        self._type, self._style = given.get("t", "n"), given.get("s", "")
        self._is_formula, self._pieces, self._kept = False, [], None
        if self._column > self._last_column:
            self._beyond += 1
            if self._beyond > MOST_EMPTY_CELLS:
                raise TooMuchError("too_many_columns")

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._kept = None
        elif name == "c":
            self._end_cell("".join(self._pieces))
        elif name == "row":
            self._end_row()

    def _end_cell(self, raw: str) -> None:
        fault = "formula" if self._is_formula else "error" if self._type == "e" else None
        value = None if fault else self._value(raw)
        if value in (None, "") and fault is None:
            return
        if self._column > self._last_column:
            raise TooMuchError("too_many_columns")
        if self._row > self._last_row:
            raise TooMuchError("too_many_rows")
        fault = fault or _fault(self._type, value)
        if fault:
            self._faults.append((self._row, self._column, fault))
            self._is_faulty = True
        else:
            self._cells[self._column] = _typed(value)

    def _end_row(self) -> None:
        if self._cells or self._is_faulty:
            width = max(self._cells, default=0)
            self._rows.append([self._row, [self._cells.get(place) for place in range(1, width + 1)]])
        if self._is_cut:
            raise _StopReading

    def _value(self, raw: str) -> Any:
        if self._type == "s":
            return self._strings[int(raw)] if raw else None
        if self._type in ("inlineStr", "str"):
            return _unescaped(raw)
        if not raw:
            return None
        if self._type == "b":
            return raw == "1"
        if self._type == "d":
            return from_ISO8601(raw)
        return self._number(raw)

    def _number(self, raw: str) -> Any:
        number = int(raw) if raw.lstrip("-").isdigit() else float(raw)
        if self._style and int(self._style) in self._book._date_formats:
            try:
                return from_excel(number, self._book.epoch)
            except (ValueError, OverflowError):
                return number
        return number


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _fault(kind: str, value: object) -> str | None:
    if kind == "n" and isinstance(value, int | float) and abs(value) >= FEWEST_UNSAFE:
        return "digits_lost"
    return "too_long" if isinstance(value, str) and len(value) > LONGEST_TEXT else None


def _typed(value: object) -> str:
    """The value as a person would type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f")  # no scientific notation, no binary noise
    return str(value)
