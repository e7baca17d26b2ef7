"""The enterprise record (企业信息): what a builder's organization says about itself, once."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import Status, UnitKind
from models.base import HasId, Model, one_of, table
from models.record import Reviewed
from models.sorting import sort_column
from models.types import EncryptedJson, EncryptedText, ExactDecimal

if TYPE_CHECKING:
    from models.assignment import Assignment
    from models.attachment import Attachment
    from models.bureau import Bureau
    from models.organization import Organization
    from models.review import Review
    from models.submission import Submission

LISTED = (
    "name_order", "org_code", "status", "submitted_at", "due_on", "decided_at", "region_code", "unit_kind",
)  # fmt: skip


class Enterprise(HasId, Reviewed, Model):
    """One record per organization; while a draft its inputs may be empty."""

    __tablename__ = "enterprise"
    __table_args__ = table(
        one_of("status", Status, "enterprise_status_is_known"),
        one_of("unit_kind", UnitKind, "enterprise_unit_kind_is_known"),
        CheckConstraint("version > 0", name="enterprise_version_counts_from_one"),
        CheckConstraint("submission_count >= 0", name="enterprise_submission_count_is_a_count"),
        CheckConstraint("length(region_code) = 6", name="enterprise_region_code_has_6_digits"),
        CheckConstraint("registered_capital_10k >= 0", name="enterprise_registered_capital_is_not_negative"),
        Index("ix_enterprise_status_due_on", "status", "due_on"),
        Index("ix_enterprise_bureau_id_status_submitted_at", "bureau_id", "status", "submitted_at"),
        *(Index(f"ix_enterprise_{column}_id", column, "id") for column in LISTED),
        comment="企业信息",
    )

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), unique=True, comment="Whose record; registration"
    )
    bureau_id: Mapped[int | None] = mapped_column(ForeignKey("bureau.id"), comment="Who reviews it, by region; system")
    name: Mapped[str] = mapped_column(String(200), comment="企业名称, locked to the organization; system")
    name_order: Mapped[str] = sort_column("name")
    org_code: Mapped[str] = mapped_column(String(10), comment="组织机构代码, locked to the organization; system")
    uscc: Mapped[str | None] = mapped_column(
        String(18), index=True, comment="统一社会信用代码, locked to the organization; system"
    )
    unit_kind: Mapped[str] = mapped_column(String(20), comment="单位性质, locked to the organization; terms.UnitKind")
    registration_type_code: Mapped[str | None] = mapped_column(
        String(10), comment="企业登记注册类型, dictionary code; applicant"
    )
    license_number: Mapped[str | None] = mapped_column(String(50), comment="营业执照注册号; applicant")
    region_code: Mapped[str | None] = mapped_column(
        String(6), comment="注册所在地, 6 digits of any province; applicant"
    )
    address: Mapped[str | None] = mapped_column(String(200), comment="营业地址; applicant")
    postal_code: Mapped[str | None] = mapped_column(String(6), comment="邮编, 6 digits; applicant")
    legal_representative: Mapped[str | None] = mapped_column(String(50), comment="法定代表人; applicant")
    legal_representative_id_type: Mapped[str | None] = mapped_column(
        String(5), comment="证件类型, dictionary code; applicant"
    )
    legal_representative_id_number: Mapped[str | None] = mapped_column(
        EncryptedText("enterprise.legal_representative_id_number"), comment="证件号, encrypted; applicant"
    )
    legal_representative_id_number_index: Mapped[str | None] = mapped_column(
        String(64), index=True, comment="Blind index of legal_representative_id_number, hex; system"
    )
    legal_representative_phone: Mapped[str | None] = mapped_column(
        EncryptedText("enterprise.legal_representative_phone"), comment="法人电话, encrypted; applicant"
    )
    registered_capital_10k: Mapped[Decimal | None] = mapped_column(
        ExactDecimal(15, 3), comment="注册资本, 万 (10,000) of currency_code; applicant"
    )
    currency_code: Mapped[str | None] = mapped_column(String(5), comment="币种, dictionary code; applicant")
    established_on: Mapped[date | None] = mapped_column(comment="成立日期; applicant")
    contact_name: Mapped[str | None] = mapped_column(String(50), comment="联系人; applicant")
    contact_mobile: Mapped[str | None] = mapped_column(
        EncryptedText("enterprise.contact_mobile"), comment="手机, encrypted; applicant"
    )
    contact_mobile_index: Mapped[str | None] = mapped_column(
        String(64), index=True, comment="Blind index of contact_mobile, hex; system"
    )
    office_phone: Mapped[str | None] = mapped_column(
        EncryptedText("enterprise.office_phone"), comment="办公电话, encrypted; applicant"
    )
    fax: Mapped[str | None] = mapped_column(EncryptedText("enterprise.fax"), comment="传真, encrypted; applicant")
    email: Mapped[str | None] = mapped_column(String(100), comment="邮箱; applicant")
    website: Mapped[str | None] = mapped_column(String(200), comment="网址; applicant")
    remarks: Mapped[str | None] = mapped_column(String(1000), comment="备注; applicant")
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission.id", use_alter=True),
        index=True,
        comment="Snapshot under decision or decided; system",
    )
    approved_content: Mapped[Any] = mapped_column(
        EncryptedJson("enterprise.approved_content"),
        nullable=True,
        comment="While it is being changed: what was approved before, encrypted JSON as a snapshot; system",
    )

    organization: Mapped["Organization"] = relationship("Organization", back_populates="enterprise")
    bureau: Mapped["Bureau | None"] = relationship("Bureau")
    # post_update: the two rows point at each other, so the pointer is written once both exist.
    submission: Mapped["Submission | None"] = relationship("Submission", foreign_keys=[submission_id], post_update=True)
    submissions: Mapped[list["Submission"]] = relationship(
        "Submission",
        back_populates="enterprise",
        foreign_keys="Submission.enterprise_id",
        order_by="Submission.sequence",
        passive_deletes="all",
    )
    attachments: Mapped[list["Attachment"]] = relationship(
        "Attachment", back_populates="enterprise", order_by="Attachment.id", cascade="all, delete-orphan"
    )
    reviews: Mapped[list["Review"]] = relationship(
        "Review", back_populates="enterprise", order_by="Review.id", passive_deletes="all"
    )
    assignments: Mapped[list["Assignment"]] = relationship(
        "Assignment", back_populates="enterprise", order_by="Assignment.id", cascade="all, delete-orphan"
    )

    def __repr__(self) -> str:
        return self.name
