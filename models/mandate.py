"""Letters of authority (法人授权委托书): who may act for an organization at the counter, and until when."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import MandateForm
from models.base import HasId, Model, one_of, table
from models.sorting import sort_column
from models.types import EncryptedText, PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.attachment import Attachment
    from models.organization import Organization
    from models.user import User


class Mandate(HasId, Model):
    """One letter; it serves all projects of its organization until it ends."""

    __tablename__ = "mandate"
    __table_args__ = table(
        one_of("form", MandateForm, "mandate_form_is_known"),
        CheckConstraint("valid_to >= valid_from", name="mandate_does_not_end_before_it_begins"),
        CheckConstraint(
            "form <> 'tender_agency' OR agency_name IS NOT NULL", name="mandate_to_an_agency_names_the_agency"
        ),
        Index("ix_mandate_organization_id_valid_to", "organization_id", "valid_to"),
        *(
            Index(f"ix_mandate_{column}_id", column, "id")
            for column in ("agent_name_order", "agency_name", "valid_from", "valid_to")
        ),
        comment="法人授权委托书",
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), comment="委托单位; clerk")
    form: Mapped[str] = mapped_column(String(20), comment="附件1 or 附件2, terms.MandateForm; clerk")
    agent_name: Mapped[str] = mapped_column(String(50), comment="受委托人; clerk")
    agent_name_order: Mapped[str] = sort_column("agent_name")
    agent_id_type: Mapped[str] = mapped_column(String(5), comment="证件类型, dictionary code; clerk")
    agent_id_number: Mapped[str] = mapped_column(
        EncryptedText("mandate.agent_id_number"), comment="证件号, encrypted; clerk"
    )
    agent_id_number_index: Mapped[str] = mapped_column(
        String(64), index=True, comment="Blind index of agent_id_number, hex; system"
    )
    agent_mobile: Mapped[str] = mapped_column(EncryptedText("mandate.agent_mobile"), comment="手机, encrypted; clerk")
    agent_mobile_index: Mapped[str] = mapped_column(
        String(64), index=True, comment="Blind index of agent_mobile, hex; system"
    )
    agency_name: Mapped[str | None] = mapped_column(String(200), comment="招标代理机构, 附件2; clerk")
    agency_code: Mapped[str | None] = mapped_column(String(18), comment="Its 代码, 附件2; clerk")
    valid_from: Mapped[date] = mapped_column(comment="委托日期起, first day; clerk")
    valid_to: Mapped[date] = mapped_column(comment="委托日期止, last day; clerk")
    signed_on: Mapped[date | None] = mapped_column(comment="落款日期; clerk")
    stamps: Mapped[list[str]] = mapped_column(
        PlainJson, nullable=False, comment="Stamps seen on the letter, a list of tags; clerk"
    )
    recorded_by_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Which clerk saw it; system"
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="Recorded, instant UTC; system")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Revoked, instant UTC; clerk")

    warned_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="The organization was told that it ends soon, instant UTC; system"
    )

    organization: Mapped["Organization"] = relationship("Organization", back_populates="mandates")
    recorded_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[recorded_by_id])
    attachments: Mapped[list["Attachment"]] = relationship(
        "Attachment", back_populates="mandate", order_by="Attachment.id", passive_deletes="all"
    )
