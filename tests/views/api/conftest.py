"""A numbered project at 江阴, and a system that records two of its matters."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models.project import Project
from tests import builders
from tests.builders import Case
from tests.views.api.callers import System, issued
from tests.views.applicants import a_case


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def project(db_session: Session, case: Case) -> Project:
    return builders.approved_project(db_session, case, name="演示接口项目")


@pytest.fixture
def system(app: Flask, db_session: Session, project: Project) -> System:
    """It handles the permit and the tender."""
    return System(app, issued(db_session)[1])


@pytest.fixture
def numbered(project: Project) -> None:
    """There is a number."""
