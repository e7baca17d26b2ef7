"""Who has taken a submitted record from the worklist (认领)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, exactly_one, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.project import Project
    from models.user import User

STILL_HELD = text("released_at IS NULL")


class Assignment(HasId, Model):
    """One reviewer holds one record; at most one at a time."""

    __tablename__ = "assignment"
    __table_args__ = table(
        exactly_one(("enterprise_id", "project_id"), "assignment_is_of_exactly_one_record"),
        CheckConstraint("released_at >= claimed_at", name="assignment_is_not_released_before_it_is_claimed"),
        Index(
            "enterprise_is_held_by_one_reviewer",
            "enterprise_id",
            unique=True,
            sqlite_where=STILL_HELD,
            postgresql_where=STILL_HELD,
        ),
        Index(
            "project_is_held_by_one_reviewer",
            "project_id",
            unique=True,
            sqlite_where=STILL_HELD,
            postgresql_where=STILL_HELD,
        ),
        Index("ix_assignment_assignee_id_released_at", "assignee_id", "released_at"),
        comment="认领: who works on which record",
    )

    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="Enterprise record held; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id"), index=True, comment="Project record held; system"
    )
    assignee_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Who holds it; reviewer")
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Claimed, instant UTC; system")
    released_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Released or decided, instant UTC; system"
    )

    enterprise: Mapped["Enterprise | None"] = relationship("Enterprise", back_populates="assignments")
    project: Mapped["Project | None"] = relationship("Project", back_populates="assignments")
    assignee: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[assignee_id])
