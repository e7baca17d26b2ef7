"""单体信息: saved and submitted by whoever builds, looked through by the bureau, told to the municipal flow."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain import free_text
from app.domain.clock import local_date
from app.domain.errors import Invalid, NotFound, Refused, say
from app.domain.fields import DECLARATION_VERSION, RULE_VERSION, UNIT_WORK, clean
from app.domain.limits import TimeLimits
from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import Action, Status
from app.domain.unit_works import FULL, LAST_SEQUENCE, unit_code
from app.domain.workflow import Transition
from app.scope import fetch
from app.services import audit, calendar, municipal, reference, unit_filings
from app.services.deciding import deciding
from app.services.lifecycle import Given
from app.services.notify import notify
from app.services.unit_filings import KIND, TYPE, values_of
from models.project import Project
from models.unit_work import UnitFiling, UnitSubmission, UnitWork


def save(
    session: Session,
    actor: Actor,
    project_id: int,
    raw: Mapping[str, object],
    *,
    unit_id: int | None = None,
    version: int | None = None,
    now: datetime,
) -> UnitWork:
    """保存 one unit work: a new one with the next code, or one that is there.

    Raises Invalid naming each input, Refused, Conflict or NotFound; then nothing is changed.
    """
    with deciding(session, actor, "unit_work:edit", TYPE, now=now):
        project, filing = unit_filings.held(session, actor, project_id, version)
        unit_filings.require(session, actor, project, filing, Action.EDIT, now=now)
        unit = _of(filing, unit_id) if unit_id is not None else None
        before = values_of(unit) if unit is not None else {}
        outcome = clean(UNIT_WORK, {**before, **raw}, codes=reference.code_tables(session), today=local_date(now))
        if outcome.problems:
            raise Invalid(outcome.problems)
        if filing is None:
            filing = UnitFiling(project=project, changed_at=now)
            session.add(filing)
        if unit is None:
            unit = _new(project, filing)
            session.add(unit)
        elif not audit.changed(before, outcome.values)[1]:
            return unit
        for name in UNIT_WORK.names:
            setattr(unit, name, outcome.values.get(name))
        filing.changed_at = now
        flag_modified(filing, "changed_at")  # a save counts as one within the same instant, too
        session.flush()  # the audit event names the filing
        old, new = audit.changed(before, values_of(unit))
        _tell(session, actor, "edit", filing, {"code": unit.code, **old}, {"code": unit.code, **new}, now)
    return unit


def remove(session: Session, actor: Actor, unit_id: int, *, version: int | None = None, now: datetime) -> UnitFiling:
    """移除: its code is not given again. Raises Refused, Conflict or NotFound."""
    with deciding(session, actor, "unit_work:remove", TYPE, now=now):
        filing_id = fetch(session, actor, UnitWork, unit_id).filing_id
        project, filing = unit_filings.filed(session, actor, filing_id, version)
        unit_filings.require(session, actor, project, filing, Action.EDIT, now=now)
        unit = _of(filing, unit_id)
        before = {"code": unit.code, "name": unit.name}
        session.delete(unit)
        filing.changed_at = now
        session.flush()
        session.expire(filing, ["units"])
        _tell(session, actor, "remove", filing, before, None, now)
    return filing


def submit(
    session: Session,
    actor: Actor,
    project_id: int,
    *,
    declared: bool,
    version: int | None = None,
    now: datetime,
    limits: TimeLimits,
) -> UnitFiling:
    """提交: the project goes into the municipal flow (进入市审批流程). Raises Refused, Conflict or NotFound."""
    with deciding(session, actor, "unit_work:submit", TYPE, now=now):
        project, filing = unit_filings.held(session, actor, project_id, version)
        given = Given(declared=declared)
        transition = unit_filings.require(session, actor, project, filing, Action.SUBMIT, now=now, given=given)
        assert filing is not None  # complete
        filing.submission_count += 1
        filing.submitted_at, filing.decided_at, filing.words = now, None, None
        filing.due_on = calendar.due_on(session, local_date(now), limits.unit_works)
        submission = UnitSubmission(
            filing_id=filing.id, sequence=filing.submission_count, units=unit_filings.plain(filing.units),
            rule_version=RULE_VERSION, declaration_version=DECLARATION_VERSION, submitted_at=now,
            submitted_by_id=actor.user_id,
        )  # fmt: skip
        session.add(submission)
        municipal.push(session, project, filing, now=now)
        unit_filings.move(session, actor, filing, transition, now=now, after={"submission": submission.sequence})
        notify(session, project, "unit_work:submit", key=f"unit-{filing.id}-{filing.version}", now=now)
    return filing


def approve(session: Session, actor: Actor, filing_id: int, *, version: int | None = None, now: datetime) -> UnitFiling:
    """审核通过. Raises Refused, Conflict or NotFound."""
    return _decide(session, actor, filing_id, Action.APPROVE, "", version, now)


def return_(
    session: Session, actor: Actor, filing_id: int, words: str, *, version: int | None = None, now: datetime
) -> UnitFiling:
    """退回 with what is to be mended. Raises Invalid, Refused, Conflict or NotFound."""
    return _decide(session, actor, filing_id, Action.RETURN, words, version, now)


def unlock(
    session: Session, actor: Actor, filing_id: int, words: str, *, version: int | None = None, now: datetime
) -> UnitFiling:
    """解锁（人工退回） of an approved filing. Raises Invalid, Refused, Conflict or NotFound."""
    return _decide(session, actor, filing_id, Action.UNLOCK, words, version, now)


def close(session: Session, project: Project, *, now: datetime) -> None:
    """The project's number is void, so its unit works are, in that transaction; the municipal flow is told."""
    filing = unit_filings.of_project(session, project)
    if filing is None or filing.status == Status.VOIDED:
        return
    outcome = unit_filings.verdict(session, SYSTEM_ACTOR, project, filing, Action.VOID, now=now)
    assert isinstance(outcome, Transition)
    filing.due_on = None
    if filing.submission_count:
        municipal.push_deletion(session, project, filing, now=now)
    unit_filings.move(session, SYSTEM_ACTOR, filing, outcome, now=now)


