"""Keeps a few child processes running and takes them along when it goes. It knows nothing of the product."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One command that is to run all the time."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts_at: float = 0.0
    pause: float = SHORTEST_PAUSE

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


@dataclass
class Supervisor:
    """Starts the commands, restarts what dies (with growing pauses), stops all on SIGINT or SIGTERM."""

    commands: Mapping[str, Sequence[str]]
    cwd: Path
    environment: Mapping[str, str]
    say: Callable[[str], None]
    patience: float = 25.0
    _children: list[Child] = field(default_factory=list)
    _is_stopping: bool = False

    def run(self, tick: Callable[[], None] = lambda: None) -> None:
        """Until told to stop; `tick` is called a few times a second."""
        self._children = [Child(name, command) for name, command in self.commands.items()]
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        try:
            while not self._is_stopping:
                for child in self._children:
                    self._look_after(child)
                tick()
                time.sleep(0.2)
        finally:
            self._stop()

    def is_running(self, name: str) -> bool:
        """Whether that child has been started and has not ended."""
        return any(c.name == name and c.process is not None and not c.has_ended() for c in self._children)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.has_ended():
            self._put_off(child, now)
        if child.process is None and now >= child.starts_at:
            child.started_at = now
            child.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                child.command,
                cwd=self.cwd,
                env=dict(self.environment),
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has no threads
            )

    def _put_off(self, child: Child, now: float) -> None:
        code = child.process.returncode if child.process else 0
        child.process = None
        child.pause = SHORTEST_PAUSE if now - child.started_at > STEADY_AFTER else child.pause
        child.starts_at = now + child.pause
        self.say(f"{child.name} 已退出（{code}），{child.pause:g} 秒后重新启动")
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _stop(self) -> None:
        running = [c.process for c in self._children if c.process is not None and c.process.poll() is None]
        for process in running:
            process.terminate()
        ends_at = time.monotonic() + self.patience
        for process in running:
            try:
                process.wait(max(ends_at - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _end_with_parent() -> None:
    """In the child: be asked to stop when the supervisor dies without a word (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
