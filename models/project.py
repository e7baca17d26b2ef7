"""The project record (项目登记): one 立项, one record, one number."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, case, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import ApprovalKind, Status
from models.base import HasId, Model, one_of, table
from models.record import Reviewed
from models.sorting import sort_column
from models.types import EncryptedJson, EncryptedText, ExactDecimal, UtcDateTime

if TYPE_CHECKING:
    from models.assignment import Assignment
    from models.attachment import Attachment
    from models.bureau import Bureau
    from models.counter_visit import CounterVisit
    from models.hand_over import HandOver
    from models.number import NumberRegister
    from models.organization import Organization
    from models.originals_check import OriginalsCheck
    from models.review import Review
    from models.submission import Submission
    from models.user import User

HOLDS_ITS_APPROVAL = text("number IS NOT NULL AND status <> 'voided' AND NOT duplicate_allowed AND NOT repeat_known")

ORDERS = (
    "number", "name_order", "builder_name_order", "status", "investment_10k_cny", "submitted_at", "due_on",
    "numbered_at",
)  # fmt: skip
FILTERS = ("status", "region_code", "category_code", "approval_level_code")


class Project(HasId, Reviewed, Model):
    """A building project on its way to its number; while a draft only the name is sure."""

    __tablename__ = "project"
    __table_args__ = table(
        one_of("status", Status, "project_status_is_known"),
        one_of("approval_kind", ApprovalKind, "project_approval_kind_is_known"),
        CheckConstraint("version > 0", name="project_version_counts_from_one"),
        CheckConstraint("submission_count >= 0", name="project_submission_count_is_a_count"),
        CheckConstraint("length(region_code) = 6", name="project_region_code_has_6_digits"),
        CheckConstraint("planned_finish_on >= planned_start_on", name="project_finish_is_not_before_start"),
        CheckConstraint("investment_10k_cny > 0", name="project_investment_is_positive"),
        CheckConstraint("floor_area_m2 >= 0", name="project_floor_area_is_not_negative"),
        CheckConstraint("length_m >= 0", name="project_length_is_not_negative"),
        CheckConstraint("state_funding_percent BETWEEN 0 AND 100", name="project_state_funding_is_a_percentage"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="project_longitude_is_on_earth"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="project_latitude_is_on_earth"),
        CheckConstraint("status <> 'approved' OR number IS NOT NULL", name="approved_project_has_a_number"),
        CheckConstraint("(number IS NULL) = (numbered_at IS NULL)", name="project_number_has_its_instant_of_issue"),
        Index(
            "numbered_approval_document_is_unique",
            "approval_key",
            unique=True,
            sqlite_where=HOLDS_ITS_APPROVAL,
            postgresql_where=HOLDS_ITS_APPROVAL,
        ),
        Index(
            "numbered_investment_project_code_is_unique",
            "investment_project_code",
            unique=True,
            sqlite_where=HOLDS_ITS_APPROVAL,
            postgresql_where=HOLDS_ITS_APPROVAL,
        ),
        Index("ix_project_approval_key", "approval_key"),
        Index("ix_project_investment_project_code", "investment_project_code"),
        Index("ix_project_status_due_on", "status", "due_on"),
        # The lists: each order for one bureau and for all of them, each state and filter in the order of keys.
        *(Index(f"ix_project_bureau_id_{order}_id", "bureau_id", order, "id") for order in ORDERS),
        *(Index(f"ix_project_{order}_id", order, "id") for order in ORDERS if order not in FILTERS),
        *(Index(f"ix_project_{code}_id_bureau_id", code, "id", "bureau_id") for code in FILTERS),
        Index("ix_project_bureau_id_id", "bureau_id", "id"),
        Index("ix_project_bureau_id_status_submitted_at", "bureau_id", "status", "submitted_at"),
        Index("ix_project_organization_id_status", "organization_id", "status"),
        comment="项目登记, after TBProjectInfo",
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), comment="建设单位; system")
    bureau_id: Mapped[int | None] = mapped_column(ForeignKey("bureau.id"), comment="Who reviews it, by region; system")
    name: Mapped[str] = mapped_column(String(200), comment="项目名称, PrjName; applicant")
    name_order: Mapped[str] = sort_column("name")
    builder_name: Mapped[str] = mapped_column(
        String(200),
        default="",
        server_default="",
        comment="建设单位's name, kept in step with the organization; system",
    )
    builder_name_order: Mapped[str] = sort_column("builder_name")
    search_text: Mapped[str] = mapped_column(
        Text,
        default="",
        server_default="",
        deferred=True,
        comment="What the project is found by, folded; models.search",
    )
    category_code: Mapped[str | None] = mapped_column(String(2), comment="项目分类, PrjTypeNum; applicant")
    construction_nature_code: Mapped[str | None] = mapped_column(
        String(3), comment="建设性质, PrjPropertyNum; applicant"
    )
    use_code: Mapped[str | None] = mapped_column(String(3), comment="工程用途, PrjFunctionNum; applicant")
    region_code: Mapped[str | None] = mapped_column(
        String(6), comment="项目属地, CountyNum, decides the bureau; applicant"
    )
    address: Mapped[str | None] = mapped_column(String(200), comment="项目地点, Address; applicant")
    longitude: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(10, 7), comment="经度, degrees east, LocationX; applicant"
    )
    latitude: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(10, 7), comment="纬度, degrees north, LocationY; applicant"
    )
    approval_kind: Mapped[str | None] = mapped_column(String(20), comment="立项方式, terms.ApprovalKind; applicant")
    approval_document_number: Mapped[str | None] = mapped_column(
        String(200), comment="立项文号, PrjApprovalNum; applicant"
    )
    approval_authority: Mapped[str | None] = mapped_column(
        String(200), comment="立项批复机关, PrjApprovalDepart; applicant"
    )
    approval_key: Mapped[str | None] = mapped_column(
        String(64), comment="SHA-256 hex of normalised 立项文号 and authority; system"
    )
    approved_on: Mapped[date | None] = mapped_column(comment="立项批复日期, PrjApprovalDate; applicant")
    approval_level_code: Mapped[str | None] = mapped_column(
        String(3), comment="立项级别, PrjApprovalLevelNum; applicant"
    )
    investment_project_code: Mapped[str | None] = mapped_column(
        String(24), comment="国家投资项目代码, PrjCode; applicant"
    )
    land_permit_number: Mapped[str | None] = mapped_column(
        String(100), comment="建设用地规划许可证编号, BuldPlanNum; applicant"
    )
    planning_permit_number: Mapped[str | None] = mapped_column(
        String(100), comment="建设工程规划许可证编号, ProjectPlanNum; applicant"
    )
    funding_nature_code: Mapped[str | None] = mapped_column(
        String(3), comment="工程投资性质, InvPropertyNum; applicant"
    )
    funding_source: Mapped[str | None] = mapped_column(String(200), comment="资金来源, FundSource; applicant")
    state_funding_percent: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(5, 2), comment="国有资金比例, percent, NationalPercentTage; applicant"
    )
    investment_10k_cny: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(15, 4), comment="总投资, 万元 (10,000 CNY), AllInvest; applicant"
    )
    floor_area_m2: Mapped[Decimal | None] = mapped_column(ExactDecimal(15, 2), comment="总面积, ㎡, AllArea; applicant")
    length_m: Mapped[Decimal | None] = mapped_column(ExactDecimal(15, 2), comment="总长度, m, AllLength; applicant")
    scale: Mapped[str | None] = mapped_column(String(500), comment="建设规模, PrjSize; applicant")
    is_major: Mapped[bool] = mapped_column(default=False, comment="是否重点项目, IsMajor; applicant")
    planned_start_on: Mapped[date | None] = mapped_column(comment="计划开工日期, BDate; applicant")
    planned_finish_on: Mapped[date | None] = mapped_column(comment="计划竣工日期, EDate; applicant")
    contact_name: Mapped[str | None] = mapped_column(String(50), comment="经办人; applicant")
    contact_mobile: Mapped[str | None] = mapped_column(
        EncryptedText("project.contact_mobile"), comment="经办人手机, encrypted; applicant"
    )
    contact_mobile_index: Mapped[str | None] = mapped_column(
        String(64), index=True, comment="Blind index of contact_mobile, hex; system"
    )
    email: Mapped[str | None] = mapped_column(String(100), comment="邮箱; applicant")
    remarks: Mapped[str | None] = mapped_column(String(1000), comment="备注; applicant")
    number: Mapped[str | None] = mapped_column(
        String(20),
        unique=True,
        comment="项目统一编号, 16 digits (history may differ), PrjNum; system or import",
    )
    numbered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="发号, instant UTC; system or import")
    approved_content: Mapped[Any] = mapped_column(
        EncryptedJson("project.approved_content"),
        nullable=True,
        comment="While it is being changed: what was approved before, encrypted JSON as a snapshot; system",
    )
    approved_name: Mapped[str | None] = mapped_column(String(200), comment="项目名称 of approved_content; system")
    approved_level_code: Mapped[str | None] = mapped_column(
        String(3), comment="立项级别 of approved_content, for sums; system"
    )
    approved_investment_10k_cny: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(15, 4), comment="总投资 of approved_content, 万元, for sums; system"
    )
    approved_floor_area_m2: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(15, 2), comment="总面积 of approved_content, ㎡, for sums; system"
    )
    duplicate_allowed: Mapped[bool] = mapped_column(
        default=False, comment="A repeat of a numbered 立项 was allowed by two persons; administrator"
    )
    repeat_known: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),
        comment="Was numbered beside another of the same 立项 before one key told so; migration",
    )
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission.id", use_alter=True),
        index=True,
        comment="Snapshot under decision or decided; system",
    )
    created_by_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who began the record; system"
    )

    organization: Mapped["Organization"] = relationship("Organization", back_populates="projects")
    bureau: Mapped["Bureau | None"] = relationship("Bureau")
    created_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[created_by_id])
    # post_update: the two rows point at each other, so the pointer is written once both exist.
    submission: Mapped["Submission | None"] = relationship("Submission", foreign_keys=[submission_id], post_update=True)
    submissions: Mapped[list["Submission"]] = relationship(
        "Submission",
        back_populates="project",
        foreign_keys="Submission.project_id",
        order_by="Submission.sequence",
        passive_deletes="all",
    )
    attachments: Mapped[list["Attachment"]] = relationship(
        "Attachment", back_populates="project", order_by="Attachment.id", cascade="all, delete-orphan"
    )
    reviews: Mapped[list["Review"]] = relationship(
        "Review", back_populates="project", order_by="Review.id", passive_deletes="all"
    )
    assignments: Mapped[list["Assignment"]] = relationship(
        "Assignment", back_populates="project", order_by="Assignment.id", cascade="all, delete-orphan"
    )
    originals_checks: Mapped[list["OriginalsCheck"]] = relationship(
        "OriginalsCheck", back_populates="project", order_by="OriginalsCheck.id", passive_deletes="all"
    )
    counter_visits: Mapped[list["CounterVisit"]] = relationship(
        "CounterVisit", back_populates="project", order_by="CounterVisit.id", passive_deletes="all"
    )
    hand_over: Mapped["HandOver | None"] = relationship("HandOver", back_populates="project", passive_deletes="all")
    number_register: Mapped[list["NumberRegister"]] = relationship(
        "NumberRegister", back_populates="project", order_by="NumberRegister.id", passive_deletes="all"
    )

    @property
    def told_name(self) -> str:
        """The name that others are told: the approved one while another waits for its review."""
        return self.approved_name or self.name

    def __repr__(self) -> str:
        return self.name


def told(column: Any) -> Any:
    """The SQL of a project's value as it was approved: `approved_…` while the record is being changed."""
    kept = getattr(Project, {"approval_level_code": "approved_level_code"}.get(column.key, f"approved_{column.key}"))
    return case((Project.approved_name.is_not(None), kept), else_=column)
