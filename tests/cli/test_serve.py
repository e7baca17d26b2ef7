"""`yht serve`: which processes run, and with which settings."""

import socket
from pathlib import Path

import click
import pytest

from app.cli import serve
from app.cli.deliver import queue_file
from app.cli.demo import kept_password
from config import Settings


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data_dir=tmp_path, workers=2, threads=4)


def test_without_a_profile_it_is_a_demo_with_simulated_peers_on_this_machine(settings):
    environment = serve.child_environment({}, settings, 18_080)

    assert environment["YHT_PROFILE"] == "demo"
    assert environment["YHT_PORT"] == "18080"
    assert environment["YHT_PUBLIC_URL"] == "http://127.0.0.1:18080"
    assert len({environment[setting] for setting in serve.SIMULATED.values()}) == len(serve.SIMULATED)
    assert all(environment[setting].startswith("http://127.0.0.1:") for setting in serve.SIMULATED.values())
    assert set(serve.child_commands(environment, settings, 18_080)) == {"web", "worker", *serve.SIMULATED}


def test_what_is_set_stays_as_it_is(settings):
    given = {
        "YHT_PROFILE": "demo",
        **dict.fromkeys(serve.SIMULATED.values(), "https://peer.example"),
        "YHT_PUBLIC_URL": "https://a.example",
    }

    environment = serve.child_environment(given, settings, 8080)

    assert {name: environment[name] for name in given} == given
    assert set(serve.child_commands(environment, settings, 8080)) == {"web", "worker"}


@pytest.mark.parametrize("profile", ["dev", "production"])
def test_simulators_run_in_the_demo_alone(settings, profile):
    given = {"YHT_PROFILE": profile, **dict.fromkeys(serve.SIMULATED.values(), "http://127.0.0.1:9")}

    environment = serve.child_environment(given, settings, 8080)

    assert not serve.SIMULATED.keys() & serve.child_commands(environment, settings, 8080).keys()


def test_simulator_moves_aside_when_its_port_is_taken(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        environment = serve.child_environment({}, settings, port - serve.SIMULATORS_ABOVE_PORT)

    assert environment["YHT_SMS_URL"] != f"http://127.0.0.1:{port}"


def test_simulators_find_a_port_beside_the_highest_too(settings):
    environment = serve.child_environment({}, settings, 65_000)

    assert all(int(environment[setting].rpartition(":")[2]) < 65_536 for setting in serve.SIMULATED.values())


def test_taken_port_is_named_instead_of_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(serve, "PORT_PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(click.ClickException, match=f"端口 {port} 已被占用"):
            serve._wait_for("127.0.0.1", port)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////srv/yht/queue.sqlite", "/srv/yht/queue.sqlite"),
        ("sqlite:///var/queue.sqlite", "var/queue.sqlite"),
        ("file:///srv/%E9%98%9F%E5%88%97.sqlite", "/srv/队列.sqlite"),
        ("var/queue.sqlite", "var/queue.sqlite"),
    ],
)
def test_queue_file_is_read_from_its_setting(url, file):
    assert queue_file(url) == Path(file)


def test_queue_elsewhere_is_refused_with_a_sentence():
    with pytest.raises(click.ClickException, match="只支持文件"):
        queue_file("redis://127.0.0.1/0")


def test_demo_password_is_made_once_and_for_its_owner_alone(tmp_path):
    first = kept_password(tmp_path)

    assert kept_password(tmp_path) == first
    assert len(first) >= 12
    assert (tmp_path / "demo.password").stat().st_mode & 0o077 == 0
