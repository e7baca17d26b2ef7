"""The conditions under which somebody likes to see a list (常用视图)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import EncryptedText, UtcDateTime

if TYPE_CHECKING:
    from models.user import User


class SavedView(HasId, Model):
    """One name for the conditions and the order of one list, for one person."""

    __tablename__ = "saved_view"
    __table_args__ = table(
        UniqueConstraint("user_id", "page", "name", name="saved_view_has_a_name_of_its_own"),
        CheckConstraint("name <> ''", name="saved_view_has_a_name"),
        comment="常用视图: conditions of a list under a name",
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Whose view; system")
    page: Mapped[str] = mapped_column(String(40), comment="Address of the list; system")
    name: Mapped[str] = mapped_column(String(40), comment="What the person calls it; the person")
    conditions: Mapped[str] = mapped_column(
        EncryptedText("saved_view.conditions"),
        nullable=False,
        comment="Query part of the address, encrypted: a search may name a person; the person",
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Saved, instant UTC; system")

    user: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[user_id])
