"""A year of a bureau's work at random, done through the services; the journal beside it is all that the oracle reads."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.permissions import SYSTEM_ACTOR, Actor
from app.domain.terms import Action, Kind, Role, Status
from app.services import administration, audit, project, returns, review
from models.bureau import Bureau
from models.number import NumberRegister
from models.outbox import Outbox
from models.project import Project
from tests import builders
from tests.builders import LIMITS

SHANGHAI = ZoneInfo("Asia/Shanghai")
REGIONS = ("320213", "320281", "320282")
USES = {"01": "304", "02": "014", "99": "999"}
FIRST, LAST = date(2025, 11, 20), date(2027, 1, 20)
EDGES = ((23, 59, 59, 900_000), (0, 0, 0, 100_000), (0, 0, 0, 0), (23, 59, 59, 999_999))


@dataclass
class Told:
    """One project as the journal knows it."""

    id: int
    key: tuple[str, str, str]
    cny: int
    centiares: int
    events: list[tuple[str, datetime]] = field(default_factory=list)
    pushes: list[tuple[datetime, str, datetime | None]] = field(default_factory=list)  # queued, status, delivered
    imported: bool = False

    def add(self, what: str, at: datetime) -> None:
        self.events.append((what, at))


def instants(chance: random.Random, count: int) -> list[datetime]:
    """Moments in order: half of them anywhere, half at the edges of months."""
    days = (LAST - FIRST).days
    found = []
    for _ in range(count):
        if chance.random() < 0.5:
            day = FIRST + timedelta(days=chance.randrange(days))
            found.append(
                datetime(day.year, day.month, day.day, chance.randrange(24), chance.randrange(60), tzinfo=SHANGHAI)
            )
        else:
            hour, minute, second, fraction = chance.choice(EDGES)
            month = FIRST.replace(day=1) + timedelta(days=31 * chance.randrange(1, 15))
            day = month.replace(day=1) - timedelta(days=1 if hour else 0)
            found.append(datetime(day.year, day.month, day.day, hour, minute, second, fraction, tzinfo=SHANGHAI))
    spread = [at.astimezone(UTC) for at in sorted(found)]
    return [at + timedelta(microseconds=n % 90) for n, at in enumerate(spread)]


class Walk:
    """Random steps that the life cycle allows."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.chance, self.told = session, random.Random(seed), dict[int, Told]()
        session.execute(update(Bureau).values(requires_originals=False))
        session.commit()
        self.reviewers = {code: builders.staff(session, Role.REVIEWER, bureau=code) for code in REGIONS}
        self.admins = {code: builders.staff(session, Role.ADMINISTRATOR, bureau=code) for code in REGIONS}
        self.organization, self.applicant = builders.registered(session)
        builders.approved_enterprise(session, self.applicant, self.reviewers["320281"])

    def go(self, steps: int) -> list[Told]:
        for at in instants(self.chance, steps):
            if len(self.told) < 8 or self.chance.random() < 0.3:
                self._register(at)
            else:
                self._step(self.chance.choice(list(self.told.values())), at)
        self.session.rollback()
        return list(self.told.values())

    def _register(self, at: datetime) -> None:
        category, level = self.chance.choice(list(USES)), self.chance.choice(["003", "004"])
        region = self.chance.choice(REGIONS)
        money, area = Decimal(self.chance.randrange(1, 10**9)) / 10_000, Decimal(self.chance.randrange(10**7)) / 100
        row = builders.draft_project(
            self.session, self.applicant, now=at, category_code=category, use_code=USES[category], region_code=region,
            approval_level_code=level, approved_on="2024-05-01", investment_10k_cny=str(money), length_m="10",
            floor_area_m2=str(area + 1),
        )  # fmt: skip
        self.told[row.id] = Told(row.id, (region, category, level), int(money * 10_000), int((area + 1) * 100))
        if self.chance.random() < 0.9:
            self._submit(self.told[row.id], at)
        elif self.chance.random() < 0.3:
            self._imported(self.told[row.id], at)

    def _step(self, told: Told, at: datetime) -> None:
        row = self.session.get_one(Project, told.id)
        if row.unlocked_until is not None and row.unlocked_until <= at:
            return  # a correction whose time is over takes nothing any more
        moves = {
            Status.DRAFT: [self._submit],
            Status.SUBMITTED: [self._approve, self._approve, self._send_back, self._withdraw, self._void],
            Status.RETURNED: [self._submit, self._submit, self._void],
            Status.APPROVED: [self._unlock, self._push],
            Status.VOIDED: [],
        }[Status(row.status)]
        if row.number and self._void in moves:
            moves.remove(self._void)
        if row.number and self._withdraw in moves:
            moves.remove(self._withdraw)
        if moves:
            self.chance.choice(moves)(told, at)

    def _submit(self, told: Told, at: datetime) -> None:
        row = self.session.get_one(Project, told.id)
        answers = {item.id: "已按要求改正" for item in returns.open_items(self.session, row)}
        project.submit(self.session, self.applicant, told.id, declared=True, answers=answers, now=at, limits=LIMITS)
        told.add("submit", at)

    def _withdraw(self, told: Told, at: datetime) -> None:
        project.withdraw(self.session, self.applicant, told.id, now=at)
        told.add("withdraw", at)

    def _approve(self, told: Told, at: datetime) -> None:
        row = review.approve(self.session, self.reviewers[told.key[0]], Kind.PROJECT, told.id, now=at)
        told.add("approve", at)
        if not any(what == "issue" for what, _ in told.events) and not told.imported:
            told.add("issue", at)
        told.pushes.append((at, "queued", None))
        assert row is not None

    def _send_back(self, told: Told, at: datetime) -> None:
        item = returns.Item("address", "not_filled", "请写明路名")
        review.return_(self.session, self.reviewers[told.key[0]], Kind.PROJECT, told.id, (item,), now=at)
        told.add("return", at)

    def _void(self, told: Told, at: datetime) -> None:
        administration.void(
            self.session, self.admins[told.key[0]], Kind.PROJECT, told.id, reason="演示原因", now=at, limits=LIMITS
        )  # fmt: skip
        told.add("void", at)

    def _unlock(self, told: Told, at: datetime) -> None:
        """As two administrators do it; here in one stroke, since the counting does not ask who."""
        self.session.execute(update(Project).where(Project.id == told.id).values(status=Status.RETURNED))
        audit.record(self.session, SYSTEM_ACTOR, f"project:{Action.UNLOCK}", "project", told.id, now=at)
        self.session.commit()

    def _push(self, told: Told, at: datetime) -> None:
        """The province answers the newest push, or never will."""
        newest = select(Outbox).where(Outbox.project_id == told.id, Outbox.kind == "province_push")
        row = self.session.scalars(newest.order_by(Outbox.id.desc())).first()
        if row is None or not told.pushes or told.pushes[-1][1] != "queued":
            return
        state, delivered = ("delivered", at) if self.chance.random() < 0.7 else ("failed", None)
        self.session.execute(update(Outbox).where(Outbox.id == row.id).values(status=state, delivered_at=delivered))
        self.session.commit()
        told.pushes[-1] = (told.pushes[-1][0], state, delivered)

    def _imported(self, told: Told, at: datetime) -> None:
        """A project from before us, with the number it had."""
        told.imported = True
        number = f"H{told.id:015}"
        values = {"status": Status.APPROVED, "number": number, "numbered_at": at}
        self.session.execute(update(Project).where(Project.id == told.id).values(values))
        self.session.add(
            NumberRegister(
                number=number, project_id=told.id, origin="imported", status="issued", issued_at=at,
                region_code=told.key[0], issued_on=at.astimezone(SHANGHAI).date(), category_code=told.key[1],
                sequence=told.id, flags=[],
            )
        )  # fmt: skip
        self.session.commit()


def a_manager(session: Session, bureau: str) -> Actor:
    return builders.staff(session, Role.MANAGER, bureau=bureau)


def months() -> Iterator[str]:
    """Those that the tests look at: edges of years, an unpublished year, a month a year later."""
    yield from ("2025-12", "2026-01", "2026-02", "2026-05", "2026-10", "2026-12", "2027-01")
