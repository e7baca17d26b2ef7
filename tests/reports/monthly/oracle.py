"""The month's figures once more, in plain Python from the journal: no SQL and nothing of reports/."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import chinese_calendar

from tests.reports.monthly.history import Told

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIMIT = 5


def edges(month: str) -> tuple[datetime, datetime]:
    year, number = int(month[:4]), int(month[5:])
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=SHANGHAI), datetime(*after, 1, tzinfo=SHANGHAI)


def works(day: date) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def day_of(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def days_between(start: date, end: date) -> int | None:
    count, day = 0, start
    while day < end:
        day += timedelta(days=1)
        if works(day) is None:
            return None
        count += bool(works(day))
    return count


def due(start: date) -> date | None:
    count, day = 0, start
    while count < LIMIT:
        day += timedelta(days=1)
        if works(day) is None:
            return None
        count += bool(works(day))
    return day


def tenth(part: int | Decimal, whole: int, times: int = 1) -> Decimal | None:
    return (Decimal(part) * times / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def cell(projects: Iterable[Told], month: str) -> dict[str, object]:
    """All columns for these projects."""
    projects = list(projects)
    start, end = edges(month)
    year = datetime(start.year, 1, 1, tzinfo=SHANGHAI)
    before = edges(f"{start.year - 1}-{month[5:]}")
    now, ytd, last = (counted(projects, span) for span in ((start, end), (year, end), before))
    firsts, returned = first_decisions(projects, start, end)
    waits = [wait for p in projects for wait in working_days(p, start, end)]
    open_now = [at for p in projects if (at := pending_since(p, end)) is not None]
    overdue = [at for at in open_now if (day := due(day_of(at))) is not None and day < day_of(end)]
    return {
        **now, "pending": len(open_now), "overdue": len(overdue), "return_rate": tenth(returned, firsts, 100),
        "average_days": tenth(sum(waits), len(waits)),
        "push_done": sum(any(done and start <= done < end for _, _, done in p.pushes) for p in projects),
        "push_failed": sum(any(s == "failed" and start <= at < end for at, s, _ in p.pushes) for p in projects),
        **{f"{name}_ytd": ytd[name] for name in ("registered", "approved", "issued", "investment")},
        **{f"{name}_yoy": growth(now[name], last[name]) for name in ("registered", "approved", "issued", "investment")},
    }  # fmt: skip


def growth(now: Decimal | int, last: Decimal | int) -> Decimal | None:
    return tenth((Decimal(now) - Decimal(last)) * 100 / Decimal(last), 1) if last else None


def counted(projects: list[Told], span: tuple[datetime, datetime]) -> dict[str, Decimal | int]:
    inside = [(p, [what for what, at in p.events if span[0] <= at < span[1]]) for p in projects]
    issued = [p for p, events in inside if "issue" in events]
    first = [next((at for what, at in p.events if what == "submit"), None) for p in projects]
    return {
        "registered": sum(
            at is not None and span[0] <= at < span[1] and not p.imported for p, at in zip(projects, first, strict=True)
        ),
        "approved": sum("approve" in events for _, events in inside),
        "returns": sum(events.count("return") for _, events in inside),
        "issued": len(issued),
        "investment": Decimal(sum(p.cny for p in issued)) / 10_000,
        "floor_area": Decimal(sum(p.centiares for p in issued)) / 100,
    }


def first_decisions(projects: list[Told], start: datetime, end: datetime) -> tuple[int, int]:
    firsts = returned = 0
    for p in projects:
        decisions = [(what, at) for what, at in p.events if what in ("approve", "return")]
        if decisions and start <= decisions[0][1] < end:
            firsts += 1
            returned += any(what == "return" and at < end for what, at in decisions)
    return firsts, returned


def working_days(p: Told, start: datetime, end: datetime) -> Iterable[int]:
    submitted: datetime | None = None
    for what, at in p.events:
        if what == "submit":
            submitted = at
        elif what in ("approve", "return") and start <= at < end:
            assert submitted is not None
            days = days_between(day_of(submitted), day_of(at))
            if days is not None:
                yield days


def pending_since(p: Told, end: datetime) -> datetime | None:
    """When it was submitted that waits for its decision at that moment."""
    since = None
    for what, at in p.events:
        if at < end and what != "issue":
            since = at if what == "submit" else None
    return since
