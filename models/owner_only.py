"""Files and folders of ours are for the account that runs the service alone, whatever its umask says."""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

FILE, FOLDER = 0o600, 0o700
OTHERS = 0o077
BESIDE_SQLITE = ("", "-wal", "-shm", "-journal")


def make_folder(folder: Path) -> None:
    """The folder, and those above it that are missing; one that is there stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=FOLDER)


def open_file(path: Path, mode: str, **options: Any) -> IO[Any]:
    """As `open`, for writing."""
    return open(path, mode, opener=_opener, **options)


def sqlite_file(path: Path) -> None:
    """Make the database's file before SQLite does, which would let others read it.

    One that is there is never opened here: closing it would let go of the locks that this process has on it.
    What SQLite puts beside it gets the same mode from SQLite.
    """
    with suppress(FileExistsError, FileNotFoundError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))
        return
    for beside in BESIDE_SQLITE:
        close_to_others(Path(f"{path}{beside}"))


def close_to_others(path: Path) -> None:
    """Take away what others may do with a file of ours; one that is gone or somebody else's is left alone."""
    with suppress(FileNotFoundError, PermissionError):
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & FOLDER)


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags, FILE)
