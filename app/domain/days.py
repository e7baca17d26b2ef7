"""Days as a notice lists them: one or a span per line, of one year and of the December before it."""

import re
from datetime import date, timedelta

from app.domain.errors import Sentence, say
from app.domain.terms import N_

LONGEST_SPAN = 60  # days; the longest holiday has fewer than ten, more is a slip of the pen
DECEMBER = 12
OUTSIDE = N_("「%(piece)s」不在 %(year)s 年内，也不在 %(before)s 年 12 月。请核对日期。")
_BREAK = re.compile(r"[\n,，;；、]+")
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:至|到|~|～|—)\s*(\d{4}-\d{2}-\d{2}))?")


def is_arranged(day: date, year: int) -> bool:
    """Whether the notice of that year may name the day: it also arranges the days before New Year."""
    return day.year == year or (day.year == year - 1 and day.month == DECEMBER)


def read_days(text: str, year: int) -> tuple[list[date], Sentence | None]:
    """The days of the text in order, or a sentence about the first piece that the year's notice cannot name."""
    days: set[date] = set()
    for piece in filter(None, map(str.strip, _BREAK.split(text))):
        span = _span(piece)
        if span is None:
            return [], say(
                N_("「%(piece)s」不是日期，请按 2027-02-05 或 2027-02-05 至 2027-02-11 填写。"), piece=piece[:40]
            )
        first, last = span
        if not (is_arranged(first, year) and is_arranged(last, year)):
            return [], say(OUTSIDE, piece=piece[:40], year=year, before=year - 1)
        if not timedelta(0) <= last - first <= timedelta(days=LONGEST_SPAN):
            return [], say(N_("「%(piece)s」的起止日期不对，请检查。"), piece=piece[:40])
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return sorted(days), None


def _span(piece: str) -> tuple[date, date] | None:
    found = _SPAN.fullmatch(piece)
    if found is None:
        return None
    try:
        first = date.fromisoformat(found[1])
        return first, date.fromisoformat(found[2]) if found[2] else first
    except ValueError:
        return None
