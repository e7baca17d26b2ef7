"""An act that its asker took back is told apart from one whose days ran out."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NAME = "pending_act_state_is_known"
BEFORE, AFTER = "'pending', 'confirmed', 'refused', 'lapsed'", "'pending', 'confirmed', 'refused', 'withdrawn', 'lapsed'"


def upgrade() -> None:
    _know(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("UPDATE pending_act SET state = 'lapsed' WHERE state = 'withdrawn'")
    _know(AFTER, BEFORE)


def _know(former: str, states: str) -> None:
    """Let the table take these states; SQLite changes no constraint, so the table is made anew. No other points to it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(NAME, "pending_act", type_="check")
        op.create_check_constraint(NAME, "pending_act", f"state IN ({states})")
        return
    found = connection.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'pending_act' AND sql IS NOT NULL ORDER BY rowid"
    ).all()
    table = next(sql for kind, sql in found if kind == "table")
    anew = table.replace(f"({former})", f"({states})").replace("pending_act", "pending_act_anew", 1)
    connection.exec_driver_sql(anew)
    connection.exec_driver_sql("INSERT INTO pending_act_anew SELECT * FROM pending_act")
    connection.exec_driver_sql("DROP TABLE pending_act")
    connection.exec_driver_sql("ALTER TABLE pending_act_anew RENAME TO pending_act")
    for kind, sql in found:
        if kind != "table":
            connection.exec_driver_sql(sql)
