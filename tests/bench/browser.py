"""A signed-in client of one application, and the gunicorn it talks to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from config import ROOT
from tests.app_fixtures import PASSWORD, TOKEN
from tests.bench.serving import HEADER

PATIENCE = 180.0


@dataclass(frozen=True)
class Answer:
    """One page: how long it took in seconds, its statements, its text."""

    seconds: float
    statements: int
    text: str


class Browser:
    """Signs in over HTTP and asks for pages, one connection kept open."""

    def __init__(self, port: int, account: str) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False)
        self.token = self._token("/login/")
        answer = self.client.post("/login/", data={"username": account, "password": PASSWORD, "csrf_token": self.token})
        if answer.status_code != 302 or "login" in answer.headers["location"]:
            raise RuntimeError(f"{account} cannot sign in at port {port}: {answer.status_code}")

    def _token(self, path: str) -> str:
        found = TOKEN.search(self.client.get(path).text)
        if not found:
            raise RuntimeError(f"{path} carries no token")
        return found[1]

    def get(self, path: str) -> Answer:
        """The page, which must be there."""
        begun = time.perf_counter()
        answer = self.client.get(path)
        seconds = time.perf_counter() - begun
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return Answer(seconds, int(answer.headers.get(HEADER, -1)), answer.text)

    def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        """A form with the session's token."""
        return self.client.post(path, data={"csrf_token": self.token, **form})

    def renew_token(self, page: str) -> None:
        """The token of this session; signing in has made the former one worthless."""
        self.token = self._token(page)


@contextmanager
def server(which: str, url: str, folder: Path, port: int, *, workers: int = 1, threads: int = 1) -> Iterator[None]:
    """gunicorn over `tests.bench.serving`, until the body ends."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YHT_")}
    environment = {
        **clean, "BENCH_URL": url, "BENCH_FOLDER": str(folder), "BENCH_PORT": str(port), "BENCH_THREADS": str(threads),
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "--worker-class", "gthread"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", str(threads)]
    command += [
        "--keep-alive",
        "75",
        "--graceful-timeout",
        "2",
        "--no-control-socket",
        "--log-level",
        "error",
        f"tests.bench.serving:{which}()",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait(port, process)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # at once: nobody waits for an answer any more
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/login/", timeout=30, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"no answer at port {port}")
