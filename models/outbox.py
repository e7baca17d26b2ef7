"""The outbox: what must leave the house, written in the transaction that decided it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, one_of, table
from models.types import EncryptedJson, UtcDateTime

if TYPE_CHECKING:
    from models.enterprise import Enterprise
    from models.organization import Organization
    from models.project import Project

KINDS = ("sms", "province_push", "municipal_push")
STATUSES = ("queued", "sending", "delivered", "failed", "expired", "superseded")


class Outbox(HasId, Model):
    """One message or push with its attempts. The fence rises with each lease: a late worker is told apart."""

    __tablename__ = "outbox"
    __table_args__ = table(
        one_of("kind", KINDS, "outbox_kind_is_known"),
        one_of("status", STATUSES, "outbox_status_is_known"),
        CheckConstraint("attempts >= 0", name="outbox_attempts_is_a_count"),
        CheckConstraint("fence >= 0", name="outbox_fence_is_a_count"),
        CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name="outbox_delivered_has_its_instant"),
        Index("ix_outbox_status_next_attempt_at", "status", "next_attempt_at"),
        Index("ix_outbox_kind_created_at", "kind", "created_at"),
        Index("ix_outbox_kind_status_created_at", "kind", "status", "created_at"),
        Index("ix_outbox_kind_delivered_at", "kind", "delivered_at"),
        Index("ix_outbox_kind_acknowledged_at", "kind", "acknowledged_at"),
        comment="Outgoing messages (短信通知) and pushes (报送)",
    )

    kind: Mapped[str] = mapped_column(String(20), comment="sms, province_push or municipal_push; system")
    dedup_key: Mapped[str] = mapped_column(
        String(120), unique=True, comment="Same key, same message: never queued twice; system"
    )
    payload: Mapped[Any] = mapped_column(
        EncryptedJson("outbox.payload"), nullable=False, comment="What is sent, encrypted JSON; system"
    )
    status: Mapped[str] = mapped_column(String(20), default="queued", comment="Where it stands; worker")
    attempts: Mapped[int] = mapped_column(default=0, comment="Attempts so far, count; worker")
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Not before, instant UTC; worker")
    lease_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Held by a worker until, instant UTC; worker"
    )
    fence: Mapped[int] = mapped_column(default=0, comment="Leases so far, count; worker")
    last_error: Mapped[str | None] = mapped_column(String(500), comment="Last failure, no personal data; worker")
    reference: Mapped[str | None] = mapped_column(String(100), comment="The peer's acknowledgement; peer")
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id"), index=True, comment="Organization it is about; system"
    )
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id", ondelete="SET NULL"), index=True, comment="Project it is about; system"
    )
    enterprise_id: Mapped[int | None] = mapped_column(
        ForeignKey("enterprise.id", ondelete="SET NULL"), index=True, comment="Enterprise it is about; system"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Queued, instant UTC; system")
    delivered_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Acknowledged by the peer, instant UTC; worker"
    )
    acknowledged_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="First acknowledged, of what was sent again since, instant UTC; system"
    )
    expires_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Pointless to send after, instant UTC; system"
    )

    organization: Mapped["Organization | None"] = relationship("Organization")
    project: Mapped["Project | None"] = relationship("Project")
    enterprise: Mapped["Enterprise | None"] = relationship("Enterprise")
