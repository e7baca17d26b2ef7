"""Acts that wait for a second person (待复核): asked for by one holder of the right, decided by another."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, exactly_one, one_of, table
from models.types import PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.project import Project
    from models.user import User

STATES = ("pending", "confirmed", "refused", "withdrawn", "lapsed")
STILL_WAITS = text("state = 'pending'")


class PendingAct(HasId, Model):
    """One act on one record, with its reason, until the second person has decided or the time has run out."""

    __tablename__ = "pending_act"
    __table_args__ = table(
        exactly_one(("enterprise_id", "project_id"), "pending_act_is_of_exactly_one_record"),
        one_of("state", STATES, "pending_act_state_is_known"),
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="pending_act_has_its_instant_once_decided"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> requested_by_id", name="pending_act_is_decided_by_another"
        ),
        Index(
            "enterprise_waits_for_one_second_person_per_act", "enterprise_id", "action",
            unique=True, sqlite_where=STILL_WAITS, postgresql_where=STILL_WAITS,
        ),
        Index(
            "project_waits_for_one_second_person_per_act", "project_id", "action",
            unique=True, sqlite_where=STILL_WAITS, postgresql_where=STILL_WAITS,
        ),
        Index("ix_pending_act_state_lapses_on", "state", "lapses_on"),
        comment="待复核: acts that wait for a second person",
    )  # fmt: skip

    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="Enterprise record it is about; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id"), index=True, comment="Project record it is about; system"
    )
    action: Mapped[str] = mapped_column(String(20), comment="What is to be done, terms.Action; administrator")
    reason: Mapped[str] = mapped_column(String(500), comment="原因; administrator")
    given: Mapped[Any] = mapped_column(
        PlainJson, nullable=False, comment="What the act takes besides its reason, JSON; administrator"
    )
    record_version: Mapped[int] = mapped_column(comment="Version of the record it was asked for; system")
    requested_by_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="First person; administrator"
    )
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="Asked for, instant UTC; system")
    lapses_on: Mapped[date | None] = mapped_column(
        comment="Last day to decide, Asia/Shanghai, empty while the year's calendar is unpublished; system"
    )
    state: Mapped[str] = mapped_column(String(20), default="pending", comment="Where it stands; second person")
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Second person, empty when it lapsed; administrator"
    )
    decided_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Confirmed, refused or lapsed, instant UTC; system"
    )
    decision_note: Mapped[str | None] = mapped_column(String(500), comment="Why it was refused; second person")

    enterprise: Mapped["Enterprise | None"] = relationship("Enterprise")
    project: Mapped["Project | None"] = relationship("Project")
    requested_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[requested_by_id])
    decided_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[decided_by_id])
