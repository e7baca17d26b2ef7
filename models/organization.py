"""The builder's organization (机构/建设单位): who registered, under which code."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import UnitKind
from models.base import HasId, Model, one_of, table
from models.sorting import sort_column
from models.types import EncryptedText, UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.mandate import Mandate
    from models.project import Project
    from models.user import User


class Organization(HasId, Model):
    """One legal unit, one code in one spelling, one account."""

    __tablename__ = "organization"
    __table_args__ = table(
        CheckConstraint("length(org_code) = 10", name="organization_org_code_has_10_characters"),
        CheckConstraint("length(uscc) = 18", name="organization_uscc_has_18_characters"),
        one_of("unit_kind", UnitKind, "organization_unit_kind_is_known"),
        Index("ix_organization_name_order_id", "name_order", "id"),
        Index("ix_organization_registered_at_id", "registered_at", "id"),
        Index("ix_organization_unit_kind_id", "unit_kind", "id"),
        comment="建设单位: registered organizations",
    )

    org_code: Mapped[str] = mapped_column(
        String(10), unique=True, comment="组织机构代码 xxxxxxxx-x, canonical spelling; registration, GB 11714"
    )
    uscc: Mapped[str | None] = mapped_column(
        String(18), unique=True, comment="统一社会信用代码, canonical spelling; registration, GB 32100"
    )
    name: Mapped[str] = mapped_column(String(200), comment="单位名称; registration or 更名")
    name_order: Mapped[str] = sort_column("name")
    search_text: Mapped[str] = mapped_column(
        Text,
        default="",
        server_default="",
        deferred=True,
        comment="What the organization is found by, folded; models.search",
    )
    unit_kind: Mapped[str] = mapped_column(String(20), comment="单位性质; registration, terms.UnitKind")
    contact_name: Mapped[str] = mapped_column(String(50), comment="联系人; registration")
    contact_mobile: Mapped[str] = mapped_column(
        EncryptedText("organization.contact_mobile"), comment="手机, encrypted; registration"
    )
    contact_mobile_index: Mapped[str] = mapped_column(
        String(64), index=True, comment="Blind index of contact_mobile, hex; system"
    )
    contact_phone: Mapped[str | None] = mapped_column(
        EncryptedText("organization.contact_phone"), comment="固定电话, encrypted; registration"
    )
    email: Mapped[str | None] = mapped_column(String(100), comment="邮箱; registration")
    privacy_notice_version: Mapped[str] = mapped_column(
        String(20), comment="Version of the privacy notice agreed to; registration"
    )
    privacy_consented_at: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="隐私告知 agreed to, instant UTC; registration"
    )
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Registered, instant UTC; system")
    import_bureau_code: Mapped[str | None] = mapped_column(
        String(6), comment="Code of the bureau that imported it, empty for the root one and for who registered; import"
    )
    reclaimed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Its code went to who proved to own it; closed since, instant UTC; system"
    )
    version: Mapped[int] = mapped_column(default=1, comment="Count of writes, starts at 1; system")

    users: Mapped[list["User"]] = relationship(
        "ConsoleUser", back_populates="organization", order_by="ConsoleUser.id", passive_deletes="all"
    )
    enterprise: Mapped["Enterprise | None"] = relationship(
        "Enterprise", back_populates="organization", passive_deletes="all"
    )
    projects: Mapped[list["Project"]] = relationship(
        "Project", back_populates="organization", order_by="Project.id", passive_deletes="all"
    )
    mandates: Mapped[list["Mandate"]] = relationship(
        "Mandate", back_populates="organization", order_by="Mandate.id", passive_deletes="all"
    )

    def __repr__(self) -> str:
        return self.name
