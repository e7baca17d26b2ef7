"""Mandates (法人授权委托书): recorded from the letter; one serves all projects of its organization."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.fields import clean
from app.domain.fields.mandate import MANDATE
from app.domain.permissions import Actor
from app.domain.terms import N_, MandateForm, Role
from app.scope import criteria, fetch
from app.services import audit, reference, verify
from app.services.deciding import deciding, judging
from app.storage import ScanLimits, Storage, Stored, accept
from models.attachment import Attachment
from models.mandate import Mandate
from models.organization import Organization
from models.types import blind_index

STAMPS: dict[MandateForm, tuple[tuple[str, str], ...]] = {
    MandateForm.OWN_STAFF: (
        ("legal_representative", N_("法人代表签章")),
        ("unit_seal", N_("单位公章")),
        ("agent", N_("受委托人签章")),
    ),
    MandateForm.TENDER_AGENCY: (
        ("legal_representative", N_("委托单位法人代表签章")),
        ("unit_seal", N_("委托单位公章")),
        ("agent", N_("受委托人签章")),
        ("agency_seal", N_("受委托人单位公章")),
    ),
}

NOT_YET, HOLDS, ENDED, REVOKED = N_("未生效"), N_("有效"), N_("已过期"), N_("已撤销")
MOST_SHOWN = 20
STATES = (HOLDS, NOT_YET, ENDED, REVOKED)
NO_SCAN = Problem("mandate", say(N_("请上传委托书扫描件（PDF）。")))


def add(
    session: Session,
    actor: Actor,
    storage: Storage,
    organization_id: int,
    raw: Mapping[str, object],
    stamps: frozenset[str],
    scan: tuple[BinaryIO, str] | None,
    *,
    limits: ScanLimits,
    letter_code: str = "",
    now: datetime,
) -> Mandate:
    """Record the letter that the agent brought, with its scan. Raises Invalid naming each faulty input.

    `letter_code` is what we printed on it, if we did: it tells a letter of another unit or on the other form.
    """
    with judging(session, actor, "mandate:add", "organization", organization_id, now=now):
        if Role.COUNTER_CLERK not in actor.roles:
            raise Refused(say(N_("只有窗口人员可以登记委托书。")), "role")
        fetch(session, actor, Organization, organization_id)
        more = _of_code(session, letter_code, organization_id, str(raw.get("mandate_form", "")))
        values, stamps = _checked(session, raw, stamps, more, has_scan=scan is not None, today=local_date(now))
    stored = _kept(storage, scan, limits)
    with deciding(session, actor, "mandate:add", "mandate", now=now):
        organization = fetch(session, actor, Organization, organization_id)
        letter = Mandate(
            organization_id=organization.id,
            stamps=sorted(stamps),
            recorded_by_id=actor.user_id,
            recorded_at=now,
            **_columns(values),
        )
        session.add(letter)
        session.flush()  # the scan hangs on the letter
        session.add(
            Attachment(
                organization_id=organization.id,
                mandate_id=letter.id,
                slot="mandate",
                original_name=stored.original_name,
                sha256=stored.sha256,
                size_bytes=stored.size_bytes,
                page_count=stored.page_count,
                uploaded_by_id=actor.user_id,
                uploaded_at=now,
            )
        )
        audit.record(
            session, actor, "mandate:add", "mandate", letter.id,
            now=now, organization_id=organization.id, after={**values, "scan": stored.sha256},
        )  # fmt: skip
    return letter


def _checked(
    session: Session,
    raw: Mapping[str, object],
    stamps: frozenset[str],
    more: Sequence[Problem],
    *,
    has_scan: bool,
    today: date,
) -> tuple[dict[str, object], frozenset[str]]:
    """The letter's values and the stamps that its form knows. Raises Invalid naming each faulty input."""
    outcome = clean(MANDATE, raw, codes=reference.code_tables(session), today=today)
    values, problems = dict(outcome.values), [*outcome.problems, *more]
    form = values.get("mandate_form")
    wanted = frozenset(code for code, _ in STAMPS[MandateForm(str(form))]) if form else stamps
    if not wanted <= stamps:
        problems.append(Problem("stamps", say(N_("委托书的签章不齐，不能受理。"))))
    blamed = {problem.field for problem in problems}
    if not blamed & {"valid_from", "valid_to"}:
        problems += _outside(values, today)
    if not has_scan:
        problems.append(NO_SCAN)
    if problems:
        raise Invalid(problems)
    if form != MandateForm.TENDER_AGENCY:
        values.update(agency_name=None, agency_code=None)  # left over from a change of mind on the form
    return values, wanted


