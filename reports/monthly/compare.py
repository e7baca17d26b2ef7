"""What was restated since an edition was issued: cells that changed, projects that came or went."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reports.monthly.definitions import DEFINITIONS, Rows
from reports.monthly.figures import Figures, Key, Line, Value

Place = tuple[str, Key, str]  # kind of line, its key, the column
Keyed = list[tuple[Key, int]]


@dataclass(frozen=True)
class Restated:
    """The differences between the frozen figures and the same month counted now."""

    cells: Mapping[Place, tuple[Value, Value]] = field(default_factory=dict)  # old, new
    came: Mapping[Rows, frozenset[int]] = field(default_factory=dict)
    went: Mapping[Rows, frozenset[int]] = field(default_factory=dict)

    def of(self, line: Line, name: str) -> tuple[Value, Value] | None:
        """Old and new value of a cell, if they differ."""
        return self.cells.get((line.kind, line.key, name))

    def __bool__(self) -> bool:
        return bool(self.cells or self.came or self.went)


def compare(old: Figures, new: Figures, old_keys: Mapping[Rows, Keyed], new_keys: Mapping[Rows, Keyed]) -> Restated:
    """Old against new, line by line and project by project."""
    before, after = _cells(old), _cells(new)
    cells = {
        place: (before.get(place), after.get(place))
        for place in before | after
        if (before.get(place) or 0) != (after.get(place) or 0)
    }
    came, went = {}, {}
    for rows in Rows:
        ids_before, ids_after = ({key for _, key in keyed.get(rows, [])} for keyed in (old_keys, new_keys))
        came[rows], went[rows] = frozenset(ids_after - ids_before), frozenset(ids_before - ids_after)
    return Restated(cells, {r: ids for r, ids in came.items() if ids}, {r: ids for r, ids in went.items() if ids})


def _cells(figures: Figures) -> dict[Place, Value]:
    return {
        (line.kind, line.key, definition.key): line.value(definition.key)
        for line in figures.table()
        for definition in DEFINITIONS
    }
