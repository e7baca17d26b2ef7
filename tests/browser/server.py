"""The whole console as its users meet it: `yht serve` in a process of its own, with a data folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from config import PREFIX, ROOT
from tests.app_fixtures import CHEAP_HASH, PASSWORD
from tests.waiting import eventually

START_SECONDS = 420  # the whole bureau on a machine that others use as well
STOP_SECONDS = 40


@dataclass(frozen=True)
class Console:
    """Where the pages are, where the simulated gateway keeps its texts, and the demo accounts' password."""

    origin: str
    gateway: str
    password: str
    log: Path

    def last_words(self) -> str:
        """The end of what the processes printed: where a page that broke has its reason."""
        return self.log.read_text(errors="replace")[-4000:]

    def texts_to(self, mobile: str) -> list[str]:
        """The texts that this phone has got, newest first."""
        with urlopen(f"{self.gateway}/messages", timeout=5) as answer:
            return [message["text"] for message in json.load(answer) if message["mobile"] == mobile]


@contextmanager
def console_running(folder: Path, demo: str = "core") -> Iterator[Console]:
    """Start it with the demo records and wait until it answers; it and all its children are gone afterwards."""
    port, gateway = _free_port(), f"http://127.0.0.1:{_free_port()}"
    console = Console(f"http://127.0.0.1:{port}", gateway, PASSWORD, folder / "serve.log")
    with console.log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "run", "yht", "serve"],
            cwd=ROOT, env={**_environment(folder, console, port), "DEMO": demo}, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_until_it_answers(process, console)
            yield console
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """As a service manager would; one that does not go in time has a fault."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _environment(folder: Path, console: Console, port: int) -> dict[str, str]:
    """Nothing of the developer's own settings decides."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) and name != "DEMO"}
    return {
        **kept,
        "PORT": str(port),
        "YHT_PROFILE": "demo",
        "YHT_DATA_DIR": str(folder / "var"),
        "YHT_DEMO_PASSWORD": console.password,
        "YHT_PASSWORD_HASH": CHEAP_HASH,
        "YHT_SMS_URL": console.gateway,
    }


def _wait_until_it_answers(process: subprocess.Popen[bytes], console: Console) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            pytest.fail(f"yht serve ended ({process.returncode}):\n{console.last_words()}")
        return _is_up(f"{console.origin}/readyz") and _is_up(f"{console.gateway}/messages")

    eventually(answers, START_SECONDS)


def _is_up(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
