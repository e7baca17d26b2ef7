"""Notes that staff keep on a case (内部备注)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, exactly_one, table
from models.types import EncryptedText, UtcDateTime

if TYPE_CHECKING:
    from models.user import User


class CaseNote(HasId, Model):
    """One note: written once, never changed, never shown to whoever builds."""

    __tablename__ = "case_note"
    __table_args__ = table(
        exactly_one(("enterprise_id", "project_id"), "case_note_is_on_exactly_one_record"),
        Index("ix_case_note_project_id_id", "project_id", "id"),
        Index("ix_case_note_enterprise_id_id", "enterprise_id", "id"),
        comment="内部备注: notes of staff on a case",
    )

    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id", ondelete="CASCADE"), comment="On which enterprise record; staff"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), comment="On which project; staff"
    )
    text: Mapped[str] = mapped_column(EncryptedText("case_note.text"), comment="What was noted, encrypted; staff")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="By whom; system")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="When, instant UTC; system")

    written_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[written_by_id])
