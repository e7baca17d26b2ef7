"""Uploads that wait for a confirmation: kept by their hash for an hour, readable by the service alone."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.errors import Refused, say
from app.domain.terms import N_
from app.storage.store import NO_ROOM
from models import owner_only

FOLDER = "imports"
KEPT = timedelta(hours=1)
FULL = N_("服务器存储空间已满，文件没有保存。请稍后再试；仍不行的，请联系系统管理员。")


def keep(folder: Path, data: bytes) -> Path:
    """Write an upload under a name of its own; `settle` gives it its lasting one. Raises Refused on a full disk."""
    path = folder / f"{secrets.token_hex(32)}.xlsx"
    with refused_when_full():
        owner_only.make_folder(folder)
        try:
            with owner_only.open_file(path, "xb") as file:
                file.write(data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
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
        with suppress(FileNotFoundError):  # another worker was first
            if file.stat().st_mtime < oldest:
                file.unlink()
                count += 1
    return count


@contextmanager
def refused_when_full() -> Iterator[None]:
    """Say in a sentence that the disk has no room; what was begun is the caller's to take away."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise Refused(say(FULL), "storage_full") from error
