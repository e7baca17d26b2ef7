"""Where each account was signed in to, taken from the sessions that are kept."""

from ipaddress import ip_address, ip_network

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known = op.create_table(
        "known_address",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Whose account; system"),
        sa.Column("place", sa.String(64), nullable=False, comment="IPv4 address or IPv6 network of 64 bits; request"),
        sa.Column(
            "failed_attempts", sa.Integer(), nullable=False, comment="Wrong passwords in a row from there, count; system"
        ),
        sa.Column(
            "locked_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Sign-in from there refused until, instant UTC; system",
        ),
        sa.Column(
            "last_used_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Last sign-in from there, instant UTC; system",
        ),
        sa.CheckConstraint("failed_attempts >= 0", name="known_address_failed_attempts_is_a_count"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name="known_address_user_id_exists"),
        sa.PrimaryKeyConstraint("id", name="known_address_is_found_by_its_key"),
        comment="Addresses at which an account was signed in to",
        sqlite_autoincrement=True,
    )
    op.create_index("known_address_stands_once_per_account", "known_address", ["user_id", "place"], unique=True)
    op.create_index("ix_known_address_last_used_at", "known_address", ["last_used_at"])
    op.bulk_insert(known, _from_sessions())


def downgrade() -> None:
    op.drop_table("known_address")


def _from_sessions() -> list[dict[str, object]]:
    session = sa.table(
        "user_session", sa.column("user_id"), sa.column("address"), sa.column("started_at", sa.DateTime(timezone=True))
    )
    query = sa.select(session.c.user_id, session.c.address, sa.func.max(session.c.started_at))
    last: dict[tuple[int, str], object] = {}
    for user_id, address, at in op.get_bind().execute(query.group_by(session.c.user_id, session.c.address)):
        key = (user_id, _place(address))
        last[key] = max(last.get(key, at), at)
    return [
        {"user_id": user_id, "place": place, "failed_attempts": 0, "last_used_at": at}
        for (user_id, place), at in last.items()
    ]


def _place(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    found = getattr(found, "ipv4_mapped", None) or found
    return str(found) if found.version == 4 else str(ip_network(f"{found}/64", strict=False))
