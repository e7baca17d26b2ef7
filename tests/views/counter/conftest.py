"""A desk with its project, and the clerk before it."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.domain.terms import Role
from models.project import Project
from tests.app_fixtures import ConsoleClient
from tests.builders import Case, a_case, submitted_project


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def project(db_session: Session, case: Case) -> Project:
    return submitted_project(db_session, case.applicant)


@pytest.fixture
def clerk(client_for: Callable[..., ConsoleClient]) -> ConsoleClient:
    return client_for(Role.COUNTER_CLERK)
