"""What only grows: the database itself refuses to change the audit trail, snapshots and numbers."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import AuditEvent, AuditSeal, Review, Submission
from tests.databases import on_postgresql, on_sqlite
from tests.models import rows

TABLES = ("audit_event", "audit_seal", "number_register", "issued_report", "organization_change")


@pytest.fixture
def filled(session: Session) -> Session:
    event = AuditEvent(
        at=rows.NOW,
        actor_name="演示",
        actor_roles="reviewer",
        action="project:approve",
        object_type="project",
        result="done",
        after={"status": "approved"},
    )
    seal = AuditSeal(sequence=1, event=event, previous_hash="0" * 64, hash="1" * 64, sealed_at=rows.NOW)
    record = rows.project()
    session.add_all([event, seal, record, rows.submission(record), rows.issued_number(record)])
    session.flush()
    session.add_all([rows.issued_report(session, record.created_by), rows.organization_change(record)])
    session.commit()
    return session


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_never_deleted(filled: Session, table: str) -> None:
    with pytest.raises(IntegrityError, match=f"{table}_is_never_deleted"):
        filled.execute(text(f"DELETE FROM {table}"))

    filled.rollback()
    assert filled.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("audit_event", "result = 'refused'"),
        ("audit_seal", "hash = previous_hash"),
        ("submission", "snapshot = 'x'"),
        ("submission", "rule_version = rule_version"),
        ("issued_report", "content_hash = content_hash"),
        ("organization_change", "reason = 'x'"),
    ],
)
def test_a_row_of_the_trail_or_a_snapshot_is_never_updated(filled: Session, table: str, change: str) -> None:
    with pytest.raises(IntegrityError, match=f"{table}_is_never_updated"):
        filled.execute(text(f"UPDATE {table} SET {change}"))


@pytest.mark.parametrize(
    "change",
    [
        "number = '3202811601100102'",
        "region_code = '320282'",
        "issued_on = '2016-01-11'",
        "category_code = '02'",
        "sequence = 2",
    ],
)
def test_no_part_of_a_number_is_rewritten(filled: Session, change: str) -> None:
    with pytest.raises(IntegrityError, match="number_is_never_rewritten"):
        filled.execute(text(f"UPDATE number_register SET {change}"))


def test_a_number_can_be_voided(filled: Session) -> None:
    filled.execute(text("UPDATE number_register SET status = 'voided', voided_at = issued_at, voided_reason = '演示'"))
    filled.commit()

    assert filled.execute(text("SELECT status FROM number_register")).scalar_one() == "voided"


@on_sqlite
@pytest.mark.parametrize("table", TABLES)
def test_replacing_a_row_is_deleting_it(filled: Session, table: str) -> None:
    with pytest.raises(IntegrityError, match=f"{table}_is_never_deleted"):
        filled.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


@on_postgresql
@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_never_emptied(filled: Session, table: str) -> None:
    with pytest.raises(IntegrityError, match="_is_never_emptied"):
        filled.execute(text(f"TRUNCATE {table} CASCADE"))


def test_a_judged_snapshot_is_never_deleted(filled: Session) -> None:
    snapshot = filled.scalars(select(Submission)).one()
    judge = rows.user()
    filled.add(judge)
    filled.flush()
    filled.add(
        Review(
            submission=snapshot, project_id=snapshot.project_id, decision="approve", stage="review",
            decided_by_id=judge.id, decided_at=rows.NOW,
        )
    )  # fmt: skip
    filled.commit()

    with pytest.raises(IntegrityError):
        filled.execute(text("DELETE FROM submission"))
