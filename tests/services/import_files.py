"""Workbooks as a bureau would fill them in, for the tests of the import."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from openpyxl import Workbook
from sqlalchemy.orm import Session

from app.services.import_table import Batch, ImportKind, read_batch
from tests import builders
from tests.reports.bombs import saved

Row = Mapping[str, object]
FIRST_DAY = date(2015, 10, 1)


def organization_row(n: int, **different: object) -> dict[str, object]:
    """A unit of the private range that nobody has registered."""
    return {
        "org_code": builders.org_code(n), "name": f"演示历史单位{n}", "unit_kind": "行政机关",
        "contact_name": "演示联系人", "contact_mobile": builders.MOBILE, **different,
    }  # fmt: skip


def project_row(n: int, org_code: str, **different: object) -> dict[str, object]:
    """The n-th project of history, registered in 江阴 before the notice; words as the template offers them."""
    return {
        "project_number": f"320281{FIRST_DAY + timedelta(n // 90):%y%m%d}01{n % 90 + 1:02d}", "org_code": org_code,
        **builders.PROJECT, "name": f"演示历史项目{n}", "approval_document_number": f"澄发改投〔2015〕演示{n:05d}号",
        "approved_on": "2015-09-16", "category_code": "01 房屋建筑工程", "region_code": "320281 江阴市",
        "approval_kind": "审批", **different,
    }  # fmt: skip


def workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """One sheet per title: keys in the first row, then the rows."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        keys = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(keys)
        for row in rows:
            sheet.append([row.get(key) for key in keys])
    return saved(book)


def projects(*rows: Row, organizations: Sequence[Row] = ()) -> bytes:
    return workbook({"建设单位": organizations, "项目": rows} if organizations else {"项目": rows})


def batch(session: Session, data: bytes, kind: ImportKind = ImportKind.PROJECTS) -> Batch:
    """The file as the services read it."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        return read_batch(session, kind, file)


def organizations(session: Session, *rows: Row) -> Batch:
    return batch(session, workbook({"建设单位": rows}), ImportKind.ORGANIZATIONS)
