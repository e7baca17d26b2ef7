"""The SQL's figures against a second computation in plain Python, cell by cell, over a random year of work."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.month import Month
from app.services.calendar import in_force
from models.bureau import Bureau
from reports.monthly.definitions import DEFINITIONS, Rows
from reports.monthly.figures import Figures, Line
from reports.monthly.query import figures, keys_of
from tests.reports.monthly import oracle
from tests.reports.monthly.history import Told, Walk, months

AFTERWARDS = datetime(2027, 3, 1, tzinfo=UTC)


def month_of(text: str) -> Month:
    return Month(int(text[:4]), int(text[5:]))


def bureaus(session: Session, *codes: str) -> list[int]:
    query = select(Bureau.id).where(Bureau.code.in_(codes)) if codes else select(Bureau.id)
    return list(session.scalars(query))


def computed(session: Session, month: str, *codes: str) -> Figures:
    return figures(session, bureaus(session, *codes), month_of(month), in_force(session), now=AFTERWARDS)


def belongs(told: Told, line: Line) -> bool:
    return all(code in ("", own) for own, code in zip(told.key, line.key, strict=True))


def shown(line: Line) -> dict[str, object]:
    return {definition.key: line.value(definition.key) for definition in DEFINITIONS}


def test_every_cell_of_every_month_is_what_plain_python_counts(session: Session) -> None:
    projects = Walk(session, seed=20161).go(300)

    for month in months():
        lines = list(computed(session, month).table())
        for line in lines:
            assert shown(line) == oracle.cell((p for p in projects if belongs(p, line)), month), (month, line.key)
        missing = {p.key for p in projects} - {line.key for line in lines}
        for key in missing:
            values = oracle.cell((p for p in projects if p.key == key), month).values()
            assert not any(values), (month, key)
    the_walk_had_everything(projects)
    drilling_lists_as_many_projects_as_are_counted(session)
    a_bureau_counts_its_own_only(session, projects)


def the_walk_had_everything(projects: list[Told]) -> None:
    """Else equal figures would say little."""
    happened = {what for p in projects for what, _ in p.events}
    again = any([what for what, _ in p.events].count("approve") > 1 for p in projects)

    assert happened == {"submit", "withdraw", "return", "approve", "issue", "void"}
    assert again
    assert any(p.imported for p in projects)
    assert {state for p in projects for _, state, _ in p.pushes} == {"queued", "delivered", "failed"}


COUNTED = {
    Rows.REGISTERED: "registered", Rows.APPROVED: "approved", Rows.PENDING: "pending", Rows.OVERDUE: "overdue",
    Rows.ISSUED: "issued", Rows.PUSH_DONE: "push_done", Rows.PUSH_FAILED: "push_failed",
    Rows.RETURNED_ONCE: "first_returned",
}  # fmt: skip


def drilling_lists_as_many_projects_as_are_counted(session: Session) -> None:
    for month in ("2026-02", "2026-10"):
        total = computed(session, month).total().parts
        for rows, part in COUNTED.items():
            listed = keys_of(session, bureaus(session), month_of(month), rows, now=AFTERWARDS)
            assert len(listed) == len({key for _, key in listed}) == total[part], (month, rows)


def a_bureau_counts_its_own_only(session: Session, projects: list[Told]) -> None:
    found = computed(session, "2026-10", "320281")

    assert found.regions == ("320281",)
    assert shown(found.total()) == oracle.cell((p for p in projects if p.key[0] == "320281"), "2026-10")
