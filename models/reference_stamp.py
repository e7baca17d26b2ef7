"""One row that says whether the reference data and the rights are still what they were (ADR 0020)."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, table

# The tables that it speaks of. Who holds a role is not among them: the session lookup reads it, and a stamp that every
# registration drew would be a lock that all of them wait for.
REFERENCE = ("bureau", "dictionary_entry", "region", "required_document", "return_reason")
RIGHTS = ("ab_permission", "ab_permission_view", "ab_permission_view_role", "ab_role", "ab_view_menu")
STAMPED = REFERENCE + RIGHTS


class ReferenceStamp(HasId, Model):
    """The one row; a trigger of each such table gives it another stamp with every change, whoever makes it."""

    __tablename__ = "reference_stamp"
    __table_args__ = table(comment="Whether reference data and rights have changed, one row")

    stamp: Mapped[int] = mapped_column(BigInteger, comment="Drawn anew at each change, never counted; trigger")
