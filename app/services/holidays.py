"""Published holidays and made-up working days, from chinesecalendar: 2004 to 2026, no guess beyond."""

from datetime import date
from functools import cache

from chinese_calendar import constants

from app.domain.calendar import WorkingCalendar
from app.domain.terms import N_

NAMES = {
    "New Year's Day": N_("元旦放假"),
    "Spring Festival": N_("春节放假"),
    "Tomb-sweeping Day": N_("清明节放假"),
    "Labour Day": N_("劳动节放假"),
    "Dragon Boat Festival": N_("端午节放假"),
    "Mid-autumn Festival": N_("中秋节放假"),
    "National Day": N_("国庆节放假"),
    "Anti-Fascist 70th Day": N_("抗战胜利70周年纪念日放假"),
}


def published_years() -> frozenset[int]:
    """The years whose arrangement the package knows."""
    return frozenset(day.year for day in constants.holidays)


@cache
def base_calendar() -> WorkingCalendar:
    """The calendar before any override of the administrator."""
    return WorkingCalendar(
        off_days=frozenset(constants.holidays),
        extra_workdays=frozenset(constants.workdays),
        published_years=published_years(),
        notes=_notes(),
    )


def _notes() -> dict[date, str]:
    return {day: NAMES[name] for day, name in constants.holidays.items()}
