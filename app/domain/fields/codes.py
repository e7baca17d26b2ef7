"""The code tables of the day as a value: dictionaries and districts, handed in by whoever can read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class RegionPeriod:
    """A district and the days it is in force, both ends included; no `valid_to`: still in force."""

    code: str
    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class CodeTables:
    """`entries`: dictionary kind -> active code -> its parent code or None. `regions`: every period known."""

    entries: Mapping[str, Mapping[str, str | None]]
    regions: tuple[RegionPeriod, ...] = ()

    def has(self, kind: str, code: str) -> bool:
        """Whether the dictionary offers the code today."""
        return code in self.entries.get(kind, {})

    def parent(self, kind: str, code: str) -> str | None:
        """The code it belongs to (工程用途 to its 项目分类), None when it belongs to none."""
        return self.entries.get(kind, {}).get(code)

    def region_in_force(self, code: str, day: date) -> bool:
        """Whether the district exists on that day (GB/T 2260 changes: DOMAIN §4)."""
        return any(region.code == code and region.covers(day) for region in self.regions)
