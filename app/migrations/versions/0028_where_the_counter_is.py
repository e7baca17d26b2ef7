"""Where a bureau's counter is, and when it is open: for its contacts and the papers that send people there."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where, when = "窗口地址; administrator", "窗口工作时间; administrator"
    op.add_column("contact", sa.Column("counter_address", sa.String(200), nullable=True, comment=where))
    op.add_column("contact", sa.Column("counter_hours", sa.String(100), nullable=True, comment=when))


def downgrade() -> None:
    op.drop_column("contact", "counter_hours")
    op.drop_column("contact", "counter_address")
