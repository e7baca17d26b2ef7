"""Each attempt to hand a record to another system: when, what was said, what came back."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, one_of, table
from models.types import EncryptedText, UtcDateTime

if TYPE_CHECKING:
    from models.outbox import Outbox

OUTCOMES = ("acknowledged", "refused", "failed", "lost")


class PushAttempt(HasId, Model):
    """One lease of one push. Open while a worker holds it; `lost` when the worker never said how it went."""

    __tablename__ = "push_attempt"
    __table_args__ = table(
        UniqueConstraint("outbox_id", "fence", name="push_attempt_is_one_per_lease"),
        one_of("outcome", OUTCOMES, "push_attempt_outcome_is_known"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="push_attempt_ended_has_its_outcome"),
        comment="报送尝试: attempts of the push ledger",
    )

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), comment="Which push; worker")
    fence: Mapped[int] = mapped_column(comment="Which lease of it, from 1; worker")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Begun, instant UTC; worker")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Ended, instant UTC; worker")
    outcome: Mapped[str | None] = mapped_column(String(20), comment="How it ended, empty while open; worker")
    code: Mapped[str | None] = mapped_column(String(20), comment="Reply code, as the peer's table has it; peer")
    sentence: Mapped[str | None] = mapped_column(String(500), comment="What went wrong, no personal data; worker")
    sent: Mapped[str | None] = mapped_column(
        EncryptedText("push_attempt.sent"), comment="What was sent, readable, without the password, encrypted; worker"
    )
    answered: Mapped[str | None] = mapped_column(
        EncryptedText("push_attempt.answered"), comment="What came back, cut short, encrypted; peer"
    )

    outbox: Mapped["Outbox"] = relationship("Outbox")
