"""Written once, durable before the commit, nothing left of a failure (SECURITY T084, T090, X6, X24)."""

import errno
import hashlib
import io
import os
import stat
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.storage import (
    FileStorage,
    Incoming,
    ScanLimits,
    StorageNotSupportedError,
    accept,
    storage_from_url,
)
from tests import pdfs

LIMITS = ScanLimits()
LATER = timedelta(days=2)


def put(storage: FileStorage, content: bytes | None = None) -> str:
    return accept(storage, io.BytesIO(content or pdfs.scan_pdf()), "批复.pdf", LIMITS).sha256


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def flip_a_byte(path: Path) -> None:
    path.chmod(0o640)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def touched_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


class Unseekable(io.RawIOBase):
    """A request body without a declared length."""

    def __init__(self, content: bytes, fails_after: int | None = None) -> None:
        self.source = io.BytesIO(content)
        self.fails_after = fails_after

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self.fails_after is not None and self.source.tell() >= self.fails_after:
            raise ConnectionResetError("the client went away")
        piece = self.source.read(min(len(buffer), 64 * 1024))
        buffer[: len(piece)] = piece
        return len(piece)


def test_scan_lies_under_its_hash_and_is_read_only(storage: FileStorage) -> None:
    content = pdfs.scan_pdf()

    sha256 = put(storage, content)

    assert sha256 == hashlib.sha256(content).hexdigest()
    path = storage.root / "scans" / sha256[:2] / sha256[2:4] / sha256
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert files_in(storage.root) == [path]


def test_stored_scan_can_be_opened(storage: FileStorage) -> None:
    content = pdfs.scan_pdf()
    sha256 = put(storage, content)

    with storage.open(sha256) as file:
        assert file.read() == content


def test_same_scan_is_kept_once(storage: FileStorage) -> None:
    sha256 = put(storage)
    inode = storage.path(sha256).stat().st_ino

    again = put(storage)

    assert again == sha256
    assert storage.path(sha256).stat().st_ino == inode
    assert list(storage.hashes()) == [sha256]


def test_uploading_a_corrupted_scan_again_mends_it(storage: FileStorage) -> None:
    sha256 = put(storage)
    flip_a_byte(storage.path(sha256))

    put(storage)

    assert storage.verify(sha256)


@pytest.mark.parametrize("seekable", [True, False], ids=["size known", "chunked without length"])
def test_one_byte_too_many_is_refused_and_nothing_stays(storage: FileStorage, seekable: bool) -> None:
    content = b"%PDF-1.7" + bytes(LIMITS.max_bytes - 7)
    stream = io.BytesIO(content) if seekable else Unseekable(content)

    with pytest.raises(Refused, match=r"没有收下「批复\.pdf」：文件.*超过 20 MB，请压缩后再传。") as refused:
        accept(storage, stream, "批复.pdf", LIMITS)

    assert refused.value.code == ("scan_too_large" if seekable else "scan_over_limit")
    assert files_in(storage.root) == []


def test_size_of_a_large_file_is_named(storage: FileStorage) -> None:
    stream = io.BytesIO(bytes(26 * 1024 * 1024))

    with pytest.raises(Refused, match="文件 26 MB，超过 20 MB"):
        accept(storage, stream, "批复.pdf", LIMITS)


def test_file_of_exactly_the_limit_is_taken(storage: FileStorage) -> None:
    content = pdfs.scan_pdf()
    limits = ScanLimits(max_bytes=len(content))

    stored = accept(storage, io.BytesIO(content), "批复.pdf", limits)

    assert stored.size_bytes == len(content)


def test_aborted_upload_leaves_nothing(storage: FileStorage) -> None:
    stream = Unseekable(pdfs.scan_pdf() * 200, fails_after=100_000)

    with pytest.raises(ConnectionResetError):
        accept(storage, stream, "批复.pdf", LIMITS)

    assert files_in(storage.root) == []


class PulledPlug(FileStorage):
    """Fails between the temporary file and its final name."""

    def keep(self, incoming: Incoming) -> None:
        raise KeyboardInterrupt


def test_failure_before_the_final_name_leaves_no_file(tmp_path: Path) -> None:
    storage = PulledPlug(tmp_path)

    with pytest.raises(KeyboardInterrupt):
        put(storage)

    assert files_in(tmp_path) == []


KILLED = """
import io, os, sys
from pathlib import Path
from app.storage import FileStorage, ScanLimits, accept
from tests import pdfs
class Killed(FileStorage):
    def keep(self, incoming):
        os._exit(137)
accept(Killed(Path(sys.argv[1])), io.BytesIO(pdfs.scan_pdf()), "x.pdf", ScanLimits())
"""


