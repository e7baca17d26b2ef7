"""A month on the bureau's wall calendar (Asia/Shanghai): its edges as days and as instants."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.clock import SHANGHAI, local_date
from app.domain.errors import Invalid, Problem, say
from app.domain.terms import N_

WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
FIRST_YEAR = 2000
FIELD = "month"


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; `str` gives 2026-10."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.later().first - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """Midnight in Shanghai before the first day, as an instant in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=SHANGHAI).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The instant at which the next month begins; no longer part of this one."""
        return self.later().begins_at

    def later(self, months: int = 1) -> "Month":
        """The month so many months later; negative for earlier."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def january(self) -> "Month":
        """The first month of its year."""
        return Month(self.year, 1)


def month_of(day: date) -> Month:
    """The month of a day."""
    return Month(day.year, day.month)


def read(text: str, *, now: datetime) -> Month:
    """The month as it was typed, `2026-10`. Raises Invalid for anything else and for one that has not begun."""
    found = WRITTEN.fullmatch(text.strip())
    if not found or int(found[1]) < FIRST_YEAR:
        raise Invalid([Problem(FIELD, say(N_("请按「2026-10」的样式填写月份。")))])
    month = Month(int(found[1]), int(found[2]))
    if month > month_of(local_date(now)):
        raise Invalid([Problem(FIELD, say(N_("%(month)s 还没有开始，没有月报。"), month=str(month)))])
    return month
