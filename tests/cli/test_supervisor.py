"""The supervisor: what dies comes back, what it started goes with it. Real processes, no simulation."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import eventually

SUPERVISE = """
import sys
from pathlib import Path
from app.cli.supervisor import Supervisor

note = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); "
commands = {
    "steady": [sys.executable, "-c", note + "time.sleep(600)", "steady"],
    "flighty": [sys.executable, "-c", note + "sys.exit(7)", "flighty"],
    "stubborn": [
        sys.executable, "-c",
        "import signal; signal.signal(15, signal.SIG_IGN); " + note + "time.sleep(600)", "stubborn",
    ],
}
chosen = {name: commands[name] for name in sys.argv[2:]}
supervisor = Supervisor(chosen, cwd=Path(sys.argv[1]), environment={}, say=print, patience=1.0)
supervisor.run()
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def supervise(tmp_path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a supervisor over the named children; each notes its process id in a file of its name."""
    started: list[subprocess.Popen[str]] = []

    def start(*names: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SUPERVISE, str(tmp_path), *names]
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        for name in names:
            eventually(lambda name=name: pids(tmp_path, name))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pids(folder: Path, name: str) -> list[int]:
    noted = folder / name
    return [int(line) for line in noted.read_text().split()] if noted.exists() else []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["interrupt", "terminate"])
def test_signal_ends_the_children_and_the_supervisor_in_order(supervise, tmp_path, number):
    supervisor = supervise("steady")

    supervisor.send_signal(number)

    assert supervisor.wait(15) == 0
    assert not is_alive(pids(tmp_path, "steady")[0])


def test_child_that_ignores_the_signal_is_killed(supervise, tmp_path):
    supervisor = supervise("stubborn")

    supervisor.terminate()

    assert supervisor.wait(15) == 0
    assert not is_alive(pids(tmp_path, "stubborn")[0])


def test_child_that_is_killed_comes_back(supervise, tmp_path):
    supervise("steady")

    os.kill(pids(tmp_path, "steady")[0], signal.SIGKILL)

    eventually(lambda: len(pids(tmp_path, "steady")) == 2)
    assert is_alive(pids(tmp_path, "steady")[1])


def test_child_that_keeps_dying_is_started_less_and_less_often(supervise, tmp_path):
    supervisor = supervise("flighty")
    eventually(lambda: len(pids(tmp_path, "flighty")) >= 3)

    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=15)

    pauses = [line.split("，")[1] for line in said.splitlines()]
    assert pauses[:2] == ["0.5 秒后重新启动", "1 秒后重新启动"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_killed_supervisor_leaves_no_orphans(supervise, tmp_path):
    supervisor = supervise("steady")

    supervisor.kill()

    supervisor.wait(15)
    eventually(lambda: not is_alive(pids(tmp_path, "steady")[0]))
