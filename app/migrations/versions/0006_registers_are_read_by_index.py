"""Indexes for the lists of numbers, notices and the audit trail: every filter and order they offer."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "number_register": (("status", "id"), ("origin", "id"), ("category_code", "id")),
    "audit_event": (("actor_name", "at"), ("object_type", "at"), ("result", "at")),
    "outbox": (("kind", "created_at"),),
}


def upgrade() -> None:
    for table, columns in ((table, columns) for table, many in INDEXES.items() for columns in many):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def downgrade() -> None:
    for table, columns in ((table, columns) for table, many in INDEXES.items() for columns in many):
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
