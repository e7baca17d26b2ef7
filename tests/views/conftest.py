"""The stage of tests/views/world.py, set once per file and put back after each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.views.world import World, a_world


@pytest.fixture(scope="module")
def whole_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One application over one SQLite file for all tests of a file."""
    file = tmp_path_factory.mktemp("world") / "test.db"
    shutil.copy(sqlite_template, file)
    with a_world(file) as world:
        yield world


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """The stage as it was set."""
    yield whole_world
    whole_world.restore()
