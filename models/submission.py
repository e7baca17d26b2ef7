"""Submission snapshots: the whole record as it was handed in. A row never changes (database triggers)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, exactly_one, table
from models.types import EncryptedJson, UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.project import Project
    from models.review import Review
    from models.user import User


class Submission(HasId, Model):
    """What a decision judges: fields, hashes of scans, version of the rules."""

    __tablename__ = "submission"
    __table_args__ = table(
        exactly_one(("enterprise_id", "project_id"), "submission_is_of_exactly_one_record"),
        UniqueConstraint("enterprise_id", "sequence", name="submission_sequence_is_unique_per_enterprise"),
        UniqueConstraint("project_id", "sequence", name="submission_sequence_is_unique_per_project"),
        CheckConstraint("sequence > 0", name="submission_sequence_counts_from_one"),
        CheckConstraint("length(content_hash) = 64", name="submission_content_hash_has_64_hex_digits"),
        comment="提交快照, immutable",
    )

    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id", ondelete="RESTRICT"), comment="Enterprise record handed in; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id", ondelete="RESTRICT"), comment="Project record handed in; system"
    )
    sequence: Mapped[int] = mapped_column(comment="Which submit of the record, from 1; system")
    snapshot: Mapped[Any] = mapped_column(
        EncryptedJson("submission.snapshot"),
        nullable=False,
        comment="Fields and attachment hashes, encrypted JSON; system",
    )
    content_hash: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the canonical snapshot, hex; system")
    rule_version: Mapped[str] = mapped_column(String(20), comment="Version of the rule set; app.domain.fields")
    declaration_version: Mapped[str | None] = mapped_column(
        String(20), comment="Version of the declaration of truth, projects only; applicant"
    )
    submitted_by_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who handed it in; system"
    )
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="Handed in, instant UTC; system")
    due_on: Mapped[date | None] = mapped_column(
        comment="Decision due, Asia/Shanghai, empty if the calendar was unpublished; system"
    )

    enterprise: Mapped["Enterprise | None"] = relationship(
        "Enterprise", back_populates="submissions", foreign_keys=[enterprise_id]
    )
    project: Mapped["Project | None"] = relationship("Project", back_populates="submissions", foreign_keys=[project_id])
    submitted_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[submitted_by_id])
    review: Mapped["Review | None"] = relationship("Review", back_populates="submission", passive_deletes="all")
