"""The one door for an uploaded scan: name, size, check, keep. The caller's row and commit come after it."""

from dataclasses import dataclass
from typing import BinaryIO

from app.storage.check import CHILD_COMMAND, check_scan
from app.storage.limits import ScanLimits
from app.storage.names import clean_name, shown_name
from app.storage.refusals import ScanError
from app.storage.store import Storage


@dataclass(frozen=True)
class Stored:
    """A scan that is on disk for good: what an attachment row records."""

    sha256: str
    size_bytes: int
    page_count: int
    original_name: str


def accept(
    storage: Storage,
    stream: BinaryIO,
    original_name: str | None,
    limits: ScanLimits,
    *,
    child: tuple[str, ...] = CHILD_COMMAND,
) -> Stored:
    """Take a scan in, or raise Refused naming file and reason; a refused file leaves nothing behind.

    `child` is the command that reads the file; only tests pass another one.
    """
    try:
        name = clean_name(original_name)
        with storage.receive(stream, limits.max_bytes) as incoming:
            page_count = check_scan(incoming.file, limits, child=child)
            storage.keep(incoming)
            return Stored(incoming.sha256, incoming.size_bytes, page_count, name)
    except ScanError as problem:
        raise problem.refused(shown_name(original_name)) from problem
