"""One row that says whether the reference data is still what it was (ADR 0020)."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, table

STAMPED = ("bureau", "dictionary_entry", "region", "required_document", "return_reason")  # the tables that it speaks of


class ReferenceStamp(HasId, Model):
    """The one row; a trigger of each such table gives it another stamp with every change, whoever makes it."""

    __tablename__ = "reference_stamp"
    __table_args__ = table(comment="Whether reference data has changed, one row")

    stamp: Mapped[int] = mapped_column(BigInteger, comment="Drawn anew at each change, never counted; trigger")
