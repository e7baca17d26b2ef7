"""What an organization asks for at the counter about its account (账号办理): a new password, or its code back."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import RequestKind
from models.base import HasId, Model, one_of, table
from models.types import EncryptedJson, EncryptedText, UtcDateTime

if TYPE_CHECKING:
    from models.organization import Organization
    from models.user import User

STATES = ("pending", "confirmed", "refused", "lapsed")
DELIVERIES = ("sms", "in_person")
STILL_WAITS = text("state = 'pending'")


class AccountRequest(HasId, Model):
    """Taken in by a clerk who saw the papers, decided by an administrator; the row stays as the record of both."""

    __tablename__ = "account_request"
    __table_args__ = table(
        one_of("kind", RequestKind, "account_request_kind_is_known"),
        one_of("state", STATES, "account_request_state_is_known"),
        one_of("delivery", DELIVERIES, "account_request_delivery_is_known"),
        CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)", name="account_request_has_its_instant_once_decided"
        ),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> requested_by_id", name="account_request_is_decided_by_another"
        ),
        CheckConstraint(
            "successor_id IS NULL OR (kind = 'reclaim' AND state = 'confirmed')",
            name="account_request_gives_a_code_only_when_confirmed",
        ),
        Index(
            "organization_waits_for_one_request_per_kind", "organization_id", "kind",
            unique=True, sqlite_where=STILL_WAITS, postgresql_where=STILL_WAITS,
        ),
        Index("ix_account_request_organization_id_id", "organization_id", "id"),
        Index("ix_account_request_state_lapses_on", "state", "lapses_on"),
        comment="账号办理: requests for a new password and for a code that somebody else registered",
    )  # fmt: skip

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), comment="Whose account; clerk")
    kind: Mapped[str] = mapped_column(String(20), comment="What is asked for, terms.RequestKind; clerk")
    brought_by: Mapped[str] = mapped_column(
        EncryptedText("account_request.brought_by"), comment="经办人 who came, encrypted; clerk"
    )
    basis: Mapped[str] = mapped_column(String(500), comment="Which originals were seen; clerk")
    given: Mapped[Any | None] = mapped_column(
        EncryptedJson("account_request.given"),
        comment="Of a re-claim: who registers now, inputs of domain.fields.registration, encrypted; clerk",
    )
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="First person; system")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="Asked for, instant UTC; system")
    lapses_on: Mapped[date | None] = mapped_column(
        comment="Last day to decide, Asia/Shanghai, empty while the year's calendar is unpublished; system"
    )
    state: Mapped[str] = mapped_column(String(20), default="pending", comment="Where it stands; second person")
    delivery: Mapped[str | None] = mapped_column(
        String(20), comment="How the one-time password goes out, sms or in_person; second person"
    )
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Second person, empty when it lapsed; administrator"
    )
    decided_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Confirmed, refused or lapsed, instant UTC; system"
    )
    decision_note: Mapped[str | None] = mapped_column(String(500), comment="Why it was refused; second person")
    outcome_seen_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Who asked for it has read how it ended, instant UTC; first person"
    )
    successor_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id"), index=True, comment="Of a re-claim: who has the code now; system"
    )

    organization: Mapped["Organization"] = relationship("Organization", foreign_keys=[organization_id])
    successor: Mapped["Organization | None"] = relationship("Organization", foreign_keys=[successor_id])
    requested_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[requested_by_id])
    decided_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[decided_by_id])
