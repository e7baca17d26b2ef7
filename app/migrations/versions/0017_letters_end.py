"""Mandates: told before their end, found by their agency. A day at the counter is read by index."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "mandate",
        sa.Column(
            "warned_at", sa.DateTime(timezone=True),
            comment="The organization was told that it ends soon, instant UTC; system",
        ),
    )
    op.create_index("ix_mandate_agency_name_id", "mandate", ["agency_name", "id"])
    op.create_index("ix_mandate_recorded_at", "mandate", ["recorded_at"])
    op.create_index("ix_originals_check_checked_at", "originals_check", ["checked_at"])
    op.create_index("ix_account_request_requested_at", "account_request", ["requested_at"])


def downgrade() -> None:
    op.drop_index("ix_account_request_requested_at", "account_request")
    op.drop_index("ix_originals_check_checked_at", "originals_check")
    op.drop_index("ix_mandate_recorded_at", "mandate")
    op.drop_index("ix_mandate_agency_name_id", "mandate")
    op.drop_column("mandate", "warned_at")
