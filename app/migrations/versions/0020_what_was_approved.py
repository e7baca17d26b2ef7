"""What was approved, kept beside a record that is being changed: it is what others are told meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEPT = "While it is being changed: what was approved before, encrypted JSON as a snapshot; system"


def upgrade() -> None:
    op.add_column("enterprise", sa.Column("approved_content", sa.Text(), comment=KEPT))
    op.add_column("project", sa.Column("approved_content", sa.Text(), comment=KEPT))
    op.add_column(
        "project", sa.Column("approved_name", sa.String(200), comment="项目名称 of approved_content; system")
    )
    op.add_column(
        "project",
        sa.Column("approved_level_code", sa.String(3), comment="立项级别 of approved_content, for sums; system"),
    )
    op.add_column(
        "project",
        sa.Column(
            "approved_investment_10k_cny", sa.Numeric(15, 4),
            comment="总投资 of approved_content, 万元, for sums; system",
        ),
    )
    op.add_column(
        "project",
        sa.Column(
            "approved_floor_area_m2", sa.Numeric(15, 2), comment="总面积 of approved_content, ㎡, for sums; system"
        ),
    )


def downgrade() -> None:
    for column in (
        "approved_floor_area_m2", "approved_investment_10k_cny", "approved_level_code", "approved_name",
        "approved_content",
    ):  # fmt: skip
        op.drop_column("project", column)
    op.drop_column("enterprise", "approved_content")
