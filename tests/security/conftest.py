"""The probe view and its stage."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from config import Settings
from models.user import User
from tests.app_fixtures import running


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """As everywhere, with one view more."""
    from tests.security.probe import ProbeView

    with running(settings, clock, ProbeView) as app:
        yield app


@pytest.fixture
def stage(app: Flask, db_session: Session, make_user: Callable[..., User]) -> object:
    from tests.security.probe import Stage

    return Stage(db_session, make_user, app.test_client())  # type: ignore[arg-type]
