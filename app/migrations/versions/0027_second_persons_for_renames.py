"""更名 is asked for like the other requests about an account; who asked for one sees how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME, BEFORE, AFTER = "account_request_kind_is_known", "'reset', 'reclaim'", "'reset', 'reclaim', 'rename'"


def upgrade() -> None:
    comment = "Who asked for it has read how it ended, instant UTC; first person"
    op.add_column(
        "account_request", sa.Column("outcome_seen_at", sa.DateTime(timezone=True), nullable=True, comment=comment)
    )
    op.execute("UPDATE account_request SET outcome_seen_at = decided_at")
    _know(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM account_request WHERE kind = 'rename'")
    op.drop_column("account_request", "outcome_seen_at")
    _know(AFTER, BEFORE)


def _know(former: str, kinds: str) -> None:
    """Let the table take these kinds; SQLite changes no constraint, so the table is made anew. No other points to it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(NAME, "account_request", type_="check")
        op.create_check_constraint(NAME, "account_request", f"kind IN ({kinds})")
        return
    found = connection.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'account_request' AND sql IS NOT NULL ORDER BY rowid"
    ).all()
    table = next(sql for kind, sql in found if kind == "table")
    anew = table.replace(f"({former})", f"({kinds})").replace("account_request", "account_request_anew", 1)
    connection.exec_driver_sql(anew)
    connection.exec_driver_sql("INSERT INTO account_request_anew SELECT * FROM account_request")
    connection.exec_driver_sql("DROP TABLE account_request")
    connection.exec_driver_sql("ALTER TABLE account_request_anew RENAME TO account_request")
    for kind, sql in found:
        if kind != "table":
            connection.exec_driver_sql(sql)
