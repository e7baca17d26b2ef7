"""Triggers: audit trail and snapshots only grow, a number in the register never goes and never changes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A snapshot that was judged is held by its review (RESTRICT); one that was withdrawn goes with its draft.
NEVER_DELETED = ("audit_event", "audit_seal", "number_register")
NEVER_UPDATED = ("audit_event", "audit_seal", "submission")
PARTS_OF_A_NUMBER = ("number", "region_code", "issued_on", "category_code", "sequence")


def _sqlite() -> None:
    for table in NEVER_DELETED:
        _sqlite_trigger(f"{table}_is_never_deleted", f"DELETE ON {table}", table)
    for table in NEVER_UPDATED:
        _sqlite_trigger(f"{table}_is_never_updated", f"UPDATE ON {table}", table)
    changed = " OR ".join(f"NEW.{part} IS NOT OLD.{part}" for part in PARTS_OF_A_NUMBER)
    _sqlite_trigger("number_is_never_rewritten", f"UPDATE ON number_register WHEN {changed}", "number_register")


def _sqlite_trigger(name: str, event: str, table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{name}: {table} only grows'); END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '%: % only grows', TG_NAME, TG_TABLE_NAME"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in NEVER_DELETED:
        _postgresql_trigger(f"{table}_is_never_deleted", f"DELETE ON {table} FOR EACH ROW")
        _postgresql_trigger(f"{table}_is_never_emptied", f"TRUNCATE ON {table} FOR EACH STATEMENT")
    for table in NEVER_UPDATED:
        _postgresql_trigger(f"{table}_is_never_updated", f"UPDATE ON {table} FOR EACH ROW")
    changed = " OR ".join(f"NEW.{part} IS DISTINCT FROM OLD.{part}" for part in PARTS_OF_A_NUMBER)
    _postgresql_trigger(
        "number_is_never_rewritten", f"UPDATE ON number_register FOR EACH ROW WHEN ({changed})"
    )


def _postgresql_trigger(name: str, event: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} EXECUTE FUNCTION refuse_change()")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    names = [(f"{table}_is_never_deleted", table) for table in NEVER_DELETED]
    names += [(f"{table}_is_never_updated", table) for table in NEVER_UPDATED]
    names += [("number_is_never_rewritten", "number_register")]
    if postgresql:
        names += [(f"{table}_is_never_emptied", table) for table in NEVER_DELETED]
    for name, table in names:
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    if postgresql:
        op.execute("DROP FUNCTION refuse_change()")
