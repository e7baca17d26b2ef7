"""Decisions (审核记录) and the items of a return sheet (退回单)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import Action
from models.base import HasId, Model, exactly_one, one_of, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.project import Project
    from models.submission import Submission
    from models.user import User


class Review(HasId, Model):
    """One decision on one submission."""

    __tablename__ = "review"
    __table_args__ = table(
        exactly_one(("enterprise_id", "project_id"), "review_is_of_exactly_one_record"),
        one_of("decision", (Action.APPROVE, Action.RETURN), "review_decision_is_approve_or_return"),
        one_of("stage", ("review", "counter"), "review_stage_is_known"),
        Index("ix_review_decided_at_decision", "decided_at", "decision"),
        Index("ix_review_decided_at_id", "decided_at", "id"),
        Index("ix_review_decision_id", "decision", "id"),
        comment="审核记录: decisions",
    )

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="RESTRICT"), unique=True, comment="Snapshot it judged; system"
    )
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), index=True, comment="Enterprise record judged; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id"), index=True, comment="Project record judged; system"
    )
    decision: Mapped[str] = mapped_column(String(20), comment="approve or return; reviewer or clerk")
    stage: Mapped[str] = mapped_column(String(20), comment="review, or counter for a return from there; system")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Who decided; system")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Decided, instant UTC; system")
    comment: Mapped[str | None] = mapped_column(String(2000), comment="审核意见; reviewer or clerk")

    submission: Mapped["Submission"] = relationship("Submission", back_populates="review")
    enterprise: Mapped["Enterprise | None"] = relationship("Enterprise", back_populates="reviews")
    project: Mapped["Project | None"] = relationship("Project", back_populates="reviews")
    decided_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[decided_by_id])
    return_items: Mapped[list["ReturnItem"]] = relationship(
        "ReturnItem", back_populates="review", order_by="ReturnItem.sequence", cascade="all, delete-orphan"
    )


class ReturnItem(HasId, Model):
    """What must be corrected, why and how, and what the applicant answered."""

    __tablename__ = "return_item"
    __table_args__ = table(
        UniqueConstraint("review_id", "sequence", name="return_item_sequence_is_unique_per_review"),
        one_of("target_kind", ("field", "slot"), "return_item_target_is_a_field_or_a_slot"),
        CheckConstraint("sequence > 0", name="return_item_sequence_counts_from_one"),
        CheckConstraint("answer IS NULL OR answered_at IS NOT NULL", name="return_item_answer_has_its_instant"),
        Index("ix_return_item_target_reason_code", "target", "reason_code"),
        comment="退回事项",
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), comment="The return it stands on; system")
    sequence: Mapped[int] = mapped_column(comment="Place on the sheet, from 1; system")
    target: Mapped[str] = mapped_column(String(60), comment="Input name or scan slot of FIELDS; reviewer or clerk")
    target_kind: Mapped[str] = mapped_column(String(10), comment="field or slot; system")
    reason_code: Mapped[str] = mapped_column(String(40), comment="退回原因, return_reason.code; reviewer or clerk")
    instruction: Mapped[str] = mapped_column(String(500), comment="修改要求; reviewer or clerk")
    answer: Mapped[str | None] = mapped_column(String(500), comment="修改说明; applicant")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Answered, instant UTC; system")
    was_visible_before: Mapped[bool] = mapped_column(
        default=False, comment="Could have been asked at an earlier return; system"
    )

    review: Mapped["Review"] = relationship("Review", back_populates="return_items")
