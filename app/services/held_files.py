"""Uploads that wait for a confirmation: kept by their hash for an hour, readable by the service alone."""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

FOLDER = "imports"
KEPT = timedelta(hours=1)


def keep(folder: Path, data: bytes) -> Path:
    """Write an upload under a name of its own; `settle` gives it its lasting one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(32)}.xlsx"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return path


def settle(path: Path, sha256: str) -> None:
    """Put the upload under its hash."""
    path.replace(place_of(path.parent, sha256))


def place_of(folder: Path, sha256: str) -> Path:
    """Where the upload of this hash lies, if it still does."""
    return folder / f"{sha256}.xlsx"


def drop_old(folder: Path, *, now: datetime) -> int:
    """Delete what nobody confirmed in its hour; gives how many files went."""
    oldest, count = (now - KEPT).timestamp(), 0
    for file in folder.glob("*.xlsx"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
            count += 1
    return count
