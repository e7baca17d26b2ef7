"""单体信息 of a numbered project: the filing with its life, the unit works in it, and what each submit froze."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import Status
from models.base import HasId, Model, one_of, table
from models.types import EncryptedJson, ExactDecimal, UtcDateTime

if TYPE_CHECKING:
    from models.project import Project
    from models.user import User


class UnitFiling(HasId, Model):
    """The unit works of one project, filed together."""

    __tablename__ = "unit_filing"
    __table_args__ = table(
        one_of("status", Status, "unit_filing_status_is_known"),
        CheckConstraint("last_sequence BETWEEN 0 AND 999", name="unit_filing_sequence_is_0_to_999"),
        CheckConstraint("submission_count >= 0", name="unit_filing_submission_count_is_a_count"),
        Index("ix_unit_filing_status_due_on", "status", "due_on"),
        comment="单体申报: unit works of a project, filed together",
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True, comment="Of which project; system")
    status: Mapped[str] = mapped_column(
        String(20), default=Status.DRAFT.value, comment="Where it stands; workflow, terms.Status"
    )
    version: Mapped[int] = mapped_column(default=1, comment="Count of writes, starts at 1; system")
    last_sequence: Mapped[int] = mapped_column(default=0, comment="Highest number of a unit work ever given; system")
    submission_count: Mapped[int] = mapped_column(default=0, comment="Submits so far, count; system")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Last submit, instant UTC; system")
    due_on: Mapped[date | None] = mapped_column(
        comment="Decision due, Asia/Shanghai, empty while the year's calendar is unpublished; system"
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Last decision, instant UTC; system")
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who decided last; system"
    )
    words: Mapped[str | None] = mapped_column(String(500), comment="Why it was sent back; reviewer or administrator")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Last written, instant UTC; system")

    project: Mapped["Project"] = relationship("Project")
    decided_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[decided_by_id])
    units: Mapped[list["UnitWork"]] = relationship("UnitWork", back_populates="filing", order_by="UnitWork.sequence")

    __mapper_args__ = {"version_id_col": version}


class UnitWork(HasId, Model):
    """One building, or one section of a road (单体)."""

    __tablename__ = "unit_work"
    __table_args__ = table(
        UniqueConstraint("filing_id", "sequence", name="unit_work_sequence_is_given_once"),
        CheckConstraint("sequence BETWEEN 1 AND 999", name="unit_work_sequence_is_1_to_999"),
        CheckConstraint("planned_finish_on >= planned_start_on", name="unit_work_finish_is_not_before_start"),
        comment="单体, after xm_gcdjb_dtxm and TBUnitProjectInfo",
    )

    filing_id: Mapped[int] = mapped_column(ForeignKey("unit_filing.id"), comment="In which filing; system")
    sequence: Mapped[int] = mapped_column(comment="Counter of the project, from 1, never given again; system")
    code: Mapped[str] = mapped_column(String(25), unique=True, comment="单项编码 fxbm, PrjNum-001; system")
    name: Mapped[str] = mapped_column(String(200), comment="单体名称; applicant")
    category_code: Mapped[str | None] = mapped_column(String(2), comment="项目分类; applicant")
    use_code: Mapped[str | None] = mapped_column(String(3), comment="工程用途; applicant")
    structure_code: Mapped[str | None] = mapped_column(String(3), comment="结构体系; applicant")
    seismic_code: Mapped[str | None] = mapped_column(String(3), comment="抗震设防烈度; applicant")
    investment_10k_cny: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(15, 4), comment="单体投资, 万元 (10,000 CNY); applicant"
    )
    floor_area_m2: Mapped[Decimal | None] = mapped_column(ExactDecimal(15, 2), comment="建筑面积, ㎡; applicant")
    floor_area_above_m2: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(15, 2), comment="地上建筑面积, ㎡; applicant"
    )
    floor_area_below_m2: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(15, 2), comment="地下建筑面积, ㎡; applicant"
    )
    length_m: Mapped[Decimal | None] = mapped_column(ExactDecimal(15, 2), comment="长度, m; applicant")
    floors_above: Mapped[int | None] = mapped_column(comment="地上层数, count; applicant")
    floors_below: Mapped[int | None] = mapped_column(comment="地下层数, count; applicant")
    height_m: Mapped[Decimal | None] = mapped_column(ExactDecimal(15, 2), comment="高度, m; applicant")
    span_m: Mapped[Decimal | None] = mapped_column(ExactDecimal(15, 2), comment="跨度, m; applicant")
    scale: Mapped[str | None] = mapped_column(String(500), comment="建设规模; applicant")
    planned_start_on: Mapped[date | None] = mapped_column(comment="计划开工日期; applicant")
    planned_finish_on: Mapped[date | None] = mapped_column(comment="计划竣工日期; applicant")

    filing: Mapped["UnitFiling"] = relationship("UnitFiling", back_populates="units")


class UnitSubmission(HasId, Model):
    """What one submit of a filing handed in: never changed afterwards."""

    __tablename__ = "unit_submission"
    __table_args__ = table(
        UniqueConstraint("filing_id", "sequence", name="unit_submission_sequence_is_unique_per_filing"),
        CheckConstraint("sequence > 0", name="unit_submission_sequence_counts_from_one"),
        comment="单体提交快照, immutable",
    )

    filing_id: Mapped[int] = mapped_column(ForeignKey("unit_filing.id"), comment="Of which filing; system")
    sequence: Mapped[int] = mapped_column(comment="Which submit, from 1; system")
    units: Mapped[Any] = mapped_column(
        EncryptedJson("unit_submission.units"), nullable=False, comment="The unit works, encrypted JSON; system"
    )
    rule_version: Mapped[str] = mapped_column(String(20), comment="Version of the rule set; app.domain.fields")
    declaration_version: Mapped[str] = mapped_column(
        String(20), comment="Version of the declaration of truth; applicant"
    )
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Handed in, instant UTC; system")
    submitted_by_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who handed it in; system"
    )
