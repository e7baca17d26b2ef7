"""What somebody typed into a form and has not saved (暂存)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import EncryptedJson, UtcDateTime

if TYPE_CHECKING:
    from models.user import User

FORM_WIDTH, SENT_WIDTH = 80, 200


class UnsavedEntry(HasId, Model):
    """The latest state of one form of one person; nobody else sees it, and a save takes it away."""

    __tablename__ = "unsaved_entry"
    __table_args__ = table(
        UniqueConstraint("user_id", "form", name="unsaved_entry_is_one_per_person_and_form"),
        comment="暂存: what was typed and not saved",
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Who typed it; system")
    form: Mapped[str] = mapped_column(String(FORM_WIDTH), comment="Address of the form; system")
    entries: Mapped[Any] = mapped_column(
        EncryptedJson("unsaved_entry.entries"),
        nullable=False,
        comment="What was typed, lists by input name, encrypted JSON; the person",
    )
    sent_to: Mapped[str | None] = mapped_column(
        String(SENT_WIDTH),
        comment="Where it was sent after its session had ended; empty for what is only being typed; request",
    )
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="Kept last, instant UTC; system")

    user: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[user_id])
