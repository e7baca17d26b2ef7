"""A form for a new row that was sent once is known when it comes again."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Who sent it; system"),
        sa.Column("mark", sa.String(64), nullable=False, comment="SHA-256 hex of address and mark of the form; request"),
        sa.Column("content", sa.String(64), nullable=False, comment="SHA-256 hex of what was sent; request"),
        sa.Column("led_to", sa.String(200), nullable=True, comment="Page of the row that it made; system"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False, comment="Sent first, instant UTC; system"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="sent_form_user_id_exists"),
        sa.PrimaryKeyConstraint("id", name="sent_form_is_found_by_its_key"),
        sa.UniqueConstraint("user_id", "mark", name="sent_form_is_known_once"),
        comment="Forms for new rows that were sent",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sent_form_sent_at", "sent_form", ["sent_at"])


def downgrade() -> None:
    op.drop_table("sent_form")
