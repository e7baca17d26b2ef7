"""Days as an officer copies them from the notice of the holidays."""

from datetime import date

import pytest

from app.domain.days import read_days

FIRST, LAST = date(2027, 2, 5), date(2027, 2, 7)
SPANS = ["2027-02-05 至 2027-02-07", "2027-02-05至2027-02-07", "2027-02-05~2027-02-07", "2027-02-05 到 2027-02-07"]


@pytest.mark.parametrize(
    "text", [*SPANS, "2027-02-07\n2027-02-05、2027-02-06", "2027-02-05，2027-02-06；2027-02-07\n\n"]
)
def test_days_and_spans_are_read_in_any_order(text: str) -> None:
    assert read_days(text, 2027) == ([FIRST, date(2027, 2, 6), LAST], None)


def test_the_notice_of_a_year_also_arranges_the_december_before_it() -> None:
    new_year, fault = read_days("2022-12-31 至 2023-01-02", 2023)

    assert (new_year, fault) == ([date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)], None)
    assert read_days("2018-12-29", 2019) == ([date(2018, 12, 29)], None)


def test_no_text_is_no_day() -> None:
    assert read_days(" \n ", 2027) == ([], None)


BAD = {
    "a word": ("春节", "不是日期"),
    "another way to write it": ("2027/02/05", "不是日期"),
    "a day that is none": ("2027-02-30", "不是日期"),
    "another year": ("2026-02-05", "不在 2027 年内"),
    "a day of the year before that no notice of this year names": ("2026-11-30", "不在 2027 年内"),
    "a span over the year's end": ("2027-12-30 至 2028-01-02", "不在 2027 年内"),
    "a span backwards": ("2027-02-07 至 2027-02-05", "起止日期不对"),
    "half a year": ("2027-01-01 至 2027-07-01", "起止日期不对"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_quoted(text: str, said: str) -> None:
    days, fault = read_days(f"2027-01-01\n{text}", 2027)

    assert days == []
    assert said in str(fault) and text[:40] in str(fault)
