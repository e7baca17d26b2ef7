"""A monthly report ready to be shown: whose, which month, the figures, the words for their codes, its edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.month import Month
from app.domain.terms import N_
from reports.monthly.figures import SUBTOTAL, TOTAL, Figures, Line

UNKNOWN = N_("未填")
SUBTOTAL_WORD, TOTAL_WORD = N_("小计"), N_("合计")
TITLE = N_("%(bureau)s%(year)s年%(month)s月建设工程项目登记月报")


@dataclass(frozen=True)
class Edition:
    """An issue of the month (发布): its number, who issued it, and the code by which a copy can be checked."""

    number: int
    content_hash: str
    issued_by: str
    issued_at: datetime

    @property
    def check_code(self) -> str:
        """校验码: the first eight digits of the hash, for people to compare."""
        return f"{self.content_hash[:4]}-{self.content_hash[4:8]}".upper()


@dataclass(frozen=True)
class Report:
    """What the sheet and the screen draw. `words`: (field, code) to label; regions as `("region_code", code)`."""

    bureau_id: int
    bureau_code: str
    bureau_name: str
    month: Month
    figures: Figures
    made_by: str
    made_at: datetime
    definition_version: str
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    edition: Edition | None = None

    @property
    def title_values(self) -> dict[str, object]:
        """For TITLE."""
        return {"bureau": self.bureau_name, "year": self.month.year, "month": self.month.number}

    def labels(self, line: Line) -> tuple[str, str, str]:
        """区划, 项目分类 and 立项级别 in words, code first; message ids where a line is a sum."""
        if line.kind == TOTAL:
            return TOTAL_WORD, "", ""
        region = self._named("region_code", line.key[0])
        if line.kind == SUBTOTAL:
            return region, SUBTOTAL_WORD, ""
        return region, self._named("category_code", line.key[1]), self._named("approval_level_code", line.key[2])

    def _named(self, name: str, code: str) -> str:
        return f"{code} {self.words.get((name, code), '')}".strip() or UNKNOWN
