"""The change feed: everything that happened to the projects in reach, once, in commit order, from any cursor."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.terms import Kind, Role
from app.services import administration, changes, seal, second_person
from models.project import Project
from tests import builders
from tests.app_fixtures import MONDAY
from tests.builders import LIMITS, Case
from tests.databases import on_sqlite
from tests.views.api.callers import System, issued

NUMBER = "3202812611230101"


def sealed(session: Session) -> None:
    """What the worker does within seconds."""
    session.rollback()
    seal.seal_events(session, now=MONDAY)


def read_all(system: System, since: str = "") -> list[tuple[str, str, str | None]]:
    """The whole feed, page by page."""
    found, cursor = [], since
    while True:
        page = system.get("/changes" + (f"?since={cursor}" if cursor else "")).json
        found += [(one["event"], one["number"], one["matter"]) for one in page["changes"]]
        cursor = page["cursor"]
        if not page["has_more"]:
            return found


def test_each_change_is_told_once_in_its_order(system: System, db_session: Session, project: Project) -> None:
    path = f"/projects/{NUMBER}/matters/tender"
    system.put(path, {"step": "accept"})
    system.put(path, {"step": "accept"})
    system.put(path, {"step": "supplement", "words": "请补图"})
    sealed(db_session)

    assert read_all(system) == [
        ("project.approved", NUMBER, None),
        ("matter.accepted", NUMBER, "tender"),
        ("matter.supplement_asked", NUMBER, "tender"),
    ]


def test_a_cursor_goes_on_where_it_ended(system: System, db_session: Session, project: Project) -> None:
    sealed(db_session)
    first = system.get("/changes").json
    system.put(f"/projects/{NUMBER}/matters/tender", {"step": "accept"})
    sealed(db_session)

    assert read_all(system, first["cursor"]) == [("matter.accepted", NUMBER, "tender")]
    assert read_all(system, system.get(f"/changes?since={first['cursor']}").json["cursor"]) == []


def test_pages_of_any_size_tell_the_same(
    system: System, db_session: Session, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in ("accept", "supplement", "accept"):
        system.put(
            f"/projects/{NUMBER}/matters/tender",
            {"step": step, **({"words": "演示原因"} if step == "supplement" else {})},
        )
    sealed(db_session)
    whole = read_all(system)

    for most, stretch in ((1, 20_000), (2, 3), (200, 1)):
        monkeypatch.setattr(changes, "MOST", most)
        monkeypatch.setattr(changes, "STRETCH", stretch)
        assert read_all(system) == whole, (most, stretch)
    assert len(whole) == 4


def test_a_refused_step_is_no_news(system: System, db_session: Session, project: Project) -> None:
    system.put(f"/projects/{NUMBER}/matters/tender", {"step": "reject", "words": "演示原因"})
    system.put(f"/projects/{NUMBER}/matters/safety_supervision", {"step": "accept"})
    sealed(db_session)

    assert read_all(system) == [("project.approved", NUMBER, None)]


def test_what_is_out_of_reach_is_not_told(app: Flask, system: System, db_session: Session) -> None:
    sealed(db_session)
    foreign = System(app, issued(db_session, bureau="320213")[1])

    assert read_all(foreign) == []
    assert foreign.get("/changes").json["cursor"] == system.get("/changes").json["cursor"]


def test_a_void_number_is_news(system: System, db_session: Session, case: Case, project: Project) -> None:
    asks, confirms = (builders.staff(db_session, Role.ADMINISTRATOR) for _ in range(2))
    act = administration.void(
        db_session, asks, Kind.PROJECT, project.id, reason="演示：立项撤销", now=MONDAY, limits=LIMITS
    )
    second_person.confirm(db_session, confirms, act.id, now=MONDAY)
    sealed(db_session)

    assert read_all(system)[-1] == ("project.voided", NUMBER, None)


@pytest.mark.parametrize("since", ["-1", "01", "1.5", "x", "9" * 30, "1&since=2", "1&until=2", "%00"])
@on_sqlite
def test_a_cursor_that_is_none_is_a_problem(system: System, since: str) -> None:
    answer = system.get(f"/changes?since={since}")

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@on_sqlite
def test_a_cursor_of_days_to_come_is_gone(system: System, db_session: Session) -> None:
    sealed(db_session)

    assert system.get("/changes?since=999999999").status_code == 410
