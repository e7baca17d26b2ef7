"""docs/notice-coverage.md: every sentence of the notice has its row, and what a row names exists."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from config import ROOT
from tests.views import matrix

ASKS_NOTHING = {"heading", "form text"}
NOT_YET = "ot here yet"


class Line(NamedTuple):
    sentence: str
    asks: str
    page: str
    rule: str
    test: str


def _lines() -> list[Line]:
    text = (ROOT / "docs" / "notice-coverage.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (N\d\d) \|(.*)\|$", text, re.MULTILINE)
    return [Line(key, *(part.strip().strip("`") for part in rest.split("|"))) for key, rest in rows]


LINES = _lines()
MET = [line for line in LINES if line.page]
each_that_is_met = pytest.mark.parametrize("line", MET, ids=lambda line: line.sentence)


def test_every_sentence_has_one_row_in_order() -> None:
    assert [line.sentence for line in LINES] == [f"N{n:02d}" for n in range(1, 92)]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.sentence)
def test_a_row_without_a_page_asks_nothing_or_says_that_it_is_not_here(line: Line) -> None:
    named = [line.page, line.rule, line.test]

    assert all(named) or not any(named)
    assert line.page or line.asks in ASKS_NOTHING or NOT_YET in line.asks


@each_that_is_met
def test_the_module_and_the_test_exist(line: Line) -> None:
    file, _, name = line.test.partition("::")

    assert (ROOT / line.rule).is_file()
    assert re.search(rf"^def {name}\(", Path(ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), line.test


@each_that_is_met
def test_the_page_exists(line: Line) -> None:
    """The matrix of tests/views names every address that there is, and no other."""
    assert line.page in {address.rule for address in matrix.LINES}
