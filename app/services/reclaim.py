"""代码认领: a code that somebody else registered goes to who proved at the counter to own it (SECURITY §2.1).

The former registration is closed with all it wrote, under a mark in place of the code. Whoever owns the code begins
anew: no row, no scan and no session passes from the one to the other.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Problem, Sentence, say
from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import N_, Action, Status
from app.services import acts, lifecycle, reset
from app.services.accounts import OneTime, end_sessions_of
from app.services.enterprise import of_organization
from app.services.lifecycle import Given
from app.services.notify import notify_organization
from app.services.organization import CLOSED
from app.services.registration import enroll, require_unknown
from models.account_request import AccountRequest
from models.counter_visit import CounterVisit
from models.mandate import Mandate
from models.organization import Organization
from models.project import Project

PROVED = N_("这个单位已在窗口核验过原件或领过编号，不能按代码被占用办理。忘记密码的请办理密码重置。")
OTHER_CODE = N_("与要认领的代码 %(code)s 不一致。")
BECAUSE = N_("代码由原单位在窗口认领")
UNUSABLE = "!"  # no hash: nothing opens it
LIVES_ON = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.APPROVED)


def why_not(session: Session, organization: Organization) -> Sentence | None:
    """Why its code cannot be claimed by somebody else; None when nobody has proved yet to own it."""
    if organization.reclaimed_at is not None:
        return say(CLOSED)
    of_it = Project.organization_id == organization.id
    proofs = (
        select(Project.id).where(of_it, Project.number.is_not(None)),
        select(CounterVisit.id).join(Project, Project.id == CounterVisit.project_id).where(of_it),
        select(Mandate.id).where(Mandate.organization_id == organization.id),
    )
    proved = any(session.scalar(proof.limit(1)) is not None for proof in proofs)
    return say(PROVED) if proved else None


def problems(session: Session, organization: Organization, values: Mapping[str, object]) -> list[Problem]:
    """What is wrong with who registers now, beside the rules of the inputs."""
    if values["org_code"] != organization.org_code:
        place = "uscc" if values["uscc"] else "org_code"
        return [Problem(place, say(OTHER_CODE, code=organization.org_code))]
    try:
        require_unknown(session, values, own_id=organization.id)
    except Invalid as invalid:
        return list(invalid.problems)
    return []


def give_code(session: Session, actor: Actor, row: AccountRequest, door: OneTime, *, now: datetime) -> Organization:
    """Close the former registration and open the new one; gives it. Within the caller's transaction."""
    former, values = row.organization, dict(row.given or {})
    found = problems(session, former, values)
    if found:
        raise Invalid(found)
    notify_organization(
        session, former, "organization:reclaim", key=f"account-request-{row.id}", now=now, org_code=former.org_code
    )
    former.reclaimed_at = now
    _end_records(session, former, now=now)
    _give_up_code(session, former, now=now)
    session.flush()  # the code is free now
    return enroll(session, values, (door.password_hash, None), door.expires_at, now=now)


def _end_records(session: Session, former: Organization, *, now: datetime) -> None:
    """What it wrote is void and stays where it is, for the trail."""
    record = of_organization(session, former.id)
    written = [record] if record is not None and record.status in LIVES_ON else []
    projects = select(Project).where(Project.organization_id == former.id, Project.status.in_(LIVES_ON))
    given = Given(reason=BECAUSE)
    for one in (*session.scalars(projects.with_for_update()), *written):
        transition = lifecycle.require(session, SYSTEM_ACTOR, one, Action.VOID, now=now, given=given)
        acts.carry_out(session, SYSTEM_ACTOR, one, transition, given, now=now)


def _give_up_code(session: Session, former: Organization, *, now: datetime) -> None:
    """A mark takes the code's place, and the account is closed for good."""
    former.org_code, former.uscc = f"~{former.id:09d}", None
    former.version += 1
    for account in reset.accounts_of(session, former):
        account.username = former.org_code
        account.email = f"{former.org_code}@local.invalid"
        account.active = False
        account.password = UNUSABLE
        account.claim_nonce_hash = account.sms_code_hash = account.sms_code_expires_at = None
        end_sessions_of(session, account, "reclaimed", now)
