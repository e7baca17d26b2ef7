"""Where the parts of a workbook lie, by its relationships, and which looks of its cells are dates.

Runs inside the limited child only. Programs name their parts as they like: only the relationships say which is which.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from urllib.parse import unquote

from reports.reading_xml import Parser, is_true

USUAL = "xl/workbook.xml"
# Built-in formats that show a day, in Chinese Excel too (27-36 and 50-58), and those that show a time.
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|[Ee][+-]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DATE_MARK = re.compile(r"[ymdhs年月日]|aaa|e", re.IGNORECASE)


@dataclass(frozen=True)
class Worksheet:
    """One sheet of the workbook; `part` is empty for a chart or a sheet whose part is not there."""

    title: str
    part: str
    is_hidden: bool


@dataclass
class Package:
    """What the workbook's own parts say about it."""

    sheets: list[Worksheet] = field(default_factory=list)
    strings: str = ""
    date_styles: frozenset[int] = frozenset()
    is_1904: bool = False


def open_package(archive: zipfile.ZipFile) -> Package | None:
    """The workbook of the archive; None when there is none."""
    names = {_plain(name): name for name in archive.namelist()}
    root = _relations(archive, names, "")
    found = next((part for kind, part in root.values() if kind == "officeDocument"), names.get(USUAL, ""))
    if not found:
        return None
    relations = _relations(archive, names, _plain(found))
    reader = _Workbook()
    reader.run(archive, found)
    by_kind = dict(relations.values())
    beside = posixpath.dirname(_plain(found))  # where parts lie that no relationship names
    sheets = []
    for title, key, is_hidden in reader.sheets:
        kind, part = relations.get(key, ("", ""))
        sheets.append(Worksheet(title, part if kind == "worksheet" else "", is_hidden))
    styles, look = _Styles(), by_kind.get("styles") or names.get(f"{beside}/styles.xml")
    if look:
        styles.run(archive, look)
    strings = by_kind.get("sharedStrings") or names.get(f"{beside}/sharedstrings.xml", "")
    return Package(sheets, strings, styles.dates(), reader.is_1904)


def is_date_format(code: str) -> bool:
    """Whether a format of the user's own shows a day or a time of day; spans of hours are figures."""
    first = code.split(";", maxsplit=1)[0]
    if _ELAPSED.search(first):
        return False
    return bool(_DATE_MARK.search(_LITERAL.sub("", first)))


def _plain(name: str) -> str:
    """A part's name as it is compared: some writers use the other slash, or other capitals."""
    return name.replace("\\", "/").lstrip("/").lower()


def _relations(archive: zipfile.ZipFile, names: dict[str, str], source: str) -> dict[str, tuple[str, str]]:
    """Key -> kind and part, of those that are there."""
    folder, file = posixpath.split(source)
    part = names.get(posixpath.join(folder, "_rels", f"{file}.rels"))
    if part is None:
        return {}
    reader = _Relations()
    reader.run(archive, part)
    found = {}
    for key, kind, target in reader.found:
        spelled = unquote(target).replace("\\", "/")
        absolute = spelled if spelled.startswith("/") else posixpath.join("/", folder, spelled)
        there = names.get(_plain(posixpath.normpath(absolute)))
        if there is not None:
            found[key] = (kind, there)
    return found


class _Relations(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "Relationship" and given.get("TargetMode") != "External":
            kind = given.get("Type", "").rpartition("/")[2]
            self.found.append((given.get("Id", ""), kind, given.get("Target", "")))


class _Workbook(Parser):
    """The sheets in their order, and from which day serial numbers count."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for attribute, value in given.items() if attribute.rpartition(":")[2] == "id"), "")
            self.sheets.append((given.get("name", ""), key, given.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            self.is_1904 = is_true(given.get("date1904"))


class _Styles(Parser):
    """Formats of the user's own, and the format of each look of a cell."""

    def __init__(self) -> None:
        super().__init__()
        self._own: dict[int, str] = {}
        self._looks: list[int] = []
        self._is_inside = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "numFmt" and given.get("numFmtId", "").isdigit():
            self._own.setdefault(int(given["numFmtId"]), given.get("formatCode", ""))
        elif name == "cellXfs":
            self._is_inside = True
        elif name == "xf" and self._is_inside:
            number = given.get("numFmtId", "0")
            self._looks.append(int(number) if number.isdigit() else 0)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_inside = False

    def dates(self) -> frozenset[int]:
        """The looks that show days."""
        return frozenset(place for place, number in enumerate(self._looks) if self._shows_a_day(number))

    def _shows_a_day(self, number: int) -> bool:
        return is_date_format(self._own[number]) if number in self._own else number in DATE_FORMATS
