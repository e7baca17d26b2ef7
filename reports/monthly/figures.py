"""Figures of a month as values: counted parts per line, what is shown of them, totals; to JSON and back.

All parts are whole numbers (money in 元, area in 0.01 ㎡), so sums are exact and a frozen edition hashes alike.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

PARTS = (
    "registered", "registered_ytd", "registered_last",
    "approved", "approved_ytd", "approved_last",
    "returns", "first_decided", "first_returned", "days", "days_of", "pending", "overdue",
    "issued", "issued_ytd", "issued_last", "investment", "investment_ytd", "investment_last", "floor_area",
    "push_done", "push_failed",
)  # fmt: skip
CNY_PER_10K = 10_000
CENTIARES_PER_M2 = 100
TENTH = Decimal("0.1")
SUBTOTAL, TOTAL = "subtotal", "total"

Key = tuple[str, str, str]  # region, category, approval level; codes, empty where the record has none
Parts = Mapping[str, int]
Value = int | Decimal | None


@dataclass(frozen=True)
class Line:
    """One row of the report: a combination, a region's subtotal or the total."""

    key: Key
    parts: Parts
    kind: str = "line"
    place: int = 0  # 序号, lines only

    @property
    def region(self) -> str:
        """行政区划代码."""
        return self.key[0]

    def value(self, name: str) -> Value:
        """What a column shows; None is an empty cell."""
        return _SHOWN[name](self.parts) if name in _SHOWN else self.parts.get(name, 0)


@dataclass(frozen=True)
class Point:
    """One month of the trend."""

    month: str
    registered: int
    approved: int
    issued: int


@dataclass(frozen=True)
class Figures:
    """A month's figures: the combinations that have any, every region in reach, the twelve months up to it."""

    lines: tuple[Line, ...]
    regions: tuple[str, ...]
    trend: tuple[Point, ...]
    overdue_before: date  # a due day before this one has passed

    def table(self) -> Iterator[Line]:
        """Top to bottom: each region's lines and its subtotal, the total last."""
        place = 0
        for region in self.regions:
            own = [line for line in self.lines if line.region == region]
            for line in own:
                place += 1
                yield Line(line.key, line.parts, "line", place)
            yield self.subtotal(region)
        yield self.total()

    def subtotal(self, region: str) -> Line:
        """小计 of a region."""
        return Line((region, "", ""), added(line.parts for line in self.lines if line.region == region), SUBTOTAL)

    def total(self) -> Line:
        """合计."""
        return Line(("", "", ""), added(line.parts for line in self.lines), TOTAL)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, whole numbers and text only."""
        return {
            "lines": [[*line.key, {name: line.parts.get(name, 0) for name in PARTS}] for line in self.lines],
            "regions": list(self.regions),
            "trend": [[point.month, point.registered, point.approved, point.issued] for point in self.trend],
            "overdue_before": self.overdue_before.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Figures":
        """What `as_json` gave."""
        lines = tuple(Line((region, category, level), parts) for region, category, level, parts in stored["lines"])
        trend = tuple(Point(*point) for point in stored["trend"])
        return cls(lines, tuple(stored["regions"]), trend, date.fromisoformat(stored["overdue_before"]))


def added(many: Iterable[Parts]) -> dict[str, int]:
    """The parts of several lines together."""
    sums = dict.fromkeys(PARTS, 0)
    for parts in many:
        for name in PARTS:
            sums[name] += parts.get(name, 0)
    return sums


def _share(part: int, whole: int, times: int = 1) -> Decimal | None:
    return (Decimal(part) * times / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP) if whole else None


def _growth(name: str) -> Any:
    return lambda p: _share(p.get(name, 0) - p.get(f"{name}_last", 0), p.get(f"{name}_last", 0), 100)


def _money(name: str) -> Any:
    return lambda p: Decimal(p.get(name, 0)) / CNY_PER_10K


_SHOWN: Mapping[str, Any] = {
    "return_rate": lambda p: _share(p.get("first_returned", 0), p.get("first_decided", 0), 100),
    "average_days": lambda p: _share(p.get("days", 0), p.get("days_of", 0)),
    "investment": _money("investment"),
    "investment_ytd": _money("investment_ytd"),
    "floor_area": lambda p: Decimal(p.get("floor_area", 0)) / CENTIARES_PER_M2,
    "registered_yoy": _growth("registered"),
    "approved_yoy": _growth("approved"),
    "issued_yoy": _growth("issued"),
    "investment_yoy": _growth("investment"),
}
