"""The last thing that went wrong on an applicant's screen, for who is asked about it on the telephone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, table
from models.types import EncryptedJson, UtcDateTime


class ShownError(HasId, Model):
    """One row per account, written over each time."""

    __tablename__ = "shown_error"
    __table_args__ = table(comment="Last error shown to each applicant")

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), unique=True, comment="To whom; system")
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id"), index=True, comment="Of which organization; system"
    )
    page: Mapped[str] = mapped_column(String(200), comment="Address of the page; system")
    sentences: Mapped[Any] = mapped_column(
        EncryptedJson("shown_error.sentences"), nullable=False, comment="What it said, list, encrypted; system"
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="When, instant UTC; system")
