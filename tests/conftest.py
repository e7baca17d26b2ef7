"""Fixtures that every test may ask for: a database, a session on it, and the key for personal data."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

pytest_plugins = ["tests.app_fixtures"] if Path(__file__).with_name("app_fixtures.py").exists() else []


@pytest.fixture
def keyring() -> Iterator[None]:
    """Personal data opens and closes under a fixed key."""
    from models.types import forget_keys, use_keys
    from tests.databases import TEST_KEY

    use_keys(TEST_KEY)
    yield
    forget_keys()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[object]:
    """The PostgreSQL server of this test process (a `tests.databases.PostgresqlServer`)."""
    from tests.databases import postgresql_server

    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the reference data; copy it."""
    from tests.databases import prepare

    file = tmp_path_factory.mktemp("template") / "reference.db"
    prepare(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database with the reference data, of each kind; `tests.databases` has marks to narrow."""
    if request.param == "postgresql":
        with request.getfixturevalue("postgresql").database() as url:
            yield url
    else:
        file = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "postgresql":
        with request.getfixturevalue("postgresql").database(empty=True) as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def engine(database_url: str, keyring: None) -> Iterator[Engine]:
    """An engine as the product makes it."""
    from models.engine import create_engine_for

    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A plain session; what the test does not commit is gone."""
    with Session(engine) as session:
        yield session
