"""What the service tests share: one organization ready for projects, and the people around it."""

import pytest
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from tests import builders
from tests.services.chains import seal, session_factory, verify, write  # noqa: F401 - fixtures


@pytest.fixture
def case(session: Session) -> builders.Case:
    return builders.a_case(session)


@pytest.fixture
def first(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


@pytest.fixture
def second(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)
