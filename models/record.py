"""The columns of a record that goes through review: enterprise and project alike."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.domain.terms import Status
from models.types import PlainJson, UtcDateTime


class Reviewed:
    """Where the record stands, which writer was last, and the clock of its review."""

    status: Mapped[str] = mapped_column(
        String(20), default=Status.DRAFT.value, comment="Where it stands; workflow, terms.Status"
    )
    version: Mapped[int] = mapped_column(comment="Count of writes, starts at 1; system")
    submission_count: Mapped[int] = mapped_column(default=0, comment="Submits so far, count; system")
    answers_return: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),
        comment="The latest submit answers a return or an unlock (转审核); system",
    )
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Last submit, instant UTC; system")
    due_on: Mapped[date | None] = mapped_column(
        comment="Decision due, Asia/Shanghai, empty while the year's calendar is unpublished; system"
    )
    clock_waits: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="Submitted, and its originals are not all seen yet; system"
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Last decision, instant UTC; system")
    unlocked_fields: Mapped[list[str] | None] = mapped_column(
        PlainJson, comment="Inputs opened by an unlock, names of FIELDS; administrator"
    )
    unlocked_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="End of an unlock, instant UTC; administrator"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="First saved, instant UTC; system")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Last saved, instant UTC; system")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"version_id_col": cls.version}
