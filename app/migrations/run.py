"""Bring a database to a revision without a Flask app: upgrade, downgrade, compare."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from models import Model, sqlite_file
from models.engine import create_engine_for

FOLDER = Path(__file__).parent
ONE_MIGRATION_AT_A_TIME = 3_202_812_016  # any constant, the same in every process


def config_for(connection: Connection | None = None) -> Config:
    """An Alembic configuration that points into this package."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database up; all revisions stand or fall together."""
    _migrate(database_url, lambda config: command.upgrade(config, revision))


def downgrade(database_url: str, revision: str) -> None:
    """Take revisions back; with `base` nothing remains."""
    _migrate(database_url, lambda config: command.downgrade(config, revision))


def head_revision() -> str | None:
    """The newest revision that this code brings along."""
    return ScriptDirectory.from_config(config_for()).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """Where the database stands; nothing when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: Connection) -> bool:
    """Whether the database stands where this code needs it."""
    return current_revision(connection) == head_revision()


def drift(connection: Connection) -> list[Any]:
    """What the tables of the database lack or have beyond our models."""
    context = MigrationContext.configure(connection)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*expression-based index.*")  # SQLite does not tell what they hold
        return list(compare_metadata(context, Model.metadata))


def _migrate(database_url: str, action: Callable[[Config], None]) -> None:
    engine = create_engine_for(database_url)
    try:
        with sqlite_file.alone_with(sqlite_file.path_of(engine.url)), _exclusive(engine) as connection:
            action(config_for(connection))
    finally:
        engine.dispose()


@contextmanager
def _exclusive(engine: Engine) -> Iterator[Connection]:
    """One writer's transaction: two processes that start at once migrate one after the other."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as plain:
        connection = plain.execution_options(write=True)
        if is_sqlite:
            sqlite_file.set_journal(connection.connection.driver_connection)
            # A rebuilt table is dropped and renamed, which foreign keys forbid: they are checked at the end.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            if not is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(ONE_MIGRATION_AT_A_TIME)))
            yield connection
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("the migration left rows that point nowhere")
