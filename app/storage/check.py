"""Ask a limited child process whether a file is a scan we take; anything but a clear yes is a no."""

import json
from typing import Any, BinaryIO

from app.storage import surroundings
from app.storage.limits import ChildLimits, ScanLimits
from app.storage.refusals import SENTENCES, ScanError
from app.storage.sandbox import CHILD_COMMAND, DeadlineError, OverloadedError, run_child

__all__ = ["CHILD_COMMAND", "check_scan"]

HEAD = b"%PDF-"
# Reasons that need no figure; a child that was taken over must not break the sentence.
PLAIN_REASONS = frozenset(reason for reason, text in SENTENCES.items() if text.count("%(") == 1)


def check_scan(scan: BinaryIO, limits: ScanLimits, *, child: tuple[str, ...] = CHILD_COMMAND) -> int:
    """The number of pages; raises ScanError otherwise. The file is read from its first byte."""
    scan.seek(0)
    head = scan.read(surroundings.MOST + len(HEAD))
    if not head:
        raise ScanError("empty")
    if HEAD not in head:
        raise ScanError("not_pdf")
    answer = _here(scan, limits) if limits.child is None else _in_child(scan, limits, limits.child, child)
    if (reason := answer.get("reason")) is not None:
        raise ScanError(str(reason) if str(reason) in PLAIN_REASONS else "unchecked")
    pages = answer.get("page_count")
    if type(pages) is not int or pages < 1:
        raise ScanError("unchecked" if pages != 0 else "no_pages")
    if pages > limits.max_pages:
        raise ScanError("too_many_pages", pages=pages, limit=limits.max_pages)
    return pages


def _in_child(scan: BinaryIO, limits: ScanLimits, child_limits: ChildLimits, child: tuple[str, ...]) -> dict[str, Any]:
    """The child's verdict; raises ScanError when it came to none."""
    task = {"max_pages": limits.max_pages, "max_stream_bytes": limits.max_stream_bytes}
    try:
        finished = run_child(child, "check", task, scan, child_limits)
    except DeadlineError:
        raise ScanError("timeout") from None
    except OverloadedError:
        raise ScanError("busy") from None
    if finished.returncode < 0:
        # The kernel stopped it: too much time or memory, or a crash of the parser.
        raise ScanError("too_complex")
    return _answer(finished.output) if finished.returncode == 0 else {}


def _here(scan: BinaryIO, limits: ScanLimits) -> dict[str, Any]:
    """The same inspection without a child, for a file that no stranger wrote (the demo's hundreds)."""
    from app.storage.inspection import inspect_scan  # noqa: PLC0415 - the service itself loads no parser

    scan.seek(0)
    return inspect_scan(scan.read(), limits.max_pages, limits.max_stream_bytes)


def _answer(output: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(output)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
