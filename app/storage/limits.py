"""How large a scan may be and what reading it may cost: settings, of which these are the defaults."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ChildLimits:
    """What one child process may use before it is stopped (SECURITY row 16, X10, X27)."""

    memory_bytes: int = 768 * MEGABYTE
    cpu_seconds: int = 12
    deadline_seconds: float = 20.0
    output_bytes: int = 64 * 1024
    open_files: int = 64


@dataclass(frozen=True)
class ScanLimits:
    """A scan is a PDF of at most 20 MB and 200 pages (FIELDS, Scans).

    `max_stream_bytes` bounds what one compressed stream unfolds to; an A3 page, 300 dpi, colour: 52 MB.
    Without a `child` the same inspection runs in this process: only for files that we wrote ourselves.
    """

    max_bytes: int = 20 * MEGABYTE
    max_pages: int = 200
    max_stream_bytes: int = 100 * MEGABYTE
    child: ChildLimits | None = ChildLimits()
