"""A sheet becomes rows in one walk, and one that is too long is turned away before any cell is looked at."""

from collections import UserDict
from typing import Any

import pytest

from app.domain.errors import Refused
from app.services.import_table import HEAD_ROWS, MOST_ROWS, ImportKind, _table
from reports.reading import Sheet

HEADINGS = tuple(field.name for field in ImportKind.ORGANIZATIONS.table)
HEAD = (1, HEADINGS)


class Counted(UserDict[Any, Any]):
    """Faults that count how often all of them are walked over."""

    walks = 0

    def items(self) -> Any:
        self.walks += 1
        return super().items()


class Untouched(UserDict[Any, Any]):
    """Words that nobody may look up."""

    def get(self, *_: object) -> Any:
        raise AssertionError("a cell was decoded")


def test_the_faults_of_a_sheet_are_walked_once_however_many_rows_it_has() -> None:
    faults = Counted({(row, 1 + row % 2): "formula" for row in range(2, 302)})
    sheet = Sheet("建设单位", (HEAD, *((row, ("x",)) for row in range(2, 302))), faults)

    table = _table(ImportKind.ORGANIZATIONS, sheet, {})

    assert faults.walks == 1
    assert [list(row.faults) for row in table.rows[:2]] == [[HEADINGS[0]], [HEADINGS[1]]]


def test_a_sheet_with_too_many_rows_is_refused_before_a_cell_is_decoded() -> None:
    cells = ("x",) * len(HEADINGS)
    rows = ((row, cells) for row in range(HEAD_ROWS, HEAD_ROWS + MOST_ROWS + 1))
    sheet = Sheet("建设单位", (HEAD, *rows))

    with pytest.raises(Refused, match="5001 行"):
        _table(ImportKind.ORGANIZATIONS, sheet, Untouched())
