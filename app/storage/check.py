"""Ask a limited child process whether a file is a scan we take; anything but a clear yes is a no."""

import json
from typing import Any, BinaryIO

from app.storage.limits import ScanLimits
from app.storage.refusals import SENTENCES, ScanError
from app.storage.sandbox import CHILD_COMMAND, DeadlineError, OverloadedError, run_child

__all__ = ["CHILD_COMMAND", "check_scan"]

HEAD = b"%PDF-"
# Reasons that need no figure; a child that was taken over must not break the sentence.
PLAIN_REASONS = frozenset(reason for reason, text in SENTENCES.items() if text.count("%(") == 1)


def check_scan(scan: BinaryIO, limits: ScanLimits, *, child: tuple[str, ...] = CHILD_COMMAND) -> int:
    """The number of pages; raises ScanError otherwise. The file is read from its first byte."""
    scan.seek(0)
    head = scan.read(len(HEAD))
    if not head:
        raise ScanError("empty")
    if head != HEAD:
        raise ScanError("not_pdf")
    task = {"max_pages": limits.max_pages, "max_stream_bytes": limits.max_stream_bytes}
    try:
        finished = run_child(child, "check", task, scan, limits.child)
    except DeadlineError:
        raise ScanError("timeout") from None
    except OverloadedError:
        raise ScanError("busy") from None
    if finished.returncode < 0:
        # The kernel stopped it: too much time or memory, or a crash of the parser.
        raise ScanError("too_complex")
    answer = _answer(finished.output) if finished.returncode == 0 else {}
    if (reason := answer.get("reason")) is not None:
        raise ScanError(str(reason) if str(reason) in PLAIN_REASONS else "unchecked")
    pages = answer.get("page_count")
    if type(pages) is not int or pages < 1:
        raise ScanError("unchecked" if pages != 0 else "no_pages")
    if pages > limits.max_pages:
        raise ScanError("too_many_pages", pages=pages, limit=limits.max_pages)
    return pages


def _answer(output: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(output)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
