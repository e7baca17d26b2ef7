"""The seven matters (事项) of a numbered project, and the records they leave."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, one_of, table
from models.types import EncryptedJson, PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.project import Project
    from models.user import User

MATTERS = (
    "survey_design_contract", "drawing_review", "tender", "project_filing", "safety_supervision",
    "quality_supervision", "construction_permit",
)  # fmt: skip
STATUSES = ("open", "accepted", "supplement", "done", "rejected", "closed")


class ProjectMatter(HasId, Model):
    """One of the seven for one project: opened with the number, seven rows a project."""

    __tablename__ = "project_matter"
    __table_args__ = table(
        UniqueConstraint("project_id", "matter", name="matter_is_opened_once_per_project"),
        one_of("matter", MATTERS, "matter_is_one_of_the_seven"),
        one_of("status", STATUSES, "matter_status_is_known"),
        Index("ix_project_matter_matter_status_id", "matter", "status", "id"),
        Index("ix_project_matter_status_id", "status", "id"),
        comment="事项: the seven matters of each numbered project",
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), comment="Whose matter; system")
    matter: Mapped[str] = mapped_column(String(30), comment="Which of the seven, domain.matters.Matter; system")
    status: Mapped[str] = mapped_column(String(20), default="open", comment="Where it stands; matter clerk or system")
    words: Mapped[str | None] = mapped_column(
        String(500), comment="What the applicant is told of the last step; matter clerk or its system"
    )
    received: Mapped[list[int] | None] = mapped_column(
        PlainJson, comment="Keys of the papers of its checklist that are in; matter clerk"
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Last step, instant UTC; system")
    version: Mapped[int] = mapped_column(default=1, comment="Rises with every step, count; system")

    project: Mapped["Project"] = relationship("Project")
    records: Mapped[list["MatterRecord"]] = relationship(
        "MatterRecord", back_populates="project_matter", order_by="MatterRecord.id"
    )

    __mapper_args__ = {"version_id_col": version}


class MatterRecord(HasId, Model):
    """What a matter left: a contract filed, a certificate, a permit; found again by the number it has at its source."""

    __tablename__ = "matter_record"
    __table_args__ = table(
        UniqueConstraint("project_matter_id", "inner_number", name="matter_record_is_found_by_its_source_number"),
        UniqueConstraint("project_id", "letters", "sequence", name="matter_record_number_is_given_once"),
        CheckConstraint("(letters IS NULL) = (sequence IS NULL)", name="matter_record_number_has_both_parts"),
        CheckConstraint("(letters IS NULL) = (number IS NULL)", name="matter_record_with_letters_has_its_number"),
        CheckConstraint("sequence BETWEEN 1 AND 999", name="matter_record_sequence_is_1_to_999"),
        comment="事项记录: records that matters left",
    )

    project_matter_id: Mapped[int] = mapped_column(ForeignKey("project_matter.id"), comment="Of which matter; system")
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), comment="Of which project; system")
    inner_number: Mapped[str] = mapped_column(String(50), comment="Number in the source system; matter clerk or system")
    kind_code: Mapped[str | None] = mapped_column(String(3), comment="合同类别 or 招标类型, DOMAIN §2.2; matter clerk")
    letters: Mapped[str | None] = mapped_column(String(2), comment="Letters of its number, DOMAIN §1.2; system")
    sequence: Mapped[int | None] = mapped_column(comment="Counter of project and letters, from 1; system")
    number: Mapped[str | None] = mapped_column(
        String(30), unique=True, comment="PrjNum-XX-NNN, empty where the matter has no letters; system"
    )
    entries: Mapped[Any] = mapped_column(
        EncryptedJson("matter_record.entries"),
        nullable=False,
        comment="Kind-specific fields of DOMAIN §5, encrypted JSON; matter clerk or its system",
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="First recorded, instant UTC; system")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Last written, instant UTC; system")
    recorded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who recorded it on screen, empty by interface; system"
    )

    project_matter: Mapped["ProjectMatter"] = relationship("ProjectMatter", back_populates="records")
    recorded_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[recorded_by_id])