def test_leftover_of_a_killed_process_is_no_scan_and_is_swept(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == 137
    leftover = files_in(tmp_path)
    assert len(leftover) == 1

    assert list(storage.hashes()) == []
    storage.sweep_orphans(set(), touched_at(leftover[0]) + LATER)

    assert files_in(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path):
    """A real file system of 1 MB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a tmpfs needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_is_a_sentence_and_leaves_nothing(small_disk: Path) -> None:
    storage = FileStorage(small_disk)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(900 * 1024))
    content = pdfs.changed(lambda pdf: setattr(pdf.Root, "Demo", pdf.make_stream(os.urandom(500_000))))

    with pytest.raises(Refused, match="存储空间已满") as refused:
        put(storage, content)

    assert refused.value.code == "scan_storage_full"
    assert files_in(small_disk) == [ballast]
    ballast.unlink()
    assert storage.verify(put(storage, content))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_full_disk_at_a_small_upload_is_a_sentence(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(dir: Path) -> tuple[int, str]:  # noqa: A002 - as tempfile names it
        return os.open("/dev/full", os.O_RDWR), str(dir / "half")

    monkeypatch.setattr(tempfile, "mkstemp", full)

    with pytest.raises(Refused, match="存储空间已满"):
        put(storage)

    assert files_in(storage.root) == []


def test_full_disk_at_the_final_name_leaves_nothing(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)

    with pytest.raises(Refused, match="存储空间已满"):
        put(storage)

    assert files_in(storage.root) == []


def test_flipped_byte_is_detected_and_not_served(storage: FileStorage) -> None:
    sha256 = put(storage)
    flip_a_byte(storage.path(sha256))

    assert storage.exists(sha256)
    assert not storage.verify(sha256)
    with pytest.raises(Refused, match="与登记时的内容不一致") as refused:
        storage.open(sha256)
    assert refused.value.code == "scan_corrupted"


def test_missing_file_is_a_sentence(storage: FileStorage) -> None:
    sha256 = put(storage)
    storage.path(sha256).unlink()

    assert not storage.exists(sha256)
    assert not storage.verify(sha256)
    with pytest.raises(Refused, match="找不到") as refused:
        storage.open(sha256)
    assert refused.value.code == "scan_missing"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "a" * 63, "a" * 64 + "\n"])
def test_only_a_hash_names_a_scan(storage: FileStorage, name: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case"):
        storage.path(name)


def test_old_file_without_a_row_is_swept_and_others_stay(storage: FileStorage) -> None:
    known, orphan = put(storage, pdfs.scan_pdf("甲")), put(storage, pdfs.scan_pdf("乙"))

    removed = storage.sweep_orphans({known}, touched_at(storage.path(orphan)) + LATER)

    assert removed == (orphan,)
    assert list(storage.hashes()) == [known]


def test_fresh_file_without_a_row_waits_for_its_commit(storage: FileStorage) -> None:
    sha256 = put(storage)

    removed = storage.sweep_orphans(set(), touched_at(storage.path(sha256)) - LATER)

    assert removed == ()
    assert storage.verify(sha256)


def test_old_orphan_uploaded_again_counts_as_fresh(storage: FileStorage) -> None:
    sha256 = put(storage)
    now = touched_at(storage.path(sha256))
    os.utime(storage.path(sha256), (0, 0))

    put(storage)

    assert storage.sweep_orphans(set(), now - timedelta(hours=1)) == ()


def test_scan_that_is_kept_again_while_it_is_swept_stays(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = put(storage)
    now = touched_at(storage.path(sha256))
    os.utime(storage.path(sha256), (0, 0))
    rename = Path.rename

    def kept_before(self: Path, target: Path) -> Path:
        if self == storage.path(sha256):
            os.utime(self)  # what `keep` does for a scan that lies there
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", kept_before)

    assert storage.sweep_orphans(set(), now - timedelta(hours=1)) == ()
    assert storage.verify(sha256)


def test_scan_that_another_worker_swept_is_no_fault(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (put(storage, pdfs.scan_pdf(text)) for text in ("甲", "乙"))
    hashes = FileStorage.hashes

    def seen(self: FileStorage) -> list[str]:
        found = list(hashes(self))
        self.path(first).unlink()
        return found

    monkeypatch.setattr(FileStorage, "hashes", seen)

    assert storage.sweep_orphans(set(), touched_at(storage.path(second)) + LATER) == (second,)


def test_url_of_a_folder_is_understood(tmp_path: Path) -> None:
    assert storage_from_url(f"file://{tmp_path}/扫描%20件").root == tmp_path / "扫描 件"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://bucket/scans", "本版本不支持 s3://"),
        ("file://var/scans", "应为 file:///绝对路径"),
        ("ftp://198.51.100.1/", "应为 file:///绝对路径"),
        ("", "应为 file:///绝对路径"),
    ],
)
def test_other_url_is_refused_at_start(url: str, words: str) -> None:
    with pytest.raises(StorageNotSupportedError, match=words):
        storage_from_url(url)


def test_scans_that_are_made_durable_together_lie_there_as_any_other(tmp_path: Path) -> None:
    together = FileStorage(tmp_path, at_once=False)

    sha256 = put(together)
    together.sync()

    assert FileStorage(tmp_path).verify(sha256)
    assert stat.S_IMODE(together.path(sha256).stat().st_mode) == 0o400
    assert list(together.incoming.glob("*")) == []
