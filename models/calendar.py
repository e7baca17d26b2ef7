"""Working days that differ from the published holidays, and the years the administrator has published."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HasId, Model, table
from models.types import UtcDateTime


class CalendarOverride(HasId, Model):
    """One day that is worked or free against the base calendar."""

    __tablename__ = "calendar_override"
    __table_args__ = table(comment="工作日调整: days that differ from the base calendar")

    day: Mapped[date] = mapped_column(unique=True, comment="Day, Asia/Shanghai; administrator")
    is_working_day: Mapped[bool] = mapped_column(comment="Worked (true) or free (false); administrator")
    reason: Mapped[str] = mapped_column(String(200), comment="依据; administrator")


class CalendarYear(HasId, Model):
    """A year whose holidays the administrator has entered."""

    __tablename__ = "calendar_year"
    __table_args__ = table(
        CheckConstraint("year BETWEEN 2000 AND 2100", name="calendar_year_is_a_plausible_year"),
        comment="已公布日历的年份",
    )

    year: Mapped[int] = mapped_column(unique=True, comment="Calendar year, four digits; administrator")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="Published here, instant UTC; system")
