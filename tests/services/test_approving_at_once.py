"""Many reviewers at the same moment: every number once, every decision once, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.number import parse
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role, Status
from app.services import review
from models.audit import AuditEvent
from models.inbox_message import InboxMessage
from models.number import NumberRegister
from models.outbox import Outbox
from models.project import Project
from models.review import Review
from tests import builders

pytestmark = pytest.mark.fault

REVIEWERS, PROJECTS, RIVALS = 8, 400, 20
TRIES = 3  # a busy machine may keep a writer waiting longer than the database does
PLACES = [(r, c) for r in ("320213", "320205", "320206") for c in ("01", "02", "99")]  # none wants originals first
USE = {"01": "304", "02": "014", "99": "999"}


def many_projects(session: Session, count: int) -> tuple[list[int], list[Actor]]:
    """Submitted projects of one organization in several districts, and reviewers at the root bureau."""
    _, applicant = builders.registered(session)
    reviewers = [builders.staff(session, Role.REVIEWER, bureau="320200") for _ in range(REVIEWERS)]
    builders.approved_enterprise(session, applicant, reviewers[0])
    ids = []
    for n in range(count):
        region, category = PLACES[n % len(PLACES)]
        place = {
            "region_code": region,
            "category_code": category,
            "use_code": USE[category],
            "length_m": "10",
        }
        ids.append(builders.submitted_project(session, applicant, **place).id)
    return ids, reviewers


def in_threads(jobs: list[Callable[[], None]], threads: int) -> None:
    start = threading.Barrier(threads)

    def run(job: Callable[[], None]) -> None:
        start.wait(timeout=30)
        job()

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result()


@pytest.mark.slow
def test_eight_reviewers_approve_four_hundred_projects_with_four_hundred_numbers(engine: Engine) -> None:
    with Session(engine) as session:
        ids, reviewers = many_projects(session, PROJECTS)
        notices_before = _count(session, InboxMessage)

    def work(actor: Actor, mine: list[int]) -> None:
        with Session(engine) as own:
            for record_id in mine:
                _approves(own, actor, record_id)

    jobs = [lambda a=actor, m=ids[n::REVIEWERS]: work(a, m) for n, actor in enumerate(reviewers)]
    in_threads(jobs, REVIEWERS)

    with Session(engine) as session:
        numbers = session.scalars(select(Project.number).where(Project.id.in_(ids))).all()
        assert len(set(numbers)) == PROJECTS
        assert all(parse(number) for number in numbers)
        register = session.execute(select(NumberRegister.number, NumberRegister.project_id)).all()
        projects = session.execute(select(Project.number, Project.id).where(Project.number.is_not(None)))
        assert sorted(map(tuple, register)) == sorted(map(tuple, projects))
        assert _no_gap(session)
        assert _each_once(session, Review.project_id, ids)
        assert _each_once(session, AuditEvent.object_id, ids, AuditEvent.action == "project:approve")
        assert _each_once(session, Outbox.project_id, ids, Outbox.kind == "province_push")
        assert _each_once(session, Outbox.project_id, ids, Outbox.dedup_key.like("sms:project:approve:%"))
        assert _count(session, Review, Review.project_id.in_(ids)) == PROJECTS
        assert _count(session, AuditEvent, AuditEvent.action == "project:approve") == PROJECTS
        assert _count(session, InboxMessage) - notices_before == PROJECTS
        assert _count(session, Outbox, Outbox.dedup_key.like("sms:project:approve:%")) == PROJECTS
        assert _count(session, Outbox, Outbox.kind == "province_push") == PROJECTS


def _approves(session: Session, actor: Actor, record_id: int) -> None:
    """As a person does: told that the database is busy (503), they press the button again."""
    for _try in range(TRIES - 1):
        try:
            review.approve(session, actor, Kind.PROJECT, record_id, now=builders.NOW)
        except OperationalError as busy:
            assert "locked" in str(busy.orig), busy
        else:
            return
    review.approve(session, actor, Kind.PROJECT, record_id, now=builders.NOW)


def _count(session: Session, model: type, *where: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def _each_once(session: Session, column: Any, ids: list[int], *where: object) -> bool:
    """Every project has exactly one such row."""
    found = session.execute(select(column, func.count()).where(column.in_(ids), *where).group_by(column))
    return dict(map(tuple, found)) == dict.fromkeys(ids, 1)


def _no_gap(session: Session) -> bool:
    """Per region, day and category the sequences run from 1 without a hole."""
    series: dict[tuple[object, ...], list[int]] = {}
    for row in session.scalars(select(NumberRegister)):
        series.setdefault((row.region_code, row.issued_on, row.category_code), []).append(row.sequence)
    return all(sorted(s) == list(range(1, len(s) + 1)) for s in series.values())


def test_of_twenty_parallel_approvals_one_wins_and_the_others_are_told(engine: Engine) -> None:
    with Session(engine) as session:
        (record_id,), reviewers = many_projects(session, 1)
    told: list[str] = []

    def rival(n: int) -> None:
        with Session(engine) as own:
            try:
                review.approve(own, reviewers[n % REVIEWERS], Kind.PROJECT, record_id, now=builders.NOW)
                told.append("won")
            except Refused as refusal:
                told.append(str(refusal.sentence))

    in_threads([lambda n=n: rival(n) for n in range(RIVALS)], RIVALS)

    assert Counter(told)["won"] == 1
    assert all("审核通过" in sentence or "已被别人办理" in sentence for sentence in told if sentence != "won")
    assert len(told) == RIVALS
    with Session(engine) as session:
        assert _count(session, Review, Review.project_id == record_id) == 1
        assert _count(session, NumberRegister) == 1
        refusals = AuditEvent.result == "refused"
        assert _count(session, AuditEvent, AuditEvent.action == "project:approve", refusals) == RIVALS - 1


def test_approve_against_return_has_one_outcome(engine: Engine) -> None:
    from app.services.returns import Item

    with Session(engine) as session:
        ids, reviewers = many_projects(session, 6)

    def approve(record_id: int) -> None:
        with Session(engine) as own, suppress(Refused):
            review.approve(own, reviewers[0], Kind.PROJECT, record_id, now=builders.NOW)

    def send_back(record_id: int) -> None:
        item = Item("address", "not_filled", "请补充")
        with Session(engine) as own, suppress(Refused):
            review.return_(own, reviewers[1], Kind.PROJECT, record_id, [item], now=builders.NOW)

    for record_id in ids:
        in_threads([lambda r=record_id: approve(r), lambda r=record_id: send_back(r)], 2)

    with Session(engine) as session:
        for row in session.scalars(select(Project).where(Project.id.in_(ids))):
            decision = session.scalars(select(Review.decision).where(Review.project_id == row.id)).one()
            assert row.status == (Status.APPROVED if decision == "approve" else Status.RETURNED)
            assert (row.number is not None) == (decision == "approve")
