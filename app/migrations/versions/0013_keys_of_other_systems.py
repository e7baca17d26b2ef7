"""Keys of other systems for the interface (接口密钥)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PLAIN_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("name", sa.String(100), nullable=False, comment="Which system uses it; administrator"),
        sa.Column("prefix", sa.String(8), nullable=False, comment="The key's open part, to tell keys apart; system"),
        sa.Column("key_hash", sa.String(64), nullable=False, comment="SHA-256 hex of the whole key; system"),
        sa.Column("scopes", PLAIN_JSON, nullable=False, comment="What it may do, domain.api.KeyScope; administrator"),
        sa.Column(
            "matters", PLAIN_JSON,
            comment="Of the seven, those it writes back, domain.matters.Matter; administrator",
        ),
        sa.Column(
            "bureau_id", sa.Integer(), nullable=False,
            comment="Its projects are those of this bureau and below; administrator",
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False, comment="Issued, instant UTC; system"),
        sa.Column("issued_by_id", sa.Integer(), nullable=False, comment="Who issued it; system"),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=False,
            comment="Void from then on, instant UTC; administrator",
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), comment="Withdrawn, instant UTC; system"),
        sa.Column("revoked_by_id", sa.Integer(), comment="Who withdrew it; system"),
        sa.Column(
            "last_used_at", sa.DateTime(timezone=True), comment="Last request, to some minutes, instant UTC; system"
        ),
        sa.CheckConstraint("length(key_hash) = 64", name="api_key_hash_has_64_hex_digits"),
        sa.CheckConstraint("expires_at > issued_at", name="api_key_expires_after_its_issue"),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name="api_key_bureau_id_exists"),
        sa.ForeignKeyConstraint(["issued_by_id"], ["ab_user.id"], name="api_key_issued_by_id_exists"),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["ab_user.id"], name="api_key_revoked_by_id_exists"),
        sa.PrimaryKeyConstraint("id", name="api_key_is_found_by_its_key"),
        sa.UniqueConstraint("prefix", name="api_key_prefix_is_unique"),
        sa.UniqueConstraint("key_hash", name="api_key_key_hash_is_unique"),
        comment="接口密钥: keys of other systems",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_key_bureau_id_id", "api_key", ["bureau_id", "id"])
    op.create_index("ix_api_key_issued_by_id", "api_key", ["issued_by_id"])
    op.create_index("ix_api_key_revoked_by_id", "api_key", ["revoked_by_id"])


def downgrade() -> None:
    op.drop_table("api_key")
