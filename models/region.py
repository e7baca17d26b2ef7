"""Administrative regions (行政区划) with the time they were in force, and their codes in other systems."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.sorting import sort_column


class Region(HasId, Model):
    """One code in one span of validity."""

    __tablename__ = "region"
    __table_args__ = table(
        UniqueConstraint("code", "valid_from", name="region_code_begins_once_on_a_day"),
        CheckConstraint("length(code) = 6", name="region_code_has_6_digits"),
        CheckConstraint("valid_to >= valid_from", name="region_does_not_end_before_it_begins"),
        comment="行政区划: regions with validity and successor",
    )

    code: Mapped[str] = mapped_column(String(6), comment="行政区划代码, 6 digits; GB/T 2260 or local")
    name: Mapped[str] = mapped_column(String(50), comment="名称; GB/T 2260")
    name_order: Mapped[str] = sort_column("name")
    parent_code: Mapped[str | None] = mapped_column(
        String(6), index=True, comment="Code of the region above, empty at a province; GB/T 2260"
    )
    valid_from: Mapped[date] = mapped_column(comment="First day in force; DOMAIN §4")
    valid_to: Mapped[date | None] = mapped_column(comment="Last day in force, empty while it is; DOMAIN §4")
    successor_code: Mapped[str | None] = mapped_column(String(6), comment="Code that took over; DOMAIN §4")
    is_local: Mapped[bool] = mapped_column(default=False, comment="Local code outside GB/T 2260; DOMAIN §4")

    aliases: Mapped[list["RegionAlias"]] = relationship(
        "RegionAlias", back_populates="region", cascade="all, delete-orphan", order_by="RegionAlias.system"
    )

    def __repr__(self) -> str:
        return f"{self.code} {self.name}"


class RegionAlias(HasId, Model):
    """What another system calls the region."""

    __tablename__ = "region_alias"
    __table_args__ = table(
        UniqueConstraint("region_id", "system", name="region_has_one_code_per_system"),
        comment="Region codes of other systems",
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), comment="Which region; reference")
    system: Mapped[str] = mapped_column(String(20), comment="Which system, a tag such as province; reference")
    code: Mapped[str] = mapped_column(String(20), comment="Its code there; reference")

    region: Mapped["Region"] = relationship("Region", back_populates="aliases")
