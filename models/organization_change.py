"""Legal changes of an organization's name or code (更名): recorded before and after. They only grow."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.organization import Organization
    from models.user import User


class OrganizationChange(HasId, Model):
    """One change with its reason; snapshots of before keep the name of before."""

    __tablename__ = "organization_change"
    __table_args__ = table(
        CheckConstraint(
            "name_before <> name_after OR org_code_before <> org_code_after"
            " OR coalesce(uscc_before, '') <> coalesce(uscc_after, '')",
            name="organization_change_changes_something",
        ),
        Index("ix_organization_change_organization_id_changed_at", "organization_id", "changed_at"),
        comment="更名记录, append-only",
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), comment="Whose change; administrator")
    name_before: Mapped[str] = mapped_column(String(200), index=True, comment="Name until then; system")
    name_after: Mapped[str] = mapped_column(String(200), comment="Name from then on; administrator")
    org_code_before: Mapped[str] = mapped_column(String(10), index=True, comment="Code until then; system")
    org_code_after: Mapped[str] = mapped_column(String(10), comment="Code from then on; administrator")
    uscc_before: Mapped[str | None] = mapped_column(String(18), comment="Unified code until then; system")
    uscc_after: Mapped[str | None] = mapped_column(String(18), comment="Unified code from then on; administrator")
    effective_on: Mapped[date] = mapped_column(comment="Day of the legal change, Asia/Shanghai; administrator")
    reason: Mapped[str] = mapped_column(String(500), comment="依据, such as the registrar's notice; administrator")
    changed_by_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who recorded it; administrator"
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Recorded, instant UTC; system")

    organization: Mapped["Organization"] = relationship("Organization")
    changed_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[changed_by_id])
