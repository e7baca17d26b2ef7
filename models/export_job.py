"""Long exports (导出) written by the worker: what was asked for, how far it is, where the file lies."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, one_of, table
from models.types import PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.user import User

STATES = ("queued", "running", "done", "failed")


class ExportJob(HasId, Model):
    """One workbook, seen by the person who asked for it and by nobody else."""

    __tablename__ = "export_job"
    __table_args__ = table(
        one_of("state", STATES, "export_job_state_is_known"),
        CheckConstraint("row_count >= 0 AND rows_written >= 0", name="export_job_rows_are_counts"),
        CheckConstraint("state <> 'done' OR file_name IS NOT NULL", name="export_job_that_is_done_has_a_file"),
        Index("ix_export_job_state_requested_at", "state", "requested_at"),
        Index("ix_export_job_requested_by_id_requested_at", "requested_by_id", "requested_at"),
        comment="导出任务: workbooks written in the background",
    )

    kind: Mapped[str] = mapped_column(String(40), comment="Which list; system")
    parameters: Mapped[Any] = mapped_column(
        PlainJson, nullable=False, comment="Filters, order and columns, JSON; the person who asked"
    )
    state: Mapped[str] = mapped_column(String(20), default="queued", comment="Where it stands; worker")
    row_count: Mapped[int] = mapped_column(default=0, comment="Rows to write, count; worker")
    rows_written: Mapped[int] = mapped_column(default=0, comment="Rows written so far, count; worker")
    file_name: Mapped[str | None] = mapped_column(String(200), comment="Name of the workbook for a download; system")
    file_key: Mapped[str | None] = mapped_column(String(64), comment="Name of the file in the exports folder; worker")
    error: Mapped[str | None] = mapped_column(String(500), comment="Why it failed, no personal data; worker")
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Who asked for it; system")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Asked for, instant UTC; system")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Begun, instant UTC; worker")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Done or failed, instant UTC; worker")
    lease_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Held by a worker until, instant UTC; worker"
    )

    requested_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[requested_by_id])
