"""What the root bureau decides about each matter: whether it waits, and what papers it asks for."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, one_of, table
from models.matter import MATTERS
from models.sorting import sort_column


class MatterRule(HasId, Model):
    """One row per matter."""

    __tablename__ = "matter_rule"
    __table_args__ = table(
        one_of("matter", MATTERS, "matter_rule_is_of_one_of_the_seven"),
        comment="事项设置: settings of the seven matters",
    )

    matter: Mapped[str] = mapped_column(String(30), unique=True, comment="Which of the seven; reference")
    waits_for_province: Mapped[bool] = mapped_column(
        default=False, comment="Only once the province has acknowledged the project; root administrator"
    )


class MatterItem(HasId, Model):
    """One paper of a matter's checklist (材料清单)."""

    __tablename__ = "matter_item"
    __table_args__ = table(
        one_of("matter", MATTERS, "matter_item_is_of_one_of_the_seven"),
        UniqueConstraint("matter", "label_zh", name="matter_item_stands_once_in_its_list"),
        comment="事项材料: checklists of the seven matters",
    )

    matter: Mapped[str] = mapped_column(String(30), comment="Which of the seven; root administrator")
    label_zh: Mapped[str] = mapped_column(String(100), comment="材料名称; root administrator")
    label_zh_order: Mapped[str] = sort_column("label_zh")
    label_en: Mapped[str] = mapped_column(String(100), comment="The same in English; root administrator")
    is_required: Mapped[bool] = mapped_column(default=True, comment="Asked of everybody; root administrator")
    is_active: Mapped[bool] = mapped_column(default=True, comment="Still asked for; root administrator")
    sort: Mapped[int] = mapped_column(default=0, comment="Place in the list; root administrator")
