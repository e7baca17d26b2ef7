"""Scans (扫描件): which file stands in which slot of which record."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, exactly_one, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.mandate import Mandate
    from models.organization import Organization
    from models.project import Project
    from models.user import User


class Attachment(HasId, Model):
    """One uploaded file. It is live while not superseded; one that was removed has no successor."""

    __tablename__ = "attachment"
    __table_args__ = table(
        exactly_one(("enterprise_id", "project_id", "mandate_id"), "attachment_belongs_to_exactly_one_record"),
        CheckConstraint("length(sha256) = 64", name="attachment_sha256_has_64_hex_digits"),
        CheckConstraint("size_bytes > 0", name="attachment_is_not_empty"),
        CheckConstraint("page_count > 0", name="attachment_has_pages"),
        CheckConstraint(
            "superseded_by_id IS NULL OR superseded_at IS NOT NULL",
            name="attachment_with_a_successor_is_superseded",
        ),
        CheckConstraint("superseded_by_id <> id", name="attachment_does_not_supersede_itself"),
        Index("ix_attachment_enterprise_id_slot", "enterprise_id", "slot"),
        Index("ix_attachment_project_id_slot", "project_id", "slot"),
        comment="扫描件: uploaded files by record and slot",
    )

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), index=True, comment="Whose file, for row scope; system"
    )
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id"), comment="Enterprise record it belongs to; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id"), comment="Project record it belongs to; system"
    )
    mandate_id: Mapped[int | None] = mapped_column(
        ForeignKey("mandate.id"), index=True, comment="Mandate it belongs to; system"
    )
    slot: Mapped[str] = mapped_column(String(40), comment="Name of the scan slot; FIELDS")
    original_name: Mapped[str] = mapped_column(String(255), comment="File name as uploaded; applicant")
    sha256: Mapped[str] = mapped_column(
        String(64), index=True, comment="SHA-256 of the content, hex, also its place in storage; system"
    )
    size_bytes: Mapped[int] = mapped_column(comment="Size, bytes; system")
    page_count: Mapped[int] = mapped_column(comment="Pages, count; system")
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Who uploaded it; system")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Uploaded, instant UTC; system")
    superseded_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Replaced or removed, instant UTC; system"
    )
    superseded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachment.id"), index=True, comment="The file that replaced it; system"
    )

    organization: Mapped["Organization"] = relationship("Organization")
    enterprise: Mapped["Enterprise | None"] = relationship("Enterprise", back_populates="attachments")
    project: Mapped["Project | None"] = relationship("Project", back_populates="attachments")
    mandate: Mapped["Mandate | None"] = relationship("Mandate", back_populates="attachments")
    uploaded_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[uploaded_by_id])
    superseded_by: Mapped["Attachment | None"] = relationship("Attachment", remote_side="Attachment.id")
