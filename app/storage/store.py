"""Where scans lie: by the SHA-256 of their content, written once, on disk before the row's commit.

SECURITY F8 and row 25; only `sweep_orphans` ever deletes.
"""

import errno
import hashlib
import logging
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Container, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from app.domain.errors import Refused, Sentence
from app.storage.refusals import CORRUPTED, MISSING, ScanError, megabytes
from models import owner_only

CHUNK = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
READ_ONLY = 0o400
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
log = logging.getLogger(__name__)


class StorageNotSupportedError(ValueError):
    """YHT_STORAGE_URL names a place that this version cannot use."""


@dataclass(frozen=True)
class Incoming:
    """A received file that nobody knows of yet: it is gone when its block ends, unless kept."""

    file: BinaryIO
    path: Path
    sha256: str
    size_bytes: int


class Storage(Protocol):
    """What services may ask of the place where scans lie."""

    def receive(self, stream: BinaryIO, limit: int) -> AbstractContextManager[Incoming]: ...

    def keep(self, incoming: Incoming) -> None: ...

    def exists(self, sha256: str) -> bool: ...

    def open(self, sha256: str) -> BinaryIO: ...

    def verify(self, sha256: str) -> bool: ...

    def hashes(self) -> Iterator[str]: ...

    def preview_folder(self, sha256: str) -> Path: ...

    def sweep_orphans(self, known_hashes: Container[str], older_than: datetime) -> tuple[str, ...]: ...


class FileStorage:
    """Scans in a folder: `scans/ab/cd/<sha256>`, beside `incoming/` (same file system) and `previews/`.

    Not `at_once`: many scans for one commit (the demo's) are made durable together, by `sync` before it.
    """

    def __init__(self, root: Path, *, at_once: bool = True) -> None:
        self.root = root
        self.at_once = at_once
        self.incoming = root / "incoming"
        self.scans = root / "scans"
        self.previews = root / "previews"

    def path(self, sha256: str) -> Path:
        """The generated name of a scan; no part of it comes from an uploader."""
        return self.scans / _address(sha256)

    def preview_folder(self, sha256: str) -> Path:
        """Pictures of this scan's pages; may be deleted at any time."""
        return self.previews / _address(sha256)

    @contextmanager
    def receive(self, stream: BinaryIO, limit: int) -> Iterator[Incoming]:
        """Write a stream to a temporary file while hashing it; raises ScanError above `limit` bytes.

        However the block ends, the temporary file is gone.
        """
        with _no_room_refused():
            owner_only.make_folder(self.incoming)
            handle, name = tempfile.mkstemp(dir=self.incoming)
        path = Path(name)
        try:
            # Around the file: a small one is written when it is closed, or tried to be written once more.
            with _no_room_refused(), os.fdopen(handle, "w+b") as file:
                sha256, size = _copy(stream, file, limit)
                yield Incoming(file, path, sha256, size)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming) -> None:
        """Make the file durable under its hash; call it before the commit of the row that names it."""
        final = self.path(incoming.sha256)
        if self.verify(incoming.sha256):
            os.utime(final)  # it may be an old orphan: a sweep must not take it before our commit
            return
        with _no_room_refused():
            os.fchmod(incoming.file.fileno(), READ_ONLY)
            if self.at_once:
                os.fsync(incoming.file.fileno())
                _make_folder(final.parent)
            else:
                owner_only.make_folder(final.parent)
            incoming.path.replace(final)
            if self.at_once:
                _sync_folder(final.parent)

    def sync(self) -> None:
        """Make everything that was kept durable, before the one commit that names it."""
        os.sync()

    def exists(self, sha256: str) -> bool:
        """Whether a file lies there; `verify` also reads it."""
        return self.path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Whether the file lies there and still has the content it is named after."""
        try:
            with self.path(sha256).open("rb") as file:
                return _digest(file) == sha256
        except FileNotFoundError:
            return False

    def open(self, sha256: str) -> BinaryIO:
        """The scan, its content verified first; raises Refused when it is missing or corrupted (T090)."""
        try:
            file = self.path(sha256).open("rb")
        except FileNotFoundError:
            log.error("scan %s is missing", sha256)
            raise Refused(Sentence(MISSING), code="scan_missing") from None
        if _digest(file) != sha256:
            file.close()
            log.error("scan %s is corrupted", sha256)
            raise Refused(Sentence(CORRUPTED), code="scan_corrupted")
        file.seek(0)
        return file

    def hashes(self) -> Iterator[str]:
        """All scans that lie here, in no order."""
        for found in self.scans.glob("??/??/*"):
            if SHA256.fullmatch(found.name):
                yield found.name

    def sweep_orphans(self, known_hashes: Container[str], older_than: datetime) -> tuple[str, ...]:
        """Delete scans that no row names and leftovers of crashes, last touched before `older_than`."""
        for leftover in self.incoming.glob("*"):
            if _is_older(leftover, older_than):
                leftover.unlink(missing_ok=True)
        return tuple(
            sha256 for sha256 in list(self.hashes()) if sha256 not in known_hashes and self._drop(sha256, older_than)
        )

    def _drop(self, sha256: str, older_than: datetime) -> bool:
        """Delete an old scan, unless somebody keeps the same one at this moment: it is set aside, looked at, let go."""
        place = self.path(sha256)
        if not _is_older(place, older_than):
            return False
        owner_only.make_folder(self.incoming)
        aside = self.incoming / f"{sha256}.{secrets.token_hex(8)}"
        with suppress(FileNotFoundError):  # another worker was first
            place.rename(aside)
            if not _is_older(aside, older_than):
                aside.rename(place)
                return False
            aside.unlink(missing_ok=True)
            shutil.rmtree(self.preview_folder(sha256), ignore_errors=True)
            return True
        return False


def storage_from_url(url: str) -> FileStorage:
    """The storage that YHT_STORAGE_URL names; raises StorageNotSupportedError with a sentence."""
    parts = urlsplit(url)
    if parts.scheme == "s3":
        raise StorageNotSupportedError("YHT_STORAGE_URL：本版本不支持 s3:// 存储，请改用 file:///绝对路径。")
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
        raise StorageNotSupportedError("YHT_STORAGE_URL：应为 file:///绝对路径。")
    return FileStorage(Path(unquote(parts.path)))


def _address(sha256: str) -> Path:
    if not SHA256.fullmatch(sha256):
        raise ValueError("a scan is named by 64 lower-case hexadecimal digits")
    return Path(sha256[:2], sha256[2:4], sha256)


def _copy(stream: BinaryIO, file: BinaryIO, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise _too_large(stream, limit)
        digest.update(piece)
        file.write(piece)
    file.flush()
    return digest.hexdigest(), size


def _too_large(stream: BinaryIO, limit: int) -> ScanError:
    """Names the file's size where the stream can tell it without being read to its end."""
    if not stream.seekable():
        return ScanError("over_limit", limit=megabytes(limit))
    return ScanError("too_large", size=megabytes(stream.seek(0, os.SEEK_END)), limit=megabytes(limit))


@contextmanager
def _no_room_refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        log.error("no room left for scans")
        raise ScanError("storage_full") from error


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def _make_folder(folder: Path) -> None:
    """Create a folder so that it, too, survives a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=owner_only.FOLDER)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_older(path: Path, instant: datetime) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < instant.timestamp()
    return False
