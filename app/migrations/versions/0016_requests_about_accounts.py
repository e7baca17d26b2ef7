"""Requests at the counter about accounts (账号办理): a new password, a code that somebody else registered."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STILL_WAITS = sa.text("state = 'pending'")


def upgrade() -> None:
    op.create_table(
        "account_request",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="Whose account; clerk"),
        sa.Column("kind", sa.String(20), nullable=False, comment="What is asked for, terms.RequestKind; clerk"),
        sa.Column("brought_by", sa.Text(), nullable=False, comment="经办人 who came, encrypted; clerk"),
        sa.Column("basis", sa.String(500), nullable=False, comment="Which originals were seen; clerk"),
        sa.Column(
            "given", sa.Text(),
            comment="Of a re-claim: who registers now, inputs of domain.fields.registration, encrypted; clerk",
        ),
        sa.Column("requested_by_id", sa.Integer(), nullable=False, comment="First person; system"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False, comment="Asked for, instant UTC; system"),
        sa.Column(
            "lapses_on", sa.Date(),
            comment="Last day to decide, Asia/Shanghai, empty while the year's calendar is unpublished; system",
        ),
        sa.Column("state", sa.String(20), nullable=False, comment="Where it stands; second person"),
        sa.Column(
            "delivery", sa.String(20),
            comment="How the one-time password goes out, sms or in_person; second person",
        ),
        sa.Column("decided_by_id", sa.Integer(), comment="Second person, empty when it lapsed; administrator"),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), comment="Confirmed, refused or lapsed, instant UTC; system"
        ),
        sa.Column("decision_note", sa.String(500), comment="Why it was refused; second person"),
        sa.Column("successor_id", sa.Integer(), comment="Of a re-claim: who has the code now; system"),
        sa.CheckConstraint("kind IN ('reset', 'reclaim')", name="account_request_kind_is_known"),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'refused', 'lapsed')", name="account_request_state_is_known"
        ),
        sa.CheckConstraint("delivery IN ('sms', 'in_person')", name="account_request_delivery_is_known"),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)", name="account_request_has_its_instant_once_decided"
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> requested_by_id", name="account_request_is_decided_by_another"
        ),
        sa.CheckConstraint(
            "successor_id IS NULL OR (kind = 'reclaim' AND state = 'confirmed')",
            name="account_request_gives_a_code_only_when_confirmed",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="account_request_organization_id_exists"
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["organization.id"], name="account_request_successor_id_exists"),
        sa.ForeignKeyConstraint(["requested_by_id"], ["ab_user.id"], name="account_request_requested_by_id_exists"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["ab_user.id"], name="account_request_decided_by_id_exists"),
        sa.PrimaryKeyConstraint("id", name="account_request_is_found_by_its_key"),
        comment="账号办理: requests for a new password and for a code that somebody else registered",
        sqlite_autoincrement=True,
    )
    op.create_index(
        "organization_waits_for_one_request_per_kind", "account_request", ["organization_id", "kind"],
        unique=True, sqlite_where=STILL_WAITS, postgresql_where=STILL_WAITS,
    )
    op.create_index("ix_account_request_organization_id_id", "account_request", ["organization_id", "id"])
    op.create_index("ix_account_request_state_lapses_on", "account_request", ["state", "lapses_on"])
    op.create_index("ix_account_request_requested_by_id", "account_request", ["requested_by_id"])
    op.create_index("ix_account_request_decided_by_id", "account_request", ["decided_by_id"])
    op.create_index("ix_account_request_successor_id", "account_request", ["successor_id"])
    op.add_column(
        "organization",
        sa.Column(
            "reclaimed_at", sa.DateTime(timezone=True),
            comment="Its code went to who proved to own it; closed since, instant UTC; system",
        ),
    )


def downgrade() -> None:
    op.drop_column("organization", "reclaimed_at")
    op.drop_table("account_request")
