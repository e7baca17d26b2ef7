"""Handing the number over (领取)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.mandate import Mandate
    from models.project import Project
    from models.user import User


class HandOver(HasId, Model):
    """Who took the number, from whom, when; once per project."""

    __tablename__ = "hand_over"
    __table_args__ = table(comment="领取: numbers handed over")

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True, comment="Whose number; clerk")
    mandate_id: Mapped[int | None] = mapped_column(
        ForeignKey("mandate.id"), index=True, comment="Mandate of the agent; clerk"
    )
    received_by: Mapped[str] = mapped_column(String(50), comment="领取人; clerk")
    handed_over_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Which clerk; system")
    handed_over_at: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, comment="Handed over, instant UTC; system"
    )

    project: Mapped["Project"] = relationship("Project", back_populates="hand_over")
    mandate: Mapped["Mandate | None"] = relationship("Mandate")
    handed_over_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[handed_over_by_id])
