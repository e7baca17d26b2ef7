"""The console of these files: the whole demo bureau, with rows in every list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.server import Console, console_running


@pytest.fixture(scope="session")
def console(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """In place of the few promised records."""
    with console_running(tmp_path_factory.mktemp("bureau"), demo="1") as running:
        yield running
