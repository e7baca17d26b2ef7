"""Reports count what the province took in a month: an index on the time of delivery."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_kind_delivered_at", "outbox", ["kind", "delivered_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbox_kind_delivered_at", table_name="outbox")
