"""What a record still lacks before it can be submitted: required inputs, values that break a rule, missing scans."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Problem, say
from app.domain.fields import judge
from app.domain.terms import N_
from app.services import corrections, reference, snapshot
from app.services.reading import once


def problems(session: Session, record: snapshot.Record, *, now: datetime) -> list[Problem]:
    """Every problem, in the order of the form, scans last; of a correction those that it must mend."""
    return _problems(session, record, local_date(now))


@once
def _problems(session: Session, record: snapshot.Record, today: date) -> list[Problem]:
    codes = reference.code_tables(session)
    found = judge(snapshot.table_of(record), snapshot.values_of(record), codes=codes, today=today)
    return corrections.concerns(session, record, [*found, *missing_scans(session, record)], codes=codes, today=today)


def missing_scans(session: Session, record: snapshot.Record) -> list[Problem]:
    """Slots with fewer scans than the record needs."""
    counts: dict[str, int] = {}
    for attachment in snapshot.live_attachments(session, record):
        counts[attachment.slot] = counts.get(attachment.slot, 0) + 1
    return [
        Problem(slot.slot, say(N_("请上传%(label)s扫描件（PDF）。"), label=slot.named))
        for slot in reference.slots_of(session, record)
        if counts.get(slot.slot, 0) < slot.min_count
    ]
