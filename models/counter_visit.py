"""Visits to the counter (窗口核验): who stood there for a project, and with which letter."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.mandate import Mandate
    from models.project import Project
    from models.user import User


class CounterVisit(HasId, Model):
    """One visit for one project; what was seen then are the originals checks of the same instant, maybe none."""

    __tablename__ = "counter_visit"
    __table_args__ = table(
        Index("ix_counter_visit_project_id_visited_at", "project_id", "visited_at"),
        Index("ix_counter_visit_visited_at", "visited_at"),
        comment="窗口核验: visits to the counter",
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), comment="For which project; clerk")
    mandate_id: Mapped[int | None] = mapped_column(
        ForeignKey("mandate.id"), index=True, comment="Letter of the agent, empty for the legal representative; clerk"
    )
    presented_by: Mapped[str] = mapped_column(String(50), comment="办事人, who came; clerk")
    received_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Which clerk; system")
    visited_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Came, instant UTC; system")

    project: Mapped["Project"] = relationship("Project", back_populates="counter_visits")
    mandate: Mapped["Mandate | None"] = relationship("Mandate")
    received_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[received_by_id])
