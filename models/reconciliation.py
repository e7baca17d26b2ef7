"""What a comparison of our push ledger with another system's register found (对账)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, one_of, table
from models.types import PlainJson, UtcDateTime


class Reconciliation(HasId, Model):
    """One comparison over a span of days; the findings name numbers alone."""

    __tablename__ = "reconciliation"
    __table_args__ = table(
        one_of("system", ("province", "municipal"), "reconciliation_system_is_known"),
        CheckConstraint("until_on >= since_on", name="reconciliation_does_not_end_before_it_begins"),
        CheckConstraint("ours >= 0 AND theirs >= 0", name="reconciliation_counts_are_counts"),
        Index("ix_reconciliation_system_at", "system", "at"),
        comment="报送对账: ledger and register compared",
    )

    system: Mapped[str] = mapped_column(String(20), comment="Which system, a tag such as province; system")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Compared, instant UTC; system")
    since_on: Mapped[date] = mapped_column(comment="First day compared, Asia/Shanghai; system")
    until_on: Mapped[date] = mapped_column(comment="Last day compared, Asia/Shanghai; system")
    ours: Mapped[int] = mapped_column(comment="Numbers acknowledged in our ledger, count; system")
    theirs: Mapped[int] = mapped_column(comment="Numbers in their register, count; system")
    missing: Mapped[list[str]] = mapped_column(PlainJson, comment="Ours that they lack, numbers; system")
    unknown: Mapped[list[str]] = mapped_column(PlainJson, comment="Theirs that we never sent, numbers; peer")
    failed: Mapped[str | None] = mapped_column(String(500), comment="Why nothing could be compared; system")
