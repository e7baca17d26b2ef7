"""What was said on the telephone with an organization (来电记录)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import EncryptedText, UtcDateTime

if TYPE_CHECKING:
    from models.user import User


class CallNote(HasId, Model):
    """One call, noted once; for staff alone."""

    __tablename__ = "call_note"
    __table_args__ = table(
        Index("ix_call_note_organization_id_id", "organization_id", "id"),
        comment="来电记录: calls of organizations",
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), comment="Who called; staff")
    text: Mapped[str] = mapped_column(EncryptedText("call_note.text"), comment="What was said, encrypted; staff")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="By whom; system")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="When, instant UTC; system")

    written_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[written_by_id])
