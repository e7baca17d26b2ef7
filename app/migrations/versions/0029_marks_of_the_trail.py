"""Events of the trail bear a keyed mark, seals say when one does not, and SQLite replaces no row that only grows."""

import sqlalchemy as sa
from alembic import op

from models.audit_marks import mark_waiting

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# What no second row may share, per table that only grows: SQLite's OR REPLACE would take the first one away.
UNIQUE = {
    "audit_event": ("id",),
    "audit_seal": ("id", "sequence", "event_id", "hash"),
    "submission": ("id", "enterprise_id, sequence", "project_id, sequence"),
    "number_register": ("id", "number", "region_code, issued_on, category_code, sequence"),
    "issued_report": ("id", "kind, month, bureau_id, edition"),
    "organization_change": ("id",),
}


def upgrade() -> None:
    op.add_column(
        "audit_event",
        sa.Column(
            "mark",
            sa.String(81),
            nullable=True,
            comment="Nonce and HMAC-SHA256 of the content, by whoever wrote it with our key; system",
        ),
    )
    op.create_index("ix_audit_event_mark", "audit_event", ["mark"])
    op.add_column(
        "audit_seal",
        sa.Column(
            "is_foreign",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="The event bears no mark of ours; worker",
        ),
    )
    _let_events_change()
    mark_waiting(op.get_bind())
    _let_events_stand()
    if op.get_bind().dialect.name == "sqlite":
        _refuse_replacing()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in UNIQUE:
            op.execute(f"DROP TRIGGER {table}_is_never_replaced")
        op.execute("DROP TRIGGER number_register_keeps_its_key")
    op.drop_column("audit_seal", "is_foreign")
    op.drop_index("ix_audit_event_mark", table_name="audit_event")
    op.drop_column("audit_event", "mark")


def _let_events_change() -> None:
    """Only for the events that wait for their seal while this runs: they get the mark that they were written without."""
    on = " ON audit_event" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER audit_event_is_never_updated{on}")


def _let_events_stand() -> None:
    name = "audit_event_is_never_updated"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        _sqlite_trigger(name, "UPDATE ON audit_event", "audit_event")


def _refuse_replacing() -> None:
    for table, keys in UNIQUE.items():
        taken = " OR ".join(f"({_equals(key)})" for key in keys)
        _sqlite_trigger(
            f"{table}_is_never_replaced",
            f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} AS held WHERE {taken})",
            table,
        )
    _sqlite_trigger(
        "number_register_keeps_its_key", "UPDATE ON number_register WHEN NEW.id IS NOT OLD.id", "number_register"
    )


def _equals(key: str) -> str:
    return " AND ".join(f"held.{column} = NEW.{column}" for column in key.split(", "))


def _sqlite_trigger(name: str, event: str, table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{name}: {table} only grows'); END"
    )
