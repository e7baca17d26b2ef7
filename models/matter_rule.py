"""What the root bureau decides about each matter."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, one_of, table
from models.matter import MATTERS


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
