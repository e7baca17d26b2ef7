"""Where the demo is played: database, store, office hours, and who acts. It knows no story."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from app.domain.calendar import WorkingCalendar
from app.domain.clock import SHANGHAI, local_date
from app.domain.limits import TimeLimits
from app.domain.permissions import Actor
from app.services import calendar
from app.storage import ScanLimits, Storage
from models.bureau import Bureau
from models.user import User

DAYS_BACK = 275  # about nine months
OPENS, NOON, AFTERNOON, CLOSES = time(9, 0), time(11, 40), time(13, 30), time(17, 10)
MINUTE = timedelta(minutes=1)
OUR_OWN_SCANS = ScanLimits(child=None)  # every one is inspected all the same


@dataclass
class Stage:
    """The instant it is, how passwords are kept, and everything that an act needs."""

    session: Session
    storage: Storage
    now: datetime
    hash_password: Callable[[str], str]
    demo_password: str
    initial_password: str
    limits: TimeLimits
    initial_lasts: timedelta = timedelta(hours=72)
    scans: ScanLimits = OUR_OWN_SCANS
    opens: Callable[[str, str], bool] = check_password_hash
    _actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Slow by design, and one password for all.
        self.hash_password = cache(self.hash_password)
        self.opens = cache(self.opens)

    def actor(self, username: str) -> Actor:
        """A demo account as the services know it."""
        if username not in self._actors:
            self._actors[username] = actor_of(self.session, username)
        return self._actors[username]


def actor_of(session: Session, username: str) -> Actor:
    """The services' view of an account."""
    user = session.scalars(select(User).where(User.username == username)).one()
    below: set[int] = set()
    if user.bureau_id:
        below = {
            user.bureau_id,
            *session.scalars(select(Bureau.id).where(Bureau.parent_id == user.bureau_id)),
        }
    return Actor(
        user_id=user.id,
        username=user.username,
        name=user.display_name,
        roles=frozenset(role.name for role in user.roles),
        organization_id=user.organization_id,
        bureau_id=user.bureau_id,
        bureau_ids=frozenset(below),
        is_root=user.bureau is not None and user.bureau.parent_id is None,
        matters=frozenset(user.matters or ()),
    )


class Office:
    """The working days from nine months back to yesterday, and the hours in which the bureau acts."""

    def __init__(self, session: Session, now: datetime) -> None:
        known, today = calendar.in_force(session), local_date(now)
        back = (today - timedelta(days=n) for n in range(DAYS_BACK, 0, -1))
        self.days = [day for day in back if _works(known, day)]

    @property
    def closes(self) -> datetime:
        """When the last working day ends: nothing is played after it."""
        return _instant(self.days[-1], CLOSES)

    def moment(self, place: int, minute: int) -> datetime:
        """A minute of office time on a working day; `place` counts from the first day, negative from the last."""
        start = _instant(self.days[place], OPENS)
        return start + minute * MINUTE if minute < _MORNING else start + (minute + _LUNCH) * MINUTE

    def on(self, day: date, hour: int, minute: int) -> datetime:
        """Any instant: people also hand in at night."""
        return _instant(day, time(hour, minute))

    def after(self, instant: datetime, days: int, minute: int) -> datetime:
        """That minute of office time `days` working days later; 0: a little later on the same day, or the next."""
        if days == 0:
            soon = instant + minute % 50 * MINUTE + 10 * MINUTE
            if soon <= _instant(local_date(instant), CLOSES):
                return soon
            days = 1
        later = [day for day in self.days if day > local_date(instant)]
        if len(later) < days:
            return self.closes + days * timedelta(days=1)
        return self.moment(self.days.index(later[days - 1]), minute % _DAY)


_MORNING = (NOON.hour - OPENS.hour) * 60 + NOON.minute
_LUNCH = (AFTERNOON.hour - NOON.hour) * 60 + AFTERNOON.minute - NOON.minute
_DAY = _MORNING + (CLOSES.hour - AFTERNOON.hour) * 60 + CLOSES.minute - AFTERNOON.minute


def _works(known: WorkingCalendar, day: date) -> bool:
    """By the calendar in force; by the week alone where a year is not published."""
    works = known.is_working(day)
    return day.weekday() < 5 if works is None else works


def _instant(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)
