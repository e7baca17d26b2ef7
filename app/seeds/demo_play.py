"""Play many stories at once in the order of time, and let their texts reach the phones.

A story yields the instant of its next step. Steps of all stories are taken one after the other, so numbers,
audit events and messages come in the order in which a real office would have written them.
"""

import heapq
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import select

from app.outbox.arrived import Arrival, write_arrivals
from app.outbox.parcel import Channel, State
from app.seeds.demo_stage import Stage
from models.engine import begin_write
from models.outbox import Outbox
from models.push_attempt import PushAttempt

Story = Iterator[datetime]
Steps = Generator[datetime, None, datetime]  # a part of a story: gives the instant it ended
STILL_TO_SEND = timedelta(days=1)  # the newest pushes are left to the worker, for whoever watches it
WORDS = {Channel.PROVINCE_PUSH: "OK", Channel.MUNICIPAL_PUSH: "000"}  # of the receivers
ON_ITS_WAY = timedelta(seconds=20)


def play(stage: Stage, stories: Iterable[Story], until: datetime) -> None:
    """Take every step up to `until`; what a story would do later is not done."""
    order = count()
    waiting: list[tuple[datetime, int, Story]] = []
    for story in stories:
        _wait(waiting, story, next(order))
    while waiting and waiting[0][0] <= until:
        _, place, story = heapq.heappop(waiting)
        _wait(waiting, story, place)
    _reach_the_phones(stage)
    _reach_the_receivers(stage)


def _wait(waiting: list[tuple[datetime, int, Story]], story: Story, place: int) -> None:
    """Go on with the story up to its next instant; one that has ended waits no more."""
    instant = next(story, None)
    if instant is not None:
        heapq.heappush(waiting, (instant.astimezone(UTC), place, story))


def _reach_the_phones(stage: Stage) -> None:
    """Every text of the past arrived some seconds after it was written. Nothing leaves this machine."""
    waiting = select(Outbox.id, Outbox.created_at).where(Outbox.kind == Channel.SMS, Outbox.status == State.QUEUED)
    begin_write(stage.session)
    written = stage.session.execute(waiting.order_by(Outbox.id)).all()
    arrivals = (Arrival(key, at + ON_ITS_WAY, f"demo-{n:06d}") for n, (key, at) in enumerate(written, 1))
    write_arrivals(stage.session, arrivals)
    stage.session.commit()


def _reach_the_receivers(stage: Stage) -> None:
    """Pushes of the past were acknowledged when they were made, so each stands in its own month."""
    waiting = select(Outbox.id, Outbox.kind, Outbox.created_at).where(
        Outbox.kind.in_(WORDS), Outbox.status == State.QUEUED, Outbox.created_at < stage.now - STILL_TO_SEND
    )
    begin_write(stage.session)
    written = stage.session.execute(waiting.order_by(Outbox.id)).all()
    write_arrivals(stage.session, [Arrival(key, at + ON_ITS_WAY, WORDS[Channel(kind)]) for key, kind, at in written])
    stage.session.add_all(
        PushAttempt(
            outbox_id=key, fence=1, started_at=at, ended_at=at + ON_ITS_WAY, outcome="acknowledged",
            code=WORDS[Channel(kind)],
        )
        for key, kind, at in written
    )  # fmt: skip
    stage.session.commit()
