"""What was sent after its session had ended is kept with the address that it was sent to."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "unsaved_entry",
        sa.Column(
            "sent_to", sa.String(200), nullable=True,
            comment="Where it was sent after its session had ended; empty for what is only being typed; request",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("unsaved_entry", "sent_to")
