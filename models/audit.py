"""The audit trail: events written by the deciding transaction, seals that chain them; both only grow."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, one_of, table
from models.types import PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.organization import Organization
    from models.user import User


class AuditEvent(HasId, Model):
    """Who did what to what, from where, with which result."""

    __tablename__ = "audit_event"
    __table_args__ = table(
        one_of("result", ("done", "refused"), "audit_event_result_is_done_or_refused"),
        Index("ix_audit_event_object_type_object_id", "object_type", "object_id"),
        Index("ix_audit_event_action_at", "action", "at"),
        Index("ix_audit_event_actor_name_at", "actor_name", "at"),
        Index("ix_audit_event_object_type_at", "object_type", "at"),
        Index("ix_audit_event_result_at", "result", "at"),
        Index("ix_audit_event_mark", "mark"),
        comment="审计日志, append-only",
    )

    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="When, instant UTC; system")
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who, empty for the system or the public; system"
    )
    actor_name: Mapped[str] = mapped_column(String(64), comment="Name of the actor then; system")
    actor_roles: Mapped[str] = mapped_column(String(100), comment="Roles of the actor then, comma-parted; system")
    address: Mapped[str | None] = mapped_column(String(64), comment="Network address; request")
    request_id: Mapped[str | None] = mapped_column(String(40), comment="Ties the rows of one request; request")
    action: Mapped[str] = mapped_column(String(60), comment="What, a tag such as project:approve; system")
    object_type: Mapped[str] = mapped_column(String(30), comment="Of which table; system")
    object_id: Mapped[int | None] = mapped_column(comment="Key there, kept after the row is gone; system")
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id"), index=True, comment="Whose record; system"
    )
    result: Mapped[str] = mapped_column(String(10), comment="done or refused; system")
    sentence: Mapped[str | None] = mapped_column(String(500), comment="Refusal or reason, Chinese; system")
    before: Mapped[Any | None] = mapped_column(PlainJson, comment="Values before, masked JSON; system")
    after: Mapped[Any | None] = mapped_column(PlainJson, comment="Values after, masked JSON; system")
    mark: Mapped[str | None] = mapped_column(
        String(81), comment="Nonce and HMAC-SHA256 of the content, by whoever wrote it with our key; system"
    )

    actor: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[actor_id])
    organization: Mapped["Organization | None"] = relationship("Organization")
    seal: Mapped["AuditSeal | None"] = relationship("AuditSeal", back_populates="event", passive_deletes="all")


class AuditSeal(HasId, Model):
    """One link of the hash chain, in commit order."""

    __tablename__ = "audit_seal"
    __table_args__ = table(
        CheckConstraint("sequence > 0", name="audit_seal_sequence_counts_from_one"),
        CheckConstraint("length(previous_hash) = 64", name="audit_seal_previous_hash_has_64_hex_digits"),
        CheckConstraint("length(hash) = 64", name="audit_seal_hash_has_64_hex_digits"),
        comment="Hash chain over the audit events, append-only",
    )

    sequence: Mapped[int] = mapped_column(unique=True, comment="Place in the chain, from 1; worker")
    event_id: Mapped[int] = mapped_column(
        ForeignKey("audit_event.id"), unique=True, comment="Which event it seals; worker"
    )
    previous_hash: Mapped[str] = mapped_column(String(64), comment="Hash of the link before, hex; worker")
    hash: Mapped[str] = mapped_column(String(64), unique=True, comment="HMAC-SHA256 of link and event, hex; worker")
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Sealed, instant UTC; worker")
    is_foreign: Mapped[bool] = mapped_column(
        nullable=False, default=False, server_default=false(), comment="The event bears no mark of ours; worker"
    )

    event: Mapped["AuditEvent"] = relationship("AuditEvent", back_populates="seal")
