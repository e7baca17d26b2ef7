"""Run the child that opens strangers' files: few resources, no secrets, a deadline (SECURITY row 16)."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from app.storage.limits import ChildLimits

# -I: no PYTHON* variables, no user packages, no current folder on the import path.
CHILD_COMMAND: tuple[str, ...] = (sys.executable, "-I", str(Path(__file__).with_name("child.py")))
# Each child may use hundreds of megabytes; more uploads than this wait for their turn.
TURNS = BoundedSemaphore(2)


class DeadlineError(Exception):
    """The child was killed because its time was up."""


class OverloadedError(Exception):
    """No turn came up in time; the file was not looked at."""


@dataclass(frozen=True)
class Finished:
    """How the child ended (negative: by that signal) and what it wrote."""

    returncode: int
    output: bytes


def run_child(
    command: tuple[str, ...], job: str, task: Mapping[str, object], scan: BinaryIO, limits: ChildLimits
) -> Finished:
    """Give a child the scan as standard input and return what it wrote; raises the two errors above."""
    if not TURNS.acquire(timeout=2 * limits.deadline_seconds):
        raise OverloadedError
    try:
        # A file, not a pipe: the child's output is bounded by RLIMIT_FSIZE and never fills our memory.
        with tempfile.TemporaryFile() as output:
            argv = [*command, job, json.dumps({**task, "limits": asdict(limits)})]
            returncode = _run(argv, scan, output, limits.deadline_seconds)
            output.seek(0)
            return Finished(returncode, output.read(limits.output_bytes))
    finally:
        TURNS.release()


def _run(argv: list[str], scan: BinaryIO, output: BinaryIO, deadline_seconds: float) -> int:
    scan.flush()
    # The child reads from the descriptor's own offset, which a buffered read may have moved further.
    os.lseek(scan.fileno(), 0, os.SEEK_SET)
    process = subprocess.Popen(  # noqa: S603 - a fixed command; the file's name is no part of it
        argv,
        stdin=scan.fileno(),
        stdout=output.fileno(),
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        env={"LANG": "C.UTF-8", "PATH": os.defpath},  # the service's keys are not the child's business
        start_new_session=True,
    )
    try:
        return process.wait(timeout=deadline_seconds)
    except subprocess.TimeoutExpired:
        raise DeadlineError from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Whatever happens here, no child outlives its call."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
