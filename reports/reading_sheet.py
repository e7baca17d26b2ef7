"""The rows of one worksheet, taken from its XML element by element: nothing is built that is not kept.

Runs inside the limited child only.
"""

import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from reports.reading_package import Package
from reports.reading_xml import NotAllowedError, Parser, StopReading, TooMuchError, is_true

__all__ = ["NotAllowedError", "SheetReader", "TooMuchError", "from_serial", "read_strings"]

MOST_STRINGS = 300_000  # far beyond the texts of all rows and columns that an import takes
MOST_EMPTY_CELLS = 60_000  # drawn beyond the last column that counts
LONGEST_TEXT = 32_767  # what one cell of Excel holds
FEWEST_UNSAFE = 10**15  # Excel keeps 15 digits of a figure
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a workbook knows no time zones
LEAP_DAY = 60  # 29 February 1900, a day that Excel alone has
_LETTERS = re.compile(r"[A-Z]{1,3}")
_ESCAPED = re.compile(r"_x((?!0000|[Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")  # no NUL and no half of a pair: both are no text


class _Strings(Parser):
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


def read_strings(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The workbook's shared texts, in their order."""
    reader = _Strings()
    if part:
        reader.run(archive, part)
    return reader.found


class SheetReader(Parser):
    """One worksheet: rows with a value in them, and the cells that cannot be taken."""

    def __init__(self, book: Package, strings: list[str], task: dict[str, Any]) -> None:
        super().__init__()
        self._book, self._strings = book, strings
        self._last_row, self._last_column = task["max_rows"] + task["head_rows"], task["max_columns"]
        self._rows: list[list[Any]] = []
        self._faults: list[tuple[int, int, str]] = []
        self._row = self._column = self._beyond = 0
        self._cells: dict[int, str] = {}
        self._type = self._style = ""
        self._is_formula = self._is_cut = self._is_faulty = self._is_reading = False
        self._is_hidden = False
        self._hidden_rows: list[int] = []
        self._hidden_columns: set[int] = set()
        self._pieces: list[str] = []

    def read(self, archive: zipfile.ZipFile, part: str) -> dict[str, Any]:
        self.run(archive, part)
        return {
            "rows": self._rows, "faults": self._faults, "is_cut": self._is_cut, "hidden_rows": self._hidden_rows,
            "hidden_columns": sorted(self._hidden_columns), "is_1904": self._book.is_1904,
        }  # fmt: skip

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(given)
        elif name == "rPh":
            self._is_reading = True
        elif name in ("v", "t") and not self._is_reading:
            self._kept = self._pieces
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._row = int(given.get("r", self._row + 1))
            self._column, self._cells, self._is_faulty = 0, {}, False
            self._is_hidden = is_true(given.get("hidden"))
            if self._row > self._last_row + 1:
                self._is_cut = True
        elif name == "col" and is_true(given.get("hidden")):
            last = min(int(given.get("max", 0)), self._last_column)
            self._hidden_columns |= set(range(int(given.get("min", 1)), last + 1))

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
        elif name == "rPh":
            self._is_reading = False
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
            if self._is_hidden:
                self._hidden_rows.append(self._row)
            width = max(self._cells, default=0)
            self._rows.append([self._row, [self._cells.get(place) for place in range(1, width + 1)]])
        if self._is_cut:
            raise StopReading

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
            return datetime.fromisoformat(raw)
        return self._number(raw)

    def _number(self, raw: str) -> Any:
        number = int(raw) if raw.lstrip("-").isdigit() else float(raw)
        if self._style and int(self._style) in self._book.date_styles:
            return from_serial(number, is_1904=self._book.is_1904)
        return number


def from_serial(number: float, *, is_1904: bool) -> datetime | time | str | float:
    """The day behind a serial number; below one a time of day, and the number itself where there is no such day."""
    if not is_1904 and LEAP_DAY <= number < LEAP_DAY + 1:
        return "1900-02-29"
    zero = EPOCH_1904 if is_1904 else EPOCH if number > LEAP_DAY else EPOCH + timedelta(days=1)
    try:
        moment = zero + timedelta(seconds=round(number * 86400))
    except OverflowError:
        return number
    if number < 0:
        return number
    return moment.time() if number < 1 and not is_1904 else moment


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
