"""A push that is sent again keeps its first acknowledgement; an outage that was given up on is tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

GIVEN_UP_AT = 500  # attempts after which earlier releases took an outage for a refusal


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column(
            "acknowledged_at",
            sa.DateTime(timezone=True),
            comment="First acknowledged, of what was sent again since, instant UTC; system",
        ),
    )
    op.create_index("ix_outbox_kind_acknowledged_at", "outbox", ["kind", "acknowledged_at"])
    pushes = "kind IN ('province_push', 'municipal_push')"
    later = "SELECT 1 FROM outbox AS later WHERE later.kind = outbox.kind AND later.project_id = outbox.project_id"
    op.execute(
        f"UPDATE outbox SET status = 'superseded' WHERE {pushes} AND status IN ('failed', 'expired')"
        f" AND EXISTS ({later} AND later.id > outbox.id)"
    )
    op.execute(f"UPDATE outbox SET status = 'queued' WHERE {pushes} AND status = 'failed' AND attempts >= {GIVEN_UP_AT}")


def downgrade() -> None:
    op.drop_index("ix_outbox_kind_acknowledged_at", "outbox")
    op.drop_column("outbox", "acknowledged_at")
