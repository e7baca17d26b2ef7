"""Runs as `python -I child.py JOB TASK`, a scan on standard input: limits itself first, then reads.

It knows neither settings nor database.
"""

import json
import math
import resource
import signal
import sys
from pathlib import Path
from typing import Any

NO_SUCH_PAGE = 3


def confine(limits: dict[str, Any]) -> None:
    """Give up what this process will not need, before any parser is loaded."""
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["output_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # Should the parent die, nobody else would end a child that hangs.
    signal.alarm(math.ceil(limits["deadline_seconds"]) + 1)


def check(data: bytes, task: dict[str, Any]) -> None:
    """Write the verdict as JSON."""
    from app.storage.inspection import inspect_scan  # noqa: PLC0415 - after the limits are set

    verdict = inspect_scan(data, task["max_pages"], task["max_stream_bytes"])
    sys.stdout.write(json.dumps(verdict))


def render(data: bytes, task: dict[str, Any]) -> None:
    """Write the page as PNG; exit with NO_SUCH_PAGE when there is none."""
    from app.storage.rendering import render_page  # noqa: PLC0415 - after the limits are set

    image = render_page(data, task["page"], task["width"])
    if image is None:
        sys.exit(NO_SUCH_PAGE)
    sys.stdout.buffer.write(image)


def main(job: str, task: dict[str, Any]) -> None:
    confine(task["limits"])
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    {"check": check, "render": render}[job](sys.stdin.buffer.read(), task)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
