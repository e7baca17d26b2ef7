"""Checklists (材料清单) of the matters, and which papers of them are in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PLAIN_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SEVEN = (
    "'survey_design_contract', 'drawing_review', 'tender', 'project_filing', 'safety_supervision',"
    " 'quality_supervision', 'construction_permit'"
)


def upgrade() -> None:
    op.add_column(
        "project_matter",
        sa.Column("received", PLAIN_JSON, comment="Keys of the papers of its checklist that are in; matter clerk"),
    )
    op.create_table(
        "matter_item",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("matter", sa.String(30), nullable=False, comment="Which of the seven; root administrator"),
        sa.Column("label_zh", sa.String(100), nullable=False, comment="材料名称; root administrator"),
        sa.Column("label_en", sa.String(100), nullable=False, comment="The same in English; root administrator"),
        sa.Column("is_required", sa.Boolean(), nullable=False, comment="Asked of everybody; root administrator"),
        sa.Column("is_active", sa.Boolean(), nullable=False, comment="Still asked for; root administrator"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="Place in the list; root administrator"),
        sa.CheckConstraint(f"matter IN ({SEVEN})", name="matter_item_is_of_one_of_the_seven"),
        sa.PrimaryKeyConstraint("id", name="matter_item_is_found_by_its_key"),
        sa.UniqueConstraint("matter", "label_zh", name="matter_item_stands_once_in_its_list"),
        comment="事项材料: checklists of the seven matters",
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("matter_item")
    op.drop_column("project_matter", "received")
