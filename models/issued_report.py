"""Reports as they were issued (登记月报): frozen with their parameters, figures, rows and hash. They only grow."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, one_of, table
from models.types import PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.bureau import Bureau
    from models.user import User

KINDS = ("monthly",)


class IssuedReport(HasId, Model):
    """One edition of one month's report of one bureau; a correction is a later edition, never a change."""

    __tablename__ = "issued_report"
    __table_args__ = table(
        UniqueConstraint("kind", "month", "bureau_id", "edition", name="report_edition_is_issued_once"),
        one_of("kind", KINDS, "issued_report_kind_is_known"),
        CheckConstraint("edition > 0", name="issued_report_edition_counts_from_one"),
        CheckConstraint("length(month) = 7", name="issued_report_month_is_a_year_and_a_month"),
        CheckConstraint("length(content_hash) = 64", name="issued_report_hash_has_64_hex_digits"),
        comment="已发布的报表, append-only",
    )

    kind: Mapped[str] = mapped_column(String(20), comment="Which report; system")
    month: Mapped[str] = mapped_column(String(7), comment="Month of the figures, YYYY-MM, Asia/Shanghai; manager")
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True, comment="Whose figures; manager")
    edition: Mapped[int] = mapped_column(comment="Which issue of the month, from 1; system")
    definition_version: Mapped[str] = mapped_column(String(20), comment="Version of the definitions; reports")
    figures: Mapped[Any] = mapped_column(PlainJson, nullable=False, comment="Lines with their figures, JSON; system")
    row_ids: Mapped[Any] = mapped_column(
        PlainJson, nullable=False, comment="Keys of the projects behind each figure, JSON; system"
    )
    content_hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of parameters, figures and keys in canonical JSON, hex; system"
    )
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Who issued it; manager")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Issued, instant UTC; system")

    bureau: Mapped["Bureau"] = relationship("Bureau")
    issued_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[issued_by_id])
