"""The applicant's message inbox (站内消息)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.organization import Organization
    from models.outbox import Outbox
    from models.project import Project


class InboxMessage(HasId, Model):
    """What an organization was told, beside the SMS."""

    __tablename__ = "inbox_message"
    __table_args__ = table(
        Index("ix_inbox_message_organization_id_read_at", "organization_id", "read_at"),
        comment="站内消息",
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), comment="To whom; system")
    event: Mapped[str] = mapped_column(String(60), comment="What happened, a tag such as project:return; system")
    text: Mapped[str] = mapped_column(String(500), comment="Text shown, Chinese; notice template")
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id", ondelete="SET NULL"), index=True, comment="Enterprise it is about; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id", ondelete="SET NULL"), index=True, comment="Project it is about; system"
    )
    outbox_id: Mapped[int | None] = mapped_column(
        ForeignKey("outbox.id", ondelete="SET NULL"), index=True, comment="The SMS of the same event; system"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Written, instant UTC; system")
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="First opened, instant UTC; applicant")

    organization: Mapped["Organization"] = relationship("Organization")
    enterprise: Mapped["Enterprise | None"] = relationship("Enterprise")
    project: Mapped["Project | None"] = relationship("Project")
    outbox: Mapped["Outbox | None"] = relationship("Outbox")
