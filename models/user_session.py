"""Sign-in sessions kept on the server, so that one can be ended from outside."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.user import User


class UserSession(HasId, Model):
    """One signed-in browser."""

    __tablename__ = "user_session"
    __table_args__ = table(
        CheckConstraint("expires_at > started_at", name="user_session_expires_after_its_start"),
        CheckConstraint("ended_reason IS NULL OR ended_at IS NOT NULL", name="user_session_with_a_reason_has_ended"),
        Index("ix_user_session_user_id_ended_at", "user_id", "ended_at"),
        comment="Sign-in sessions",
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 hex of the token; system")
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Whose session; system")
    epoch: Mapped[int] = mapped_column(comment="The account's session_epoch at the start, count; system")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Signed in, instant UTC; system")
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Last request, instant UTC; system")
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, comment="Ends at the latest, instant UTC; system"
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Ended, instant UTC; system")
    ended_reason: Mapped[str | None] = mapped_column(String(20), comment="Why it ended, a tag; system")
    address: Mapped[str] = mapped_column(String(64), comment="Network address at the start; request")
    user_agent: Mapped[str] = mapped_column(String(200), comment="Browser at the start; request")

    user: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[user_id])
