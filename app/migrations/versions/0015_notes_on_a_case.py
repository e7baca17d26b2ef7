"""Notes that staff keep on a case (内部备注)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("enterprise_id", sa.Integer(), comment="On which enterprise record; staff"),
        sa.Column("project_id", sa.Integer(), comment="On which project; staff"),
        sa.Column("text", sa.Text(), nullable=False, comment="What was noted, encrypted; staff"),
        sa.Column("written_by_id", sa.Integer(), nullable=False, comment="By whom; system"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When, instant UTC; system"),
        sa.CheckConstraint(
            "(enterprise_id IS NULL) <> (project_id IS NULL)", name="case_note_is_on_exactly_one_record"
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name="case_note_enterprise_id_exists", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="case_note_project_id_exists", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["ab_user.id"], name="case_note_written_by_id_exists"),
        sa.PrimaryKeyConstraint("id", name="case_note_is_found_by_its_key"),
        comment="内部备注: notes of staff on a case",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_note_project_id_id", "case_note", ["project_id", "id"])
    op.create_index("ix_case_note_enterprise_id_id", "case_note", ["enterprise_id", "id"])
    op.create_index("ix_case_note_written_by_id", "case_note", ["written_by_id"])


def downgrade() -> None:
    op.drop_table("case_note")
