"""Accounts: FAB's user row with what the gate, the lock-out and the scope need to know."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User as FabUser
from flask_appbuilder.security.sqla.models import assoc_user_role
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event, func, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.sorting import sort_column
from models.types import PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.bureau import Bureau
    from models.organization import Organization


class ConsoleUser(FabUser):
    """A person's account, of an organization or of a bureau. Import it as `User`.

    FAB's own relationships look the class name "User" up, so this class must carry another one.
    """

    __tablename__ = "ab_user"
    __table_args__ = (
        CheckConstraint("failed_attempts >= 0", name="user_failed_attempts_is_a_count"),
        CheckConstraint("sms_code_attempts >= 0", name="user_sms_code_attempts_is_a_count"),
        Index("ix_ab_user_display_name_order_id", "display_name_order", "id"),
        {"extend_existing": True},
    )

    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id"),
        index=True,
        comment="Organization of the applicant, or of a member of staff; registration",
    )
    bureau_id: Mapped[int | None] = mapped_column(
        ForeignKey("bureau.id"), index=True, comment="Staff member's bureau; administrator"
    )
    display_name: Mapped[str] = mapped_column(
        String(64), nullable=False, default="", comment="Name shown to others; registration or administrator"
    )
    display_name_order: Mapped[str] = sort_column("display_name")
    matters: Mapped[list[str] | None] = mapped_column(
        PlainJson, comment="Matters that a matter clerk records, names of domain.matters.Matter; administrator"
    )
    must_change_password: Mapped[bool] = mapped_column(
        nullable=False, default=False, comment="Only the page that changes it is open; system"
    )
    initial_password_expires_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="End of the initial password, instant UTC; system"
    )
    claim_nonce_hash: Mapped[str | None] = mapped_column(
        String(64), comment="SHA-256 hex of the registering browser's cookie; system"
    )
    sms_code_hash: Mapped[str | None] = mapped_column(String(200), comment="One-time code, hashed; system")
    sms_code_expires_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="End of the one-time code, instant UTC; system"
    )
    sms_code_attempts: Mapped[int] = mapped_column(
        nullable=False, default=0, comment="Wrong entries of the one-time code, count; system"
    )
    session_epoch: Mapped[int] = mapped_column(
        nullable=False, default=0, comment="Sessions of an earlier epoch have ended, count; system"
    )
    failed_attempts: Mapped[int] = mapped_column(
        nullable=False, default=0, comment="Wrong passwords in a row, count; system"
    )
    locked_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Sign-in refused until, instant UTC; system"
    )
    password_changed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Last change by the person, instant UTC; system"
    )

    organization: Mapped["Organization | None"] = relationship(
        "Organization", back_populates="users", foreign_keys=[organization_id]
    )
    bureau: Mapped["Bureau | None"] = relationship("Bureau", back_populates="users", foreign_keys=[bureau_id])


User = ConsoleUser


@event.listens_for(Session, "before_flush")
def _end_sessions_of_changed_roles(session: Session, _context: object, _instances: object) -> None:
    """Whoever's roles change signs in anew: the session rows of the former epoch are over."""
    for row in session.dirty:
        if isinstance(row, ConsoleUser) and inspect(row).attrs.roles.history.has_changes():
            row.session_epoch = (row.session_epoch or 0) + 1


# FAB leaves these foreign keys without an index, and looks accounts up by lower(username).
Index("ix_ab_user_created_by_fk", FabUser.__table__.c.created_by_fk)
Index("ix_ab_user_changed_by_fk", FabUser.__table__.c.changed_by_fk)
Index("ix_ab_user_role_role_id", assoc_user_role.c.role_id)
Index("username_is_unique_in_any_case", func.lower(FabUser.__table__.c.username), unique=True)
