"""Originals held beside their scans at the counter (原件核验)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.terms import OriginalResult
from models.base import HasId, Model, one_of, table
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.attachment import Attachment
    from models.mandate import Mandate
    from models.project import Project
    from models.user import User


class OriginalsCheck(HasId, Model):
    """One tick, bound to the hash of the file it was given for."""

    __tablename__ = "originals_check"
    __table_args__ = table(
        one_of("result", OriginalResult, "originals_check_result_is_known"),
        CheckConstraint("length(sha256) = 64", name="originals_check_sha256_has_64_hex_digits"),
        Index("ix_originals_check_project_id_checked_at", "project_id", "checked_at"),
        Index("ix_originals_check_checked_at", "checked_at"),
        comment="原件核验",
    )

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), index=True, comment="Which scan; clerk")
    sha256: Mapped[str] = mapped_column(String(64), index=True, comment="SHA-256 of the scan then seen, hex; system")
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), comment="For which project; clerk")
    mandate_id: Mapped[int | None] = mapped_column(
        ForeignKey("mandate.id"), index=True, comment="Mandate of the agent who brought it; clerk"
    )
    result: Mapped[str] = mapped_column(String(20), comment="相符, 不符 or 缺原件, terms.OriginalResult; clerk")
    note: Mapped[str | None] = mapped_column(String(500), comment="说明; clerk")
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Which clerk; system")
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Checked, instant UTC; system")

    attachment: Mapped["Attachment"] = relationship("Attachment")
    project: Mapped["Project"] = relationship("Project", back_populates="originals_checks")
    mandate: Mapped["Mandate | None"] = relationship("Mandate")
    checked_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[checked_by_id])
