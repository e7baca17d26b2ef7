"""`yht serve`, what `make run` runs: prepare the database, then web server, worker and simulators."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import click
from flask.cli import with_appcontext

from app.cli.deliver import parts
from app.cli.supervisor import Supervisor
from config import LOOPBACK, ROOT, Settings

SIMULATORS_ABOVE_PORT = 1000
SIMULATED = {  # and whose place each takes
    "sms-simulator": "YHT_SMS_URL",
    "province-simulator": "YHT_PROVINCE_URL",
    "municipal-simulator": "YHT_MUNICIPAL_URL",
}
PORT_PATIENCE = 15.0
HIGHEST_PORT = 65_535
PROBE = b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Set everything up and serve until SIGINT or SIGTERM. Never asks anything."""
    settings = parts().settings
    port = _port(os.environ.get("PORT") or str(settings.port))
    environment = child_environment(os.environ, settings, port)
    _wait_for(settings.host, port)
    _step(environment, "init")
    accounts = ""
    wanted = os.environ.get("DEMO", "1")
    if environment["YHT_PROFILE"] == "demo" and wanted != "0":
        click.echo("正在准备演示数据，第一次约需半分钟……")
        accounts = _step(environment, "demo", *(("--scale", "core") if wanted == "core" else ()))
    commands = child_commands(environment, settings, port)
    supervisor = Supervisor(commands, cwd=ROOT, environment=environment, say=click.echo)
    supervisor.run(_Announcement(port, environment, accounts).make)


def child_environment(given: Mapping[str, str], settings: Settings, port: int) -> dict[str, str]:
    """What the children run with: demo unless a profile is set, and in demo simulated peers on this machine."""
    environment = {"YHT_PROFILE": "demo", "PYTHONUNBUFFERED": "1", **given}
    environment["YHT_PORT"] = str(port)
    environment["YHT_DATA_DIR"] = str(settings.data_dir)
    environment.setdefault("YHT_PUBLIC_URL", f"http://127.0.0.1:{port}")
    if environment["YHT_PROFILE"] == "demo":
        for above, setting in enumerate(SIMULATED.values(), SIMULATORS_ABOVE_PORT):
            if not environment.get(setting):
                environment[setting] = f"http://127.0.0.1:{_free_port(port + above)}"
    return environment


def child_commands(environment: Mapping[str, str], settings: Settings, port: int) -> dict[str, list[str]]:
    """The processes to keep running."""
    web = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--bind", f"{settings.host}:{port}"]
    web += ["--workers", str(settings.workers), "--threads", str(settings.threads)]
    web += ["--timeout", "60", "--graceful-timeout", "15", "--no-control-socket", "--log-level", "warning"]
    commands = {"web": [*web, "run:app"], "worker": _yht("worker")}
    if environment["YHT_PROFILE"] == "demo":
        here = [name for name, at in SIMULATED.items() if urlsplit(environment.get(at, "")).hostname in LOOPBACK]
        commands |= {name: _yht(name) for name in here}
    return commands


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= HIGHEST_PORT):
        raise click.ClickException(f"PORT 应为 1 至 {HIGHEST_PORT} 的整数。")
    return int(text)


class _Announcement:
    """Says once, when the first answer comes, where the console is and who can sign in."""

    def __init__(self, port: int, environment: Mapping[str, str], accounts: str) -> None:
        self._port = port
        where = f"一号通已启动：http://127.0.0.1:{port}（{environment['YHT_PROFILE']}）"
        self._lines = [where, accounts.rstrip()]
        self._is_made = False

    def make(self) -> None:
        if not self._is_made and _answers(self._port):
            self._is_made = True
            click.echo("\n".join(line for line in self._lines if line))


def _yht(command: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "run", "yht", command]


def _step(environment: Mapping[str, str], command: str, *options: str) -> str:
    """Run one command to its end; what it prints comes back. Its failure ends the whole start."""
    done = subprocess.run(  # noqa: S603 - our own command, no shell
        [*_yht(command), *options], cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        click.echo(done.stdout, nl=False)
        raise click.ClickException(f"准备失败：yht {command}（{done.returncode}）")
    return done.stdout


def _wait_for(host: str, port: int) -> None:
    """Until the port is free: a predecessor that was killed may still be leaving."""
    ends_at = time.monotonic() + PORT_PATIENCE
    while not _is_free(host, port):
        if time.monotonic() > ends_at:
            raise click.ClickException(f"端口 {port} 已被占用，请用 PORT 另选一个。")
        time.sleep(0.5)


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


def _free_port(wanted: int) -> int:
    if wanted < HIGHEST_PORT and _is_free("127.0.0.1", wanted):
        return wanted
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(PROBE)
            return bool(connection.recv(1))
    except OSError:
        return False
