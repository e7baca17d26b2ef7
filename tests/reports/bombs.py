"""Workbooks that nobody should have to open: built on the spot, as an attacker would."""

import io
import zipfile
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FIRST_SHEET = "xl/worksheets/sheet1.xml"
TITLE = "项目"


def workbook(rows: Iterable[Iterable[object]], title: str = TITLE) -> bytes:
    """A plain workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(name: str, pieces: Iterable[bytes], base: bytes | None = None) -> bytes:
    """The workbook with one part of its archive put in place of its own, or added."""
    source, file = zipfile.ZipFile(io.BytesIO(base or workbook([["a"]]))), io.BytesIO()
    with source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            if part.filename != name:
                archive.writestr(part.filename, source.read(part))
        with archive.open(name, "w") as stream:
            for piece in pieces:
                stream.write(piece)
    return file.getvalue()


def sheet_of(rows: str, declaration: str = "") -> bytes:
    """A workbook whose sheet holds this markup."""
    markup = f"{declaration}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    return with_part(FIRST_SHEET, [markup.encode()])


def half_a_gigabyte() -> bytes:
    """486 KB that unfold to 500 MB."""
    return with_part(FIRST_SHEET, (b" " * 1_000_000 for _ in range(500)))


def a_million_empty_rows() -> bytes:
    return sheet_of("".join(f'<row r="{n}" ht="15"/>' for n in range(1, 1_048_577)))


def a_million_empty_cells() -> bytes:
    return sheet_of("".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 1_000_001)))


def all_columns(value: str = "") -> bytes:
    """One row of 16,384 cells, the last one with this in it."""
    cells = "".join(f'<c r="{get_column_letter(n)}1"/>' for n in range(1, 16_384))
    return sheet_of(f'<row r="1">{cells}<c r="XFD1">{value}</c></row>')


def all_columns_many_times() -> bytes:
    letters = [get_column_letter(n) for n in range(1, 16_385)]
    rows = (f'<row r="{n}">' + "".join(f'<c r="{x}{n}"/>' for x in letters) + "</row>" for n in range(1, 101))
    return sheet_of("".join(rows))


def a_million_texts() -> bytes:
    texts = b"".join(b"<si><t>%d</t></si>" % n for n in range(1_500_000))
    return with_part("xl/sharedStrings.xml", [f"<sst {MAIN}>".encode(), texts, b"</sst>"], workbook([["a"]]))


def external_entity() -> bytes:
    declared = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return sheet_of('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>', declared)


def late_entity() -> bytes:
    """A declaration beyond what a look at the head would see."""
    declared = '<?xml version="1.0"?>' + " " * 20_000 + '<!DOCTYPE x [<!ENTITY e "ha">]>'
    return sheet_of('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;&e;</t></is></c></row>', declared)


def entity_in_styles() -> bytes:
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "ha">]>'
    return with_part("xl/styles.xml", [declared, f"<styleSheet {MAIN}/>".encode()])


def with_macros() -> bytes:
    return with_part("xl/vbaProject.bin", [b"\xd0\xcf\x11\xe0" * 100])


def called_macro_enabled() -> bytes:
    base = workbook([["a"]])
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        types = archive.read("[Content_Types].xml")
    name = b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"
    return with_part("[Content_Types].xml", [types.replace(name, b"vnd.ms-excel.sheet.macroEnabled.main")], base)


def with_external_link() -> bytes:
    return with_part("xl/externalLinks/externalLink1.xml", [b"<externalLink/>"])
