"""The count beside the menu's entry is the count of the page that it leads to."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import worklist
from app.services.worklist import Asked
from models.project import Project
from tests.builders import NOW, registered, staff, submitted_enterprise, submitted_project
from tests.builders import a_case as a_builder
from views.badges import nav_badges

WAITING = {"320281": 4, "320282": 2, "320200": 6}  # each bureau's own; the city's decides for those below it


@pytest.fixture
def submitted(session: Session) -> None:
    """Two projects and two enterprise records in Jiangyin, one of each in Yixing."""
    builder = a_builder(session)
    for region in ("320281", "320281", "320282"):
        submitted_project(session, builder.applicant, region_code=region)
        submitted_enterprise(session, registered(session)[1], region_code=region)


def badge(app: Flask, actor: Actor, name: str) -> int:
    with app.app_context():
        return nav_badges(actor)[name]


@pytest.mark.usefixtures("submitted")
@pytest.mark.parametrize("bureau", WAITING)
def test_the_worklist_bears_the_count_of_its_rows(app: Flask, session: Session, bureau: str) -> None:
    reviewer = staff(session, Role.REVIEWER, bureau=bureau)

    tasks = worklist.queue(session, reviewer, Asked(), now=NOW).tasks

    assert len(tasks) == badge(app, reviewer, "worklist") == WAITING[bureau]


@pytest.mark.usefixtures("submitted")
def test_the_calendar_bears_the_count_of_cases_that_have_no_last_day(app: Flask, session: Session) -> None:
    administrator = staff(session, Role.ADMINISTRATOR, bureau="320200")
    assert badge(app, administrator, "calendar") == 0

    session.execute(update(Project).where(Project.region_code == "320281").values(due_on=None, clock_waits=False))
    session.commit()

    assert badge(app, administrator, "calendar") == 2
