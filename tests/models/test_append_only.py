"""What only grows: the database itself refuses to change the audit trail, snapshots and numbers."""

import sqlite3

import pytest
from sqlalchemy import inspect, select, text
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
    with pytest.raises(IntegrityError, match=f"{table}_is_never_replaced"):
        filled.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


@on_sqlite
@pytest.mark.parametrize("table", [*TABLES, "submission"])
def test_no_connection_replaces_a_row_whatever_it_is_set_to(filled: Session, table: str) -> None:
    """A shell of SQLite knows nothing of our pragmas, and takes any key of a row for the same row."""
    rows_before = filled.execute(text(f"SELECT * FROM {table}")).all()
    inspector = inspect(filled.get_bind())
    uniques = [key["column_names"] for key in inspector.get_unique_constraints(table)]
    columns = [column["name"] for column in inspector.get_columns(table)]
    filled.rollback()
    shell = sqlite3.connect(filled.get_bind().engine.url.database)

    for key in (["id"], *uniques):
        kept = ", ".join(name if name in key else _other(name) for name in columns)
        with pytest.raises(sqlite3.IntegrityError, match=f"{table}_is_never_replaced"):
            shell.execute(f"REPLACE INTO {table} ({', '.join(columns)}) SELECT {kept} FROM {table}")
    shell.close()

    assert filled.execute(text(f"SELECT * FROM {table}")).all() == rows_before


def _other(column: str) -> str:
    """The same value, of the key another one."""
    return "id + 1000" if column == "id" else column


@on_sqlite
def test_no_number_takes_the_key_of_another(filled: Session) -> None:
    shell = sqlite3.connect(filled.get_bind().engine.url.database)

    with pytest.raises(sqlite3.IntegrityError, match="number_register_keeps_its_key"):
        shell.execute("UPDATE OR REPLACE number_register SET id = id + 1")
    shell.close()


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
