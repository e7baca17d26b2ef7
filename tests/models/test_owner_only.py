"""Files of ours are for their owner alone, whatever the umask of whoever starts the service."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models import owner_only
from models.engine import create_engine_for


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    former = os.umask(0)
    yield
    os.umask(former)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in sorted(folder.rglob("*"))}


def test_a_database_and_what_sqlite_puts_beside_it_is_closed_to_others(tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
        connection.execute(text("INSERT INTO t VALUES (1)"))
        found = modes(tmp_path)
    engine.dispose()

    assert found == dict.fromkeys(("a.sqlite", "a.sqlite-shm", "a.sqlite-wal"), "0o600")


def test_a_database_of_before_is_closed_when_it_is_next_opened(tmp_path: Path) -> None:
    for name in ("a.sqlite", "a.sqlite-wal"):
        (tmp_path / name).touch(mode=0o644)

    create_engine_for(f"sqlite:///{tmp_path / 'a.sqlite'}").connect().close()

    assert set(modes(tmp_path).values()) == {"0o600"}


def test_a_folder_is_made_with_those_above_it_and_one_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o755)

    owner_only.make_folder(tmp_path / "there" / "a" / "b")
    with owner_only.open_file(tmp_path / "there" / "a" / "b" / "file", "x", encoding="utf-8") as file:
        file.write("x")

    assert modes(tmp_path) == {"there": "0o755", "a": "0o700", "b": "0o700", "file": "0o600"}
