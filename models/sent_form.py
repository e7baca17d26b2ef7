"""Forms for new rows that were sent, so that the same form makes one row."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.user import User

PAGE_WIDTH = 200


class SentForm(HasId, Model):
    """One form as it was drawn and sent; `led_to` is empty while its row is being made."""

    __tablename__ = "sent_form"
    __table_args__ = table(
        UniqueConstraint("user_id", "mark", name="sent_form_is_known_once"),
        comment="Forms for new rows that were sent",
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Who sent it; system")
    mark: Mapped[str] = mapped_column(String(64), comment="SHA-256 hex of address and mark of the form; request")
    content: Mapped[str] = mapped_column(String(64), comment="SHA-256 hex of what was sent; request")
    led_to: Mapped[str | None] = mapped_column(String(PAGE_WIDTH), comment="Page of the row that it made; system")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="Sent first, instant UTC; system")

    user: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[user_id])
