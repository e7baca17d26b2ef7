"""A bureau that is played in any order: people, records and a clock, and what must hold after every step."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.domain.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotFound, Refused, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Kind, Role, Status
from app.outbox.deliver import deliver_due
from app.outbox.parcel import Channel, DeliveryFailed, Parcel
from app.services import (
    accounts,
    approved,
    lifecycle,
    published,
    waiting,
)
from app.worker import EVERY_HOUR, EVERY_MINUTE
from models.assignment import Assignment
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.number import NumberRegister
from models.project import Project
from models.region import Region
from models.user import User
from tests import builders
from tests.builders import LIMITS, NOW

SHANGHAI_MORNING = timedelta(hours=24)
MODELS: dict[Kind, Any] = {Kind.PROJECT: Project, Kind.ENTERPRISE: Enterprise}
DOCUMENTS = ("澄发改投〔2026〕7号", "澄发改投[2026]7号", "澄发改投〔2026〕8号")  # the first two are one
FIELDS = ("investment_10k_cny", "contact_name", "scale", "name")
REFUSALS = (Refused, Invalid, Conflict, NotFound)
REASON = "演示：任意次序"


class TheBureau:
    """The people and records of one run. Every act goes through the services; a refusal is an answer like any other."""

    def __init__(self, session: Session) -> None:
        self.session, self.now = session, NOW
        self.cases = [builders.a_case(session) for _ in range(2)]
        self.reviewers = [case.reviewer for case in self.cases]
        self.clerk = self.cases[0].clerk
        self.admins = [builders.staff(session, Role.ADMINISTRATOR) for _ in range(2)]
        self.root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
        first, second = self.cases
        builders.approved_project(session, first, approval_document_number=DOCUMENTS[0])
        builders.submitted_project(session, second.applicant, approval_document_number=DOCUMENTS[1])
        builders.draft_project(session, first.applicant, approval_document_number=DOCUMENTS[2])
        self.province: Callable[[], str | None] = lambda: "ok"
        self.seen_events = self._last_event()
        self.states = self._states()
        self.refused = self.done = 0

    # Acting ---------------------------------------------------------------------------------------

    def act(self, what: Callable[..., Any], *args: Any, **given: Any) -> bool:
        """Do it now, by the settings' limits; False when it was refused in words."""
        taken = inspect.signature(what).parameters
        given |= {name: value for name, value in {"now": self.now, "limits": LIMITS}.items() if name in taken}
        try:
            what(self.session, *args, **given)
        except REFUSALS:
            self.session.rollback()
            self.refused += 1
            return False
        self.done += 1
        return True

    def later(self, by: timedelta) -> None:
        """Time passes, and the worker does what it does every minute and every hour."""
        self.now += by
        for sweep in (*EVERY_MINUTE, *EVERY_HOUR):
            sweep(self.session, self.now, LIMITS)
            self.session.rollback()

    def deliver(self) -> None:
        """The province takes, refuses, or is away, as it was told."""
        self.session.rollback()
        deliver_due(
            sessionmaker(self.session.get_bind()), {Channel.PROVINCE_PUSH: self._province}, FixedClock(self.now)
        )

    def _province(self, parcel: Parcel) -> str:
        answer = self.province()
        if answer == "away":
            raise DeliveryFailed(say(N_("没有送达")), transient=True)
        if answer == "no":
            raise DeliveryFailed(say(N_("被退回")), transient=False)
        return f"ref-{parcel.key}"

    def enabled(self, actor: Actor, *, active: bool) -> None:
        """An administrator switches an account off or on."""
        user = self.session.get_one(User, actor.user_id)
        raw = {**accounts.values_of(user), "active": "y" if active else ""}
        raw["bureau_id"] = str(user.bureau_id)
        self.act(accounts.change, self.root, user.id, raw, accounts.fingerprint(accounts.values_of(user)))

    def fresh(self, actor: Actor) -> Actor | None:
        """The person as signed in now; nobody once the account is off."""
        user = self.session.get_one(User, actor.user_id)
        return builders.actor_of(self.session, user) if user.active else None

    def region_ends(self, *, ended: bool) -> None:
        """The district is merged into another, or that was taken back; an officer's entry, past the forms."""
        region = self.session.scalars(select(Region).where(Region.code == "320281")).first()
        assert region is not None
        region.valid_to = (self.now - timedelta(days=1)).date() if ended else None
        self.session.commit()

    # What must hold ----------------------------------------------------------------------------------

    def check(self) -> None:
        self.session.rollback()
        self.session.expire_all()
        self._register_equals_projects()
        self._one_number_for_one_approval()
        self._no_claim_of_an_unfit_person()
        self._every_record_has_a_next_step()
        self._public_is_what_was_approved()
        self._every_change_of_state_has_its_event()

    def _register_equals_projects(self) -> None:
        rows = {row.number: row for row in self.session.scalars(select(NumberRegister))}
        numbered = {p.number: p for p in self.session.scalars(select(Project).where(Project.number.is_not(None)))}
        assert rows.keys() == numbered.keys()
        for number, project in numbered.items():
            assert rows[number].project_id == project.id
            assert (rows[number].status == "voided") == (project.status == Status.VOIDED), number

    def _one_number_for_one_approval(self) -> None:
        held: dict[str, int] = {}
        alive = select(Project).where(Project.number.is_not(None), Project.status != Status.VOIDED)
        for project in self.session.scalars(alive):
            if project.approval_key and not project.duplicate_allowed:
                held[project.approval_key] = held.get(project.approval_key, 0) + 1
        assert [key for key, count in held.items() if count > 1] == []

    def _no_claim_of_an_unfit_person(self) -> None:
        held = select(User).join(Assignment, Assignment.assignee_id == User.id).where(Assignment.released_at.is_(None))
        for user in self.session.scalars(held):
            assert user.active
            assert Role.REVIEWER in {role.name for role in user.roles}

    def _every_record_has_a_next_step(self) -> None:
        people = [person for person in map(self.fresh, self._everybody()) if person is not None]
        for kind, model in MODELS.items():
            for record in self.session.scalars(select(model).where(model.status != Status.VOIDED)):
                if waiting.of_record(self.session, record):
                    continue
                steps = [offer.action for person in people if self._sees(person, record)
                         for offer in lifecycle.offers(self.session, person, record, now=self.now)
                         if offer.refusal is None]  # fmt: skip
                assert steps, f"{kind} {record.id} in {record.status} waits for nobody"

    def _sees(self, person: Actor, record: Any) -> bool:
        return record.organization_id == person.organization_id or record.bureau_id in person.bureau_ids

    def _everybody(self) -> list[Actor]:
        return [*(case.applicant for case in self.cases), *self.reviewers, self.clerk, *self.admins, self.root]

    def _public_is_what_was_approved(self) -> None:
        for project in self.session.scalars(select(Project).where(Project.number.is_not(None))):
            last = approved.last_approved(self.session, project)
            told = published.by_number(self.session, self.root, str(project.number))
            assert last is not None
            assert told.fields["name"] == last.snapshot["fields"]["name"]
            assert told.public.name == last.snapshot["fields"]["name"]

    def _every_change_of_state_has_its_event(self) -> None:
        states, new = self._states(), select(AuditEvent).where(AuditEvent.id > self.seen_events)
        told = {(e.object_type, e.object_id) for e in self.session.scalars(new.where(AuditEvent.result == "done"))}
        moved = {key for key in states.keys() | self.states.keys() if states.get(key) != self.states.get(key)}
        assert moved <= told, moved - told
        self.states, self.seen_events = states, self._last_event()

    def _states(self) -> dict[tuple[str, int], str]:
        return {
            (str(kind), key): status
            for kind, model in MODELS.items()
            for key, status in self.session.execute(select(model.id, model.status))
        }

    def _last_event(self) -> int:
        return self.session.scalar(select(func.max(AuditEvent.id))) or 0
