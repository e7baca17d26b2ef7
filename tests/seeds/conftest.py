"""The demo bureau, played once for all tests that look at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.seeds.demo import Scale, Stage, load_demo
from app.seeds.demo_session import OneTransaction
from app.storage import FileStorage
from models.engine import create_engine_for
from models.types import forget_keys, use_keys
from tests.builders import LIMITS, NOW, ensure_roles
from tests.databases import TEST_KEY

PASSWORD = "Correct-Horse-7"


def stage_for(session: Session, folder: Path) -> Stage:
    """An empty stage; passwords are kept cheaply."""
    ensure_roles(session)
    session.rollback()
    return Stage(
        session=session, storage=FileStorage(folder, at_once=False), now=NOW,
        hash_password=lambda plain: f"plain:{plain}", demo_password=PASSWORD, initial_password="11111", limits=LIMITS,
        opens=lambda stored, given: stored == f"plain:{given}",
    )  # fmt: skip


@pytest.fixture(scope="package")
def played_bureau(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the whole demo: its database and its scans."""
    folder = tmp_path_factory.mktemp("bureau")
    shutil.copy(sqlite_template, folder / "demo.db")
    use_keys(TEST_KEY)
    engine = create_engine_for(f"sqlite:///{folder / 'demo.db'}")
    with Session(engine) as session:
        ensure_roles(session)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        load_demo(stage_for(OneTransaction(connection), folder), Scale.FULL)
    engine.dispose()
    forget_keys()
    yield folder


@pytest.fixture
def bureau(played_bureau: Path, keyring: None) -> Iterator[Session]:
    """A session on the whole demo, to look at it."""
    engine = create_engine_for(f"sqlite:///{played_bureau / 'demo.db'}")
    with Session(engine) as session:
        yield session
        session.rollback()
    engine.dispose()
