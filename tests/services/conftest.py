"""What the service tests share: one organization ready for projects, and the people around it."""

import pytest
from sqlalchemy.orm import Session

from tests import builders


@pytest.fixture
def case(session: Session) -> builders.Case:
    return builders.a_case(session)
