"""The number register (编号登记簿) and the counter behind it. A number never goes and never changes."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, one_of, table
from models.types import PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.organization import Organization
    from models.project import Project
    from models.review import Review
    from models.submission import Submission
    from models.user import User


class NumberRegister(HasId, Model):
    """One project number, issued here or imported."""

    __tablename__ = "number_register"
    __table_args__ = table(
        UniqueConstraint(
            "region_code",
            "issued_on",
            "category_code",
            "sequence",
            name="number_is_issued_once_per_place_of_the_day",
        ),
        one_of("origin", ("issued", "imported"), "number_origin_is_known"),
        one_of("status", ("issued", "voided"), "number_status_is_known"),
        CheckConstraint("origin = 'imported' OR length(number) = 16", name="number_issued_here_has_16_digits"),
        CheckConstraint(
            "origin = 'imported' OR (region_code IS NOT NULL AND issued_on IS NOT NULL"
            " AND category_code IS NOT NULL AND sequence IS NOT NULL)",
            name="number_issued_here_has_all_its_parts",
        ),
        CheckConstraint("origin = 'imported' OR sequence BETWEEN 1 AND 99", name="number_sequence_is_1_to_99"),
        CheckConstraint("(status = 'voided') = (voided_at IS NOT NULL)", name="voided_number_has_its_instant"),
        CheckConstraint("status <> 'voided' OR voided_reason IS NOT NULL", name="voided_number_has_a_reason"),
        CheckConstraint(
            "origin = 'imported' OR (project_id IS NOT NULL AND organization_id IS NOT NULL)",
            name="number_issued_here_has_its_project_and_organization",
        ),
        Index("ix_number_register_status_id", "status", "id"),
        Index("ix_number_register_region_code_id", "region_code", "id"),
        Index("ix_number_register_origin_id", "origin", "id"),
        Index("ix_number_register_category_code_id", "category_code", "id"),
        comment="编号登记簿",
    )

    number: Mapped[str] = mapped_column(
        String(20), unique=True, comment="项目统一编号, 16 digits (history may differ); system or import"
    )
    region_code: Mapped[str | None] = mapped_column(
        String(6), comment="Digits 1-6, 行政区划代码, empty where history has none; DOMAIN §1.1"
    )
    issued_on: Mapped[date | None] = mapped_column(
        index=True, comment="Digits 7-12, day in Asia/Shanghai, empty where history has none; DOMAIN §1.1"
    )
    category_code: Mapped[str | None] = mapped_column(
        String(2), comment="Digits 13-14, 项目分类, empty where history has none; DOMAIN §1.1"
    )
    sequence: Mapped[int | None] = mapped_column(
        comment="Digits 15-16, running number of the day, empty where history has none; DOMAIN §1.1"
    )
    flags: Mapped[list[str] | None] = mapped_column(
        PlainJson, comment="What is odd about an imported number, tags of app.domain.number; import"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id"), index=True, comment="Project it was given to; system"
    )
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id"), index=True, comment="建设单位 it was given to; system"
    )
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission.id"), index=True, comment="Snapshot approved with it; system"
    )
    review_id: Mapped[int | None] = mapped_column(
        ForeignKey("review.id"), index=True, comment="Decision that gave it; system"
    )
    origin: Mapped[str] = mapped_column(String(20), comment="issued here or imported; system")
    status: Mapped[str] = mapped_column(String(20), default="issued", comment="issued or voided; system")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="发号, instant UTC; system or import")
    issued_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who approved; system"
    )
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="作废, instant UTC; system")
    voided_reason: Mapped[str | None] = mapped_column(String(500), comment="作废原因; administrator")
    voided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who voided it; system"
    )

    project: Mapped["Project | None"] = relationship("Project", back_populates="number_register")
    organization: Mapped["Organization | None"] = relationship("Organization")
    submission: Mapped["Submission | None"] = relationship("Submission")
    review: Mapped["Review | None"] = relationship("Review")
    issued_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[issued_by_id])
    voided_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[voided_by_id])

    def __repr__(self) -> str:
        return self.number


class NumberCounter(Model):
    """The last sequence given in a region, day and category; its row is what writers queue behind."""

    __tablename__ = "number_counter"
    __table_args__ = (
        PrimaryKeyConstraint(
            "region_code",
            "issued_on",
            "category_code",
            name="number_counter_is_found_by_region_day_and_category",
        ),
        CheckConstraint("last_sequence BETWEEN 1 AND 99", name="number_counter_stays_within_99_a_day"),
        {"comment": "Last number of a region, day and category"},
    )

    region_code: Mapped[str] = mapped_column(String(6), comment="行政区划代码, 6 digits; DOMAIN §1.1")
    issued_on: Mapped[date] = mapped_column(comment="Day in Asia/Shanghai; DOMAIN §1.1")
    category_code: Mapped[str] = mapped_column(String(2), comment="项目分类; DOMAIN §1.1")
    last_sequence: Mapped[int] = mapped_column(comment="Last sequence given, 1 to 99; system")