def _of_code(session: Session, text: str, organization_id: int, form: str) -> list[Problem]:
    """What the code on the letter says against it."""
    if not text.strip():
        return []
    unit, printed = verify.letter_of(session, text)
    sentence = None
    if unit is None:
        sentence = say(N_("没有这样的委托书代码，请逐位核对，或不填。"))
    elif unit.id != organization_id:
        sentence = say(N_("这份委托书是为别的单位打印的，不能受理。"))
    elif printed != form:
        sentence = say(N_("这份委托书的格式与所选的不同，请核对附件1、附件2。"))
    return [Problem("letter_code", sentence)] if sentence else []


def _kept(storage: Storage, scan: tuple[BinaryIO, str] | None, limits: ScanLimits) -> Stored:
    if scan is None:
        raise Invalid([NO_SCAN])
    try:
        return accept(storage, scan[0], scan[1], limits)
    except Refused as refusal:
        raise Invalid([Problem("mandate", refusal.sentence)]) from refusal


def _outside(values: Mapping[str, object], today: date) -> list[Problem]:
    """The letter must hold on the day it is shown (DOMAIN §6)."""
    start, end = values["valid_from"], values["valid_to"]
    if isinstance(start, date) and start > today:
        sentence = say(N_("委托书要到 %(day)s 才生效，今天不能受理。"), day=start.isoformat())
        return [Problem("valid_from", sentence)]
    if isinstance(end, date) and end < today:
        return [Problem("valid_to", say(N_("委托书已于 %(day)s 到期，不能受理。"), day=end.isoformat()))]
    return []


def _columns(values: Mapping[str, object]) -> dict[str, object]:
    columns = {("form" if name == "mandate_form" else name): value for name, value in values.items()}
    columns["agent_id_number_index"] = blind_index(str(values["agent_id_number"]))
    columns["agent_mobile_index"] = blind_index(str(values["agent_mobile"]))
    return columns


def valid_for(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> list[Mandate]:
    """The organization's letters that hold today, newest first."""
    today = local_date(now)
    query = select(Mandate).where(
        criteria(actor, Mandate),
        Mandate.organization_id == organization_id,
        Mandate.revoked_at.is_(None),
        Mandate.valid_from <= today,
        Mandate.valid_to >= today,
    )
    return list(session.scalars(query.order_by(Mandate.id.desc())))


def latest(session: Session, actor: Actor, organization_id: int) -> list[Mandate]:
    """The organization's last letters, newest first, whether they hold or not."""
    query = select(Mandate).where(criteria(actor, Mandate), Mandate.organization_id == organization_id)
    return list(session.scalars(query.order_by(Mandate.id.desc()).limit(MOST_SHOWN)))


def require_valid(letter: Mandate, organization_id: int, *, now: datetime) -> None:
    """Raise Invalid unless the letter is this organization's and holds today (DOMAIN §6)."""
    sentence = None
    if letter.organization_id != organization_id:
        sentence = say(N_("这份委托书不是本单位的。"))
    elif letter.revoked_at is not None:
        sentence = say(N_("这份委托书已撤销，不能受理。"))
    elif not letter.valid_from <= local_date(now) <= letter.valid_to:
        sentence = say(N_("委托书今天不在有效期内，不能受理。"))
    if sentence:
        raise Invalid([Problem("mandate_id", sentence)])


def state_of(letter: Mandate, today: date) -> str:
    """How the letter stands on a day: one of STATES."""
    if letter.revoked_at is not None:
        return REVOKED
    if today < letter.valid_from:
        return NOT_YET
    return HOLDS if today <= letter.valid_to else ENDED


def in_state(state: str, today: date) -> ColumnElement[bool]:
    """The letters that stand so on a day, as `state_of` says."""
    live = Mandate.revoked_at.is_(None)
    return {
        REVOKED: Mandate.revoked_at.is_not(None),
        NOT_YET: and_(live, Mandate.valid_from > today),
        HOLDS: and_(live, Mandate.valid_from <= today, Mandate.valid_to >= today),
        ENDED: and_(live, Mandate.valid_from <= today, Mandate.valid_to < today),
    }[state]
