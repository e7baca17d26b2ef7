"""Bureaus (主管部门) as a tree, and the contacts they publish."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import HasId, Model, table
from models.sorting import sort_column

if TYPE_CHECKING:
    from models.user import User


class Bureau(HasId, Model):
    """A construction bureau; it works on its region and those below."""

    __tablename__ = "bureau"
    __table_args__ = table(
        CheckConstraint("length(code) = 6", name="bureau_code_has_6_digits"),
        CheckConstraint("length(region_code) = 6", name="bureau_region_code_has_6_digits"),
        CheckConstraint("parent_id <> id", name="bureau_is_not_its_own_parent"),
        comment="建设主管部门: the bureau tree",
    )

    code: Mapped[str] = mapped_column(String(6), unique=True, comment="Bureau code; reference, administrator")
    name: Mapped[str] = mapped_column(String(100), comment="部门名称; reference, administrator")
    name_order: Mapped[str] = sort_column("name")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("bureau.id"), index=True, comment="上级部门, empty at the root; administrator"
    )
    region_code: Mapped[str] = mapped_column(
        String(6), index=True, comment="行政区划代码 it works on, 6 digits; GB/T 2260"
    )
    effective_on: Mapped[date | None] = mapped_column(
        comment="First day of unified numbers here, Asia/Shanghai; notice, administrator"
    )
    requires_originals: Mapped[bool] = mapped_column(
        default=False, comment="Approval needs 原件核验 at the counter; administrator"
    )
    sort: Mapped[int] = mapped_column(default=0, comment="Order in lists, ascending; administrator")

    parent: Mapped["Bureau | None"] = relationship("Bureau", back_populates="children", remote_side="Bureau.id")
    children: Mapped[list["Bureau"]] = relationship(
        "Bureau", back_populates="parent", order_by="Bureau.sort", passive_deletes="all"
    )
    contacts: Mapped[list["Contact"]] = relationship(
        "Contact", back_populates="bureau", order_by="Contact.sort", cascade="all, delete-orphan"
    )
    users: Mapped[list["User"]] = relationship(
        "ConsoleUser", back_populates="bureau", order_by="ConsoleUser.id", passive_deletes="all"
    )

    def __repr__(self) -> str:
        return self.name


class Contact(HasId, Model):
    """Whom to ask: published on the home page, edited by the bureau's administrator."""

    __tablename__ = "contact"
    __table_args__ = table(comment="联系人: published contacts of a bureau")

    bureau_id: Mapped[int] = mapped_column(
        ForeignKey("bureau.id"), index=True, comment="Whose contact; notice, administrator"
    )
    person: Mapped[str] = mapped_column(String(50), comment="联系人; notice, administrator")
    person_order: Mapped[str] = sort_column("person")
    phones: Mapped[str] = mapped_column(String(200), comment="联系电话, parted by 、; notice, administrator")
    qq: Mapped[str | None] = mapped_column(String(20), comment="QQ; notice, administrator")
    qq_group: Mapped[str | None] = mapped_column(String(20), comment="QQ 群号; notice, administrator")
    counter_address: Mapped[str | None] = mapped_column(String(200), comment="窗口地址; administrator")
    counter_hours: Mapped[str | None] = mapped_column(String(100), comment="窗口工作时间; administrator")
    sort: Mapped[int] = mapped_column(default=0, comment="Order on the page, ascending; administrator")

    bureau: Mapped["Bureau"] = relationship("Bureau", back_populates="contacts")

    def __repr__(self) -> str:
        return self.person
