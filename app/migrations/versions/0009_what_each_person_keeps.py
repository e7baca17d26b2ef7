"""What each person keeps: entries that were not saved yet, and views of lists under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsaved_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Who typed it; system"),
        sa.Column("form", sa.String(80), nullable=False, comment="Address of the form; system"),
        sa.Column(
            "entries", sa.Text(), nullable=False,
            comment="What was typed, lists by input name, encrypted JSON; the person",
        ),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False, comment="Kept last, instant UTC; system"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="unsaved_entry_user_id_exists"),
        sa.PrimaryKeyConstraint("id", name="unsaved_entry_is_found_by_its_key"),
        sa.UniqueConstraint("user_id", "form", name="unsaved_entry_is_one_per_person_and_form"),
        comment="暂存: what was typed and not saved",
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index("ix_unsaved_entry_kept_at", "unsaved_entry", ["kept_at"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Whose view; system"),
        sa.Column("page", sa.String(40), nullable=False, comment="Address of the list; system"),
        sa.Column("name", sa.String(40), nullable=False, comment="What the person calls it; the person"),
        sa.Column(
            "conditions", sa.Text(), nullable=False,
            comment="Query part of the address, encrypted: a search may name a person; the person",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="Saved, instant UTC; system"),
        sa.CheckConstraint("name <> ''", name="saved_view_has_a_name"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="saved_view_user_id_exists"),
        sa.PrimaryKeyConstraint("id", name="saved_view_is_found_by_its_key"),
        sa.UniqueConstraint("user_id", "page", "name", name="saved_view_has_a_name_of_its_own"),
        comment="常用视图: conditions of a list under a name",
        sqlite_autoincrement=True,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("saved_view")
    op.drop_table("unsaved_entry")
