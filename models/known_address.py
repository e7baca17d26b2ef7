"""Where each account was signed in to: from there its owner gets in, whatever strangers try elsewhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, table
from models.types import UtcDateTime


class KnownAddress(HasId, Model):
    """One account at one address: its own count of wrong passwords, its own lock."""

    __tablename__ = "known_address"
    __table_args__ = table(
        CheckConstraint("failed_attempts >= 0", name="known_address_failed_attempts_is_a_count"),
        Index("known_address_stands_once_per_account", "user_id", "place", unique=True),
        comment="Addresses at which an account was signed in to",
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Whose account; system")
    place: Mapped[str] = mapped_column(String(64), comment="IPv4 address or IPv6 network of 64 bits; request")
    failed_attempts: Mapped[int] = mapped_column(
        nullable=False, default=0, comment="Wrong passwords in a row from there, count; system"
    )
    locked_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Sign-in from there refused until, instant UTC; system"
    )
    last_used_at: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, comment="Last sign-in from there, instant UTC; system"
    )
