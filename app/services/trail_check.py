"""Walk the whole audit chain, seal by seal, and name everything that is wrong with it, each with what it was."""

import hmac
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from app.domain.errors import Sentence, say
from app.domain.terms import N_
from app.services.chain import EVENT, FIRST, SEAL, link, of_event, without_seal
from models import audit_marks
from models.types import seal_keys

LATE_AFTER = timedelta(minutes=5)
MOST = 1_000  # findings that are told one by one
MOST_COMPARED = 200  # broken links that are tried in each other's places


class Flaw(StrEnum):
    """What can be wrong with the chain."""

    BROKEN = "broken"
    REORDERED = "reordered"
    MISSING = "missing"
    INSERTED = "inserted"
    UNLINKED = "unlinked"
    REWRITTEN = "rewritten"
    CUT = "cut"
    LOST = "lost"
    UNSEALED = "unsealed"


SENTENCES: Mapping[Flaw, str] = {
    Flaw.BROKEN: N_("第 %(sequence)s 号存证与其审计记录（编号 %(event_id)s）不符：记录或存证被改动过。"),
    Flaw.REORDERED: N_("第 %(sequence)s 号存证（审计记录编号 %(event_id)s）不在原来的位置：次序被调换过。"),
    Flaw.MISSING: N_("第 %(sequence)s 号存证或其审计记录缺失。"),
    Flaw.INSERTED: N_("审计记录（编号 %(event_id)s，第 %(sequence)s 号存证）不是由本系统写入的：没有印记或印记不符。"),
    Flaw.UNLINKED: N_("第 %(sequence)s 号存证（审计记录编号 %(event_id)s）与前一号不衔接：前面的存证被改写过。"),
    Flaw.REWRITTEN: N_("第 %(sequence)s 号存证与当时导出的链头不符：存证链被改写过。"),
    Flaw.CUT: N_("存证链比已导出的第 %(sequence)s 号链头短：末尾的记录被删除，或数据库来自较早的备份。"),
    Flaw.LOST: N_("审计记录（编号 %(event_id)s）在导出链头时还在，现在缺失：尚未存证就被删除。"),
    Flaw.UNSEALED: N_("审计记录（编号 %(event_id)s）早已写入却没有存证。"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where."""

    flaw: Flaw
    sequence: int | None
    event_id: int | None

    @property
    def sentence(self) -> Sentence:
        """For a person."""
        told = {"sequence": self.sequence, "event_id": self.event_id}
        return say(SENTENCES[self.flaw], **{name: "—" if value is None else value for name, value in told.items()})


@dataclass(frozen=True)
class Verdict:
    """How far the chain holds; `head` is the last good (sequence, hash), to be kept outside the database.

    `findings` are the first MOST of `count`, in the order of the chain.
    """

    head: tuple[int, str]
    findings: tuple[Finding, ...] = ()
    count: int = 0

    @property
    def is_sound(self) -> bool:
        return not self.findings

    @property
    def finding(self) -> Finding | None:
        """The first of them."""
        return self.findings[0] if self.findings else None


def verify_chain(
    session: Session,
    *,
    now: datetime,
    heads: Mapping[int, str] | None = None,
    events: Collection[int] = (),
    batch: int = 1_000,
) -> Verdict:
    """Walk the whole chain. `heads`: seals, and `events`: keys of events, that were noted outside the database."""
    walk = _Walk(dict(heads or {}), set(events))
    for row in _sealed(session, batch):
        walk.see(row)
    walk.end()
    for row in session.execute(without_seal()).mappings():
        walk.see_unsealed(of_event(row), now)
    return walk.verdict()


@dataclass
class _Walk:
    """What was seen so far."""

    heads: dict[int, str]
    noted: set[int]
    sequence: int = 0
    previous: str | None = FIRST  # None behind a link that is missing or cannot be believed
    good: tuple[int, str] = (0, FIRST)
    found: list[Finding] = field(default_factory=list)
    count: int = 0
    broken: list[tuple[int, RowMapping]] = field(default_factory=list)  # where among `found`, and the row

    def see(self, row: RowMapping) -> None:
        """One seal beside its event."""
        number = row[SEAL.c.sequence]
        self._see_gap(number)
        flaw = self._flaw(row, number)
        if flaw is not None:
            if flaw is Flaw.BROKEN and len(self.broken) < MOST_COMPARED:
                self.broken.append((len(self.found), row))
            self._tell(flaw, number, row[SEAL.c.event_id])
        if self.heads.pop(number, row[SEAL.c.hash]) != row[SEAL.c.hash]:
            self._tell(Flaw.REWRITTEN, number, row[SEAL.c.event_id])
        self.noted.discard(row[SEAL.c.event_id])
        self.sequence, self.previous = number, row[SEAL.c.hash] if flaw is not Flaw.BROKEN else None
        if not self.count:
            self.good = (number, row[SEAL.c.hash])

    def end(self) -> None:
        """Behind the newest seal."""
        self._explain()
        if self.heads and max(self.heads) > self.sequence:
            self._tell(Flaw.CUT, max(self.heads), None)

    def see_unsealed(self, event: dict[str, Any], now: datetime) -> None:
        """An event that waits for its seal."""
        self.noted.discard(event["id"])
        if not audit_marks.is_ours(event):
            self._tell(Flaw.INSERTED, None, event["id"])
        elif event["at"] < now - LATE_AFTER:
            self._tell(Flaw.UNSEALED, None, event["id"])

    def verdict(self) -> Verdict:
        """All of it; what was noted and never seen is lost."""
        if not any(one.flaw is Flaw.CUT for one in self.found):  # what the cut took is told by the cut
            for event_id in sorted(self.noted):
                self._tell(Flaw.LOST, None, event_id)
        return Verdict(self.good, tuple(self.found), self.count)

    def _see_gap(self, number: int) -> None:
        first, gap = self.sequence + 1, number - self.sequence - 1
        for missing in range(first, first + min(gap, MOST)):
            self._tell(Flaw.MISSING, missing, None)
        self.count += max(gap - MOST, 0)
        if gap > 0:
            self.previous = None

    def _flaw(self, row: RowMapping, number: int) -> Flaw | None:
        if row[EVENT.c.id] is None:
            return Flaw.MISSING
        if not _holds(row, number, of_event(row)):
            return Flaw.BROKEN
        if self.previous is not None and row[SEAL.c.previous_hash] != self.previous:
            return Flaw.UNLINKED
        return Flaw.INSERTED if row[SEAL.c.is_foreign] else None

    def _explain(self) -> None:
        """A link that holds in another broken one's place, or with its event, was moved and not changed."""
        for at, row in self.broken:
            others = [other for _at, other in self.broken if other is not row]
            if any(_holds(row, o[SEAL.c.sequence], of_event(row)) for o in others) or any(
                _holds(row, row[SEAL.c.sequence], of_event(o)) for o in others
            ):
                self.found[at] = Finding(Flaw.REORDERED, row[SEAL.c.sequence], row[SEAL.c.event_id])

    def _tell(self, flaw: Flaw, sequence: int | None, event_id: int | None) -> None:
        self.count += 1
        if len(self.found) < MOST:
            self.found.append(Finding(flaw, sequence, event_id))


def _holds(row: RowMapping, sequence: int, event: Mapping[str, Any]) -> bool:
    """Whether the seal's own hash fits what it says, at this place, over this event."""
    previous, stored, is_foreign = row[SEAL.c.previous_hash], row[SEAL.c.hash], bool(row[SEAL.c.is_foreign])
    return any(
        hmac.compare_digest(stored, link(key, previous, sequence, event, is_foreign=is_foreign)) for key in seal_keys()
    )


def _sealed(session: Session, batch: int) -> Iterator[RowMapping]:
    """Every seal beside its event (if that is still there), by sequence, in pages: memory stays flat."""
    page = select(SEAL, EVENT).outerjoin(EVENT, EVENT.c.id == SEAL.c.event_id).order_by(SEAL.c.sequence).limit(batch)
    last = -1
    while rows := session.execute(page.where(SEAL.c.sequence > last)).mappings().all():
        yield from rows
        last = rows[-1][SEAL.c.sequence]
