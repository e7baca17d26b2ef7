"""The clock of a review, stretch by stretch: in whose hands a submission was, since when and until when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, exactly_one, one_of, table
from models.types import UtcDateTime

SIDES = ("bureau", "applicant")
STILL_RUNS = text("ended_at IS NULL")


class ClockSpan(HasId, Model):
    """One stretch of a submission's time; at most one of a record runs."""

    __tablename__ = "clock_span"
    __table_args__ = table(
        exactly_one(("enterprise_id", "project_id"), "clock_span_is_of_exactly_one_record"),
        one_of("side", SIDES, "clock_span_side_is_known"),
        CheckConstraint("ended_at >= began_at", name="clock_span_does_not_end_before_it_begins"),
        Index(
            "enterprise_has_one_running_clock", "enterprise_id",
            unique=True, sqlite_where=STILL_RUNS, postgresql_where=STILL_RUNS,
        ),
        Index(
            "project_has_one_running_clock", "project_id",
            unique=True, sqlite_where=STILL_RUNS, postgresql_where=STILL_RUNS,
        ),
        Index("ix_clock_span_ended_at", "ended_at"),
        comment="计时: whose time a submission's review took",
    )  # fmt: skip

    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="Enterprise record; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id"), index=True, comment="Project record; system"
    )
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id"), index=True, comment="Which submission is judged; system"
    )
    side: Mapped[str] = mapped_column(String(20), comment="Whose time it is; system")
    days: Mapped[int] = mapped_column(comment="The bureau's days for this submission, working days; settings")
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Began, instant UTC; system")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Ended, instant UTC; system")
    due_on: Mapped[date | None] = mapped_column(
        comment="The bureau's last day, Asia/Shanghai, empty while the year's calendar is unpublished; system"
    )
