"""A storage of its own for every test."""

from pathlib import Path

import pytest

from app.storage import FileStorage


@pytest.fixture
def storage(tmp_path: Path) -> FileStorage:
    return FileStorage(tmp_path / "store")
