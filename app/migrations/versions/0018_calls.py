"""Calls (来电记录), and the last error shown to each applicant."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_note",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="Who called; staff"),
        sa.Column("text", sa.Text(), nullable=False, comment="What was said, encrypted; staff"),
        sa.Column("written_by_id", sa.Integer(), nullable=False, comment="By whom; system"),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False, comment="When, instant UTC; system"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="call_note_organization_id_exists"),
        sa.ForeignKeyConstraint(["written_by_id"], ["ab_user.id"], name="call_note_written_by_id_exists"),
        sa.PrimaryKeyConstraint("id", name="call_note_is_found_by_its_key"),
        comment="来电记录: calls of organizations",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_call_note_organization_id_id", "call_note", ["organization_id", "id"])
    op.create_index("ix_call_note_written_by_id", "call_note", ["written_by_id"])
    op.create_table(
        "shown_error",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="To whom; system"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="Of which organization; system"),
        sa.Column("page", sa.String(200), nullable=False, comment="Address of the page; system"),
        sa.Column("sentences", sa.Text(), nullable=False, comment="What it said, list, encrypted; system"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When, instant UTC; system"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="shown_error_user_id_exists"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="shown_error_organization_id_exists"),
        sa.PrimaryKeyConstraint("id", name="shown_error_is_found_by_its_key"),
        sa.UniqueConstraint("user_id", name="shown_error_user_id_is_unique"),
        comment="Last error shown to each applicant",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shown_error_organization_id", "shown_error", ["organization_id"])


def downgrade() -> None:
    op.drop_table("shown_error")
    op.drop_table("call_note")
