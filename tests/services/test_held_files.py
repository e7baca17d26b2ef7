"""Uploads that wait for a confirmation: gone after their hour, whoever sweeps, and never half there."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.services import held_files
from models import owner_only

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_file_that_another_worker_took_is_no_fault(tmp_path, monkeypatch):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.xlsx").write_bytes(b"x")
        os.utime(tmp_path / f"{name}.xlsx", (0, 0))
    glob = Path.glob

    def seen(self, pattern):
        found = list(glob(self, pattern))
        found[0].unlink()  # the other worker was first
        return iter(found)

    monkeypatch.setattr(Path, "glob", seen)

    assert held_files.drop_old(tmp_path, now=NOW) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(owner_only, "open_file", lambda _path, mode: Path("/dev/full").open(mode.replace("x", "w")))  # noqa: SIM115

    with pytest.raises(Refused, match="存储空间已满"):
        held_files.keep(tmp_path, b"x")

    assert list(tmp_path.iterdir()) == []