def _decide(
    session: Session,
    actor: Actor,
    filing_id: int,
    action: Action,
    words: str,
    version: int | None,
    now: datetime,
) -> UnitFiling:
    with deciding(session, actor, f"{KIND}:{action}", TYPE, filing_id, now=now):
        project, filing = unit_filings.filed(session, actor, filing_id, version)
        text = free_text.read(free_text.REASON, words, name="words")
        given = Given(reason=text)
        transition = unit_filings.require(session, actor, project, filing, action, now=now, given=given)
        filing.words = text or None
        filing.decided_at, filing.decided_by_id, filing.due_on = now, actor.user_id, None
        unit_filings.move(session, actor, filing, transition, now=now, after={"reason": text} if text else None)
        notify(session, project, f"{KIND}:{action}", key=f"unit-{filing.id}-{filing.version}", now=now)
    return filing


def _of(filing: UnitFiling | None, unit_id: int) -> UnitWork:
    unit = next((one for one in filing.units if one.id == unit_id), None) if filing else None
    if unit is None:
        raise NotFound(UnitWork.__name__)
    return unit


def _new(project: Project, filing: UnitFiling) -> UnitWork:
    """With the next code; the project's row is held, so nobody else counts."""
    sequence = (filing.last_sequence or 0) + 1
    if sequence > LAST_SEQUENCE:
        raise Refused(say(FULL), "full")
    filing.last_sequence = sequence
    return UnitWork(filing=filing, sequence=sequence, code=unit_code(str(project.number), sequence))


def _tell(
    session: Session,
    actor: Actor,
    deed: str,
    filing: UnitFiling,
    before: Mapping[str, object],
    after: Mapping[str, object] | None,
    now: datetime,
) -> None:
    audit.record(
        session, actor, f"{KIND}:{deed}", TYPE, filing.id,
        now=now, organization_id=filing.project.organization_id, before=before, after=after,
    )  # fmt: skip
