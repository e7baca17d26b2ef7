"""Keys of other systems for the interface (接口密钥)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.types import PlainJson, UtcDateTime

if TYPE_CHECKING:
    from models.bureau import Bureau
    from models.user import User


class ApiKey(HasId, Model):
    """One system's key: what it may do, where, and until when. The key itself is nowhere."""

    __tablename__ = "api_key"
    __table_args__ = table(
        CheckConstraint("length(key_hash) = 64", name="api_key_hash_has_64_hex_digits"),
        CheckConstraint("expires_at > issued_at", name="api_key_expires_after_its_issue"),
        Index("ix_api_key_bureau_id_id", "bureau_id", "id"),
        comment="接口密钥: keys of other systems",
    )

    name: Mapped[str] = mapped_column(String(100), comment="Which system uses it; administrator")
    prefix: Mapped[str] = mapped_column(
        String(8), unique=True, comment="The key's open part, to tell keys apart; system"
    )
    key_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 hex of the whole key; system")
    scopes: Mapped[list[str]] = mapped_column(PlainJson, comment="What it may do, domain.api.KeyScope; administrator")
    matters: Mapped[list[str] | None] = mapped_column(
        PlainJson, comment="Of the seven, those it writes back, domain.matters.Matter; administrator"
    )
    bureau_id: Mapped[int] = mapped_column(
        ForeignKey("bureau.id"), comment="Its projects are those of this bureau and below; administrator"
    )
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Issued, instant UTC; system")
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Who issued it; system")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Void from then on, instant UTC; administrator")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Withdrawn, instant UTC; system")
    revoked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who withdrew it; system"
    )
    last_used_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="Last request, to some minutes, instant UTC; system"
    )

    bureau: Mapped["Bureau"] = relationship("Bureau")
    issued_by: Mapped["User"] = relationship("ConsoleUser", foreign_keys=[issued_by_id])
    revoked_by: Mapped["User | None"] = relationship("ConsoleUser", foreign_keys=[revoked_by_id])
