"""What a page asks of the database: at most twelve statements all in, however much hangs on the record."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from models.audit import AuditEvent
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.project import Project
from models.review import ReturnItem, Review
from models.submission import Submission
from tests import builders
from tests.app_fixtures import MONDAY, ConsoleClient
from tests.views.staging import Records, populate

MOST = 12
STEPS = ("BEGIN", "PRAGMA", "SELECT pg_catalog.version", "SHOW")  # of the connection, not of the page
READERS = ("owner", "clerk", "reviewer", "matter", "manager", "admin", "root", "hats")


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is sent to the tables meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if not sql.startswith(STEPS):
            seen.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def stage(app: Flask, db_session: Session) -> tuple[dict[str, Actor], Records]:
    people, own, _foreign = populate(db_session, app)
    db_session.rollback()
    return people, own


def pages(own: Records) -> list[str]:
    records = [f"/projects/show/{key}" for key in own.projects.values()] + [f"/enterprises/show/{own.enterprise}"]
    decided = [
        f"/{page}/{own.projects[state]}"
        for page in ("projects/approve", "projects/return")
        for state in ("ready", "submitted")
    ]
    return [*records, *decided, f"/enterprises/approve/{own.enterprise}", "/inbox/", "/worklist/", "/"]


def costs(app: Flask, people: dict[str, Actor], engine: Engine, paths: list[str]) -> dict[tuple[str, str], int]:
    """Statements by person and page, of the pages that the person may open."""
    found = {}
    for who in READERS:
        browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
        assert browser.sign_in(people[who].username).status_code == 302
        for path in paths:
            if (who, path) == ("owner", "/"):  # the outlook of up to eight records: tests/views/test_home.py
                continue
            with statements(engine) as seen:
                answer = browser.get(path)
            if answer.status_code == 200:
                found[who, path] = len(seen)
    return found


def much_more(session: Session, own: Records, reviewer: Actor) -> None:
    """Scans, findings, rounds of return, unlocks, pushes and look-alikes: ten of each on every project."""
    for key in own.projects.values():
        project = session.get_one(Project, key)
        for n in range(10):
            scan = builders.attach(session, project, "other")
            session.add(
                OriginalsCheck(
                    attachment_id=scan.id, sha256=scan.sha256, project_id=key, result="match",
                    checked_by_id=reviewer.user_id, checked_at=MONDAY,
                )
            )  # fmt: skip
            _round(session, project, 100 + n, reviewer)
    session.commit()


def _round(session: Session, project: Project, sequence: int, reviewer: Actor) -> None:
    """One more submission that was returned, an unlock and a push."""
    handed_in = Submission(
        project=project, sequence=sequence, snapshot={"fields": {}, "attachments": []}, content_hash="0" * 64,
        rule_version="1", submitted_by_id=project.created_by_id, submitted_at=MONDAY,
    )  # fmt: skip
    decision = Review(
        submission=handed_in, project=project, decision="return", stage="review",
        decided_by_id=reviewer.user_id, decided_at=MONDAY,
    )  # fmt: skip
    items = [
        ReturnItem(
            review=decision, sequence=n, target="address", target_kind="field", reason_code="not_filled",
            instruction="请写明路名", was_visible_before=False,
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    unlock = AuditEvent(
        at=MONDAY, actor_id=reviewer.user_id, actor_name="-", actor_roles="", action="project:unlock",
        object_type="project", object_id=project.id, result="done", after={"fields": ["address"]},
    )  # fmt: skip
    push = Outbox(
        kind="province_push", dedup_key=f"more-{project.id}-{sequence}", payload={}, next_attempt_at=MONDAY,
        project=project, created_at=MONDAY,
    )  # fmt: skip
    session.add_all([handed_in, decision, *items, unlock, push])


def test_a_page_takes_at_most_twelve_statements_however_much_hangs_on_the_record(
    app: Flask, db_session: Session, stage: tuple[dict[str, Actor], Records]
) -> None:
    people, own = stage
    engine = db_session.get_bind()
    assert isinstance(engine, Engine)

    first = costs(app, people, engine, pages(own))  # when the process has read no reference data and rights yet
    few = costs(app, people, engine, pages(own))
    much_more(db_session, own, people["reviewer"])
    many = costs(app, people, engine, pages(own))

    assert {page: count for page, count in [*first.items(), *few.items()] if count > MOST} == {}
    assert {page: count for page, count in first.items() if count - few[page] not in (0, 1, 2)} == {}
    assert many == few
    assert {who for who, _page in few} == set(READERS)
