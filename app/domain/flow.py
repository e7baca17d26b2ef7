"""The flow chart (流程图) of a life cycle: its states in their places, an arrow for every step of the table.

Nothing here knows a rule: the arrows are the rows of app/domain/workflow.py, so the chart cannot say anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.terms import Action, Kind, Status
from app.domain.workflow import SYSTEM, TABLES, Transition

GONE = "gone"  # where a deleted draft goes
WIDTH, MARGIN = 900, 64  # of the drawing, in its own units; the margin is for words below the lowest box
BOX_WIDTH, BOX_HEIGHT = 116, 44

Point = tuple[int, int]
# Left upper corner of each state's box.
PLACES: Mapping[str, Point] = {
    Status.DRAFT: (20, 40),
    Status.SUBMITTED: (390, 40),
    Status.APPROVED: (764, 40),
    Status.RETURNED: (577, 200),
    Status.VOIDED: (390, 376),
    GONE: (20, 200),
}
_TOP, _ROW, _BOTTOM = 62, 222, 398  # middles of the three lines of boxes
# The way of each arrow, and where its words stand (their anchor, and whether they begin, centre or end there).
WAYS: Mapping[tuple[str, str], tuple[tuple[Point, ...], Point, str]] = {
    (Status.DRAFT, Status.SUBMITTED): (((136, _TOP - 8), (390, _TOP - 8)), (263, _TOP - 33), "middle"),
    (Status.SUBMITTED, Status.DRAFT): (((390, _TOP + 8), (136, _TOP + 8)), (263, _TOP + 26), "middle"),
    (Status.SUBMITTED, Status.APPROVED): (((506, _TOP), (764, _TOP)), (635, _TOP - 25), "middle"),
    (Status.SUBMITTED, Status.RETURNED): (((490, 84), (577, 210)), (552, 130), "start"),
    (Status.RETURNED, Status.SUBMITTED): (((577, 232), (462, 84)), (500, 182), "end"),
    (Status.APPROVED, Status.RETURNED): (((838, 84), (838, _ROW), (693, _ROW)), (766, 240), "middle"),
    (Status.RETURNED, Status.APPROVED): (((660, 200), (784, 84)), (730, 156), "start"),
    (Status.RETURNED, Status.VOIDED): (((635, 244), (635, _BOTTOM - 10), (506, _BOTTOM - 10)), (642, 300), "start"),
    (Status.APPROVED, Status.VOIDED): (
        ((868, 84), (868, _BOTTOM + 10), (506, _BOTTOM + 10)), (700, _BOTTOM + 28), "middle",
    ),
    (Status.SUBMITTED, Status.VOIDED): (((410, 84), (410, 376)), (402, 300), "end"),
    (Status.DRAFT, Status.VOIDED): (((116, 84), (116, _BOTTOM), (390, _BOTTOM)), (253, _BOTTOM - 25), "middle"),
    (Status.VOIDED, Status.DRAFT): (
        ((390, _BOTTOM + 12), (8, _BOTTOM + 12), (8, _TOP), (20, _TOP)), (253, _BOTTOM + 32), "middle",
    ),
    (Status.DRAFT, GONE): (((60, 84), (60, 200)), (68, 148), "start"),
}  # fmt: skip


@dataclass(frozen=True)
class Arrow:
    """From one state to another: what is done, and by which roles; several steps may lead the same way."""

    source: str
    target: str
    deeds: tuple[tuple[Action, frozenset[str]], ...]
    points: tuple[Point, ...]
    at: Point
    anchor: str


def states_of(kind: Kind) -> list[str]:
    """The boxes of the chart."""
    there = {name for arrow in arrows_of(kind) for name in (arrow.source, arrow.target)}
    return [name for name in PLACES if name in there]


def height_of(kind: Kind) -> int:
    """How much paper the chart takes."""
    return max(PLACES[name][1] for name in states_of(kind)) + BOX_HEIGHT + MARGIN


def arrows_of(kind: Kind) -> list[Arrow]:
    """The arrows of the chart. A way that the paper has no place for is an error: the chart would leave it out."""
    found: dict[tuple[str, str], dict[Action, frozenset[str]]] = {}
    for step in steps_of(kind):
        way = str(step.source), str(step.target) if step.target else GONE
        deeds = found.setdefault(way, {})
        deeds[step.action] = deeds.get(step.action, frozenset()) | step.by
    arrows = []
    for (source, target), deeds in found.items():
        points, at, anchor = WAYS[source, target]
        arrows.append(Arrow(source, target, tuple(deeds.items()), points, at, anchor))
    return arrows


def steps_of(kind: Kind) -> list[Transition]:
    """The rows that lead from one state to another; what the system does besides people stands with theirs."""
    return [row for row in TABLES[kind] if row.source != row.target and not _closes(row)]


def _closes(row: Transition) -> bool:
    """Closing what hangs on something else: no step that anybody takes."""
    return row.action == Action.VOID and row.by == {SYSTEM}
