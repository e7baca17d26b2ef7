"""The bureau's own wording of a notice (通知模板); without a row the wording of app.domain.notices holds."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.user import User


class NoticeTemplate(HasId, Model):
    """One event's text, with named placeholders only."""

    __tablename__ = "notice_template"
    __table_args__ = table(comment="通知模板: texts of notices that an administrator has changed")

    event: Mapped[str] = mapped_column(String(60), unique=True, comment="The event, app.domain.notices; reference")
    text: Mapped[str] = mapped_column(String(500), comment="Text with %(name)s placeholders, Chinese; administrator")
    updated_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who changed it last; system"
    )
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Last changed, instant UTC; system")

    updated_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[updated_by_id])

    def __repr__(self) -> str:
        return self.event
