"""The push ledger (报送台账): each attempt with what was said, and the comparisons with other systems' registers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PLAIN_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "push_attempt",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("outbox_id", sa.Integer(), nullable=False, comment="Which push; worker"),
        sa.Column("fence", sa.Integer(), nullable=False, comment="Which lease of it, from 1; worker"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="Begun, instant UTC; worker"),
        sa.Column("ended_at", sa.DateTime(timezone=True), comment="Ended, instant UTC; worker"),
        sa.Column("outcome", sa.String(20), comment="How it ended, empty while open; worker"),
        sa.Column("code", sa.String(20), comment="Reply code, as the peer's table has it; peer"),
        sa.Column("sentence", sa.String(500), comment="What went wrong, no personal data; worker"),
        sa.Column("sent", sa.Text(), comment="What was sent, readable, without the password, encrypted; worker"),
        sa.Column("answered", sa.Text(), comment="What came back, cut short, encrypted; peer"),
        sa.CheckConstraint(
            "outcome IN ('acknowledged', 'refused', 'failed', 'lost')", name="push_attempt_outcome_is_known"
        ),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="push_attempt_ended_has_its_outcome"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="push_attempt_outbox_id_exists"),
        sa.PrimaryKeyConstraint("id", name="push_attempt_is_found_by_its_key"),
        sa.UniqueConstraint("outbox_id", "fence", name="push_attempt_is_one_per_lease"),
        comment="报送尝试: attempts of the push ledger",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("system", sa.String(20), nullable=False, comment="Which system, a tag such as province; system"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="Compared, instant UTC; system"),
        sa.Column("since_on", sa.Date(), nullable=False, comment="First day compared, Asia/Shanghai; system"),
        sa.Column("until_on", sa.Date(), nullable=False, comment="Last day compared, Asia/Shanghai; system"),
        sa.Column("ours", sa.Integer(), nullable=False, comment="Numbers acknowledged in our ledger, count; system"),
        sa.Column("theirs", sa.Integer(), nullable=False, comment="Numbers in their register, count; system"),
        sa.Column("missing", PLAIN_JSON, nullable=False, comment="Ours that they lack, numbers; system"),
        sa.Column("unknown", PLAIN_JSON, nullable=False, comment="Theirs that we never sent, numbers; peer"),
        sa.Column("failed", sa.String(500), comment="Why nothing could be compared; system"),
        sa.CheckConstraint("system IN ('province', 'municipal')", name="reconciliation_system_is_known"),
        sa.CheckConstraint("until_on >= since_on", name="reconciliation_does_not_end_before_it_begins"),
        sa.CheckConstraint("ours >= 0 AND theirs >= 0", name="reconciliation_counts_are_counts"),
        sa.PrimaryKeyConstraint("id", name="reconciliation_is_found_by_its_key"),
        comment="报送对账: ledger and register compared",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reconciliation_system_at", "reconciliation", ["system", "at"])


def downgrade() -> None:
    op.drop_table("reconciliation")
    op.drop_table("push_attempt")
