"""Play many stories at once in the order of time, and let their texts reach the phones.

A story yields the instant of its next step. Steps of all stories are taken one after the other, so numbers,
audit events and messages come in the order in which a real office would have written them.
"""

import heapq
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import select

from app.domain.clock import local_date
from app.outbox.deliver import Policy, deliver_due
from app.outbox.parcel import Channel, Parcel, State
from app.seeds.demo_stage import Stage
from models.outbox import Outbox

Story = Iterator[datetime]
Steps = Generator[datetime, None, datetime]  # a part of a story: gives the instant it ended
ON_ITS_WAY = timedelta(seconds=20)
A_DAY = Policy(batch=1_000)


def play(stage: Stage, stories: Iterable[Story], until: datetime) -> None:
    """Take every step up to `until`; what a story would do later is not done."""
    order = count()
    waiting: list[tuple[datetime, int, Story]] = []
    for story in stories:
        _wait(waiting, story, next(order))
    phones = _Phones(stage)
    while waiting and waiting[0][0] <= until:
        at, place, story = heapq.heappop(waiting)
        phones.get_what_came_before(at)
        _wait(waiting, story, place)
    phones.get_what_came_before(until + timedelta(days=1))


def _wait(waiting: list[tuple[datetime, int, Story]], story: Story, place: int) -> None:
    """Go on with the story up to its next instant; one that has ended waits no more."""
    instant = next(story, None)
    if instant is not None:
        heapq.heappush(waiting, (instant.astimezone(UTC), place, story))


class _Phones:
    """The phones of the past: a day's texts are delivered in one pass, each some seconds after it was written.

    Nothing leaves this machine. It is gateway and clock of the pass: right after a text was taken, the clock
    says when the gateway would have taken it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._written: dict[str, datetime] = {}
        self._morning: datetime | None = None
        self._taken_at: datetime | None = None
        self._count = 0

    def get_what_came_before(self, instant: datetime) -> None:
        """Deliver once the day has changed."""
        if self._morning is not None and local_date(instant) == local_date(self._morning):
            return
        self._morning = instant
        session = self._stage.session
        waiting = select(Outbox.dedup_key, Outbox.created_at).where(
            Outbox.kind == Channel.SMS, Outbox.status == State.QUEUED
        )
        self._written = dict(session.execute(waiting).all())
        deliver_due(lambda: session, {Channel.SMS: self._take}, self, policy=A_DAY)

    def now(self) -> datetime:
        """As the delivery's clock: the evening of the day, but right after a text the instant of that text."""
        assert self._morning is not None
        instant, self._taken_at = self._taken_at or max(self._written.values(), default=self._morning), None
        return instant

    def _take(self, parcel: Parcel) -> str:
        self._count += 1
        self._taken_at = self._written[parcel.key] + ON_ITS_WAY
        return f"demo-{self._count:06d}"
