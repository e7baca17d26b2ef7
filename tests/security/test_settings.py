"""Settings: a bad environment ends the process with one sentence per problem."""

import base64
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import config
from config import BadSettings, Settings, completed, faults, load

GOOD_KEY = base64.b64encode(b"k" * 32).decode()
GOOD = {
    "YHT_PROFILE": "production",
    "YHT_SECRET_KEY": "R4nd0m-Secret-Of-A-Deployment-0123456789",
    "YHT_DATA_KEY": GOOD_KEY,
    "YHT_PUBLIC_URL": "https://yht.example.gov.cn",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith("YHT_"):
            monkeypatch.delenv(name)
    return monkeypatch


def _set(environment: pytest.MonkeyPatch, **values: str | None) -> None:
    for name, value in {**GOOD, **values}.items():
        if value is not None:
            environment.setenv(name, value)


def test_a_good_production_environment_is_accepted(environment: pytest.MonkeyPatch) -> None:
    _set(environment)

    settings = load()

    assert settings.is_production
    assert settings.hosts[0] == "yht.example.gov.cn"
    assert settings.data_keys == (b"k" * 32,)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"YHT_SECRET_KEY": None}, "YHT_SECRET_KEY"),
        ({"YHT_SECRET_KEY": "short"}, "YHT_SECRET_KEY"),
        ({"YHT_SECRET_KEY": "a" * 64}, "YHT_SECRET_KEY"),
        ({"YHT_DATA_KEY": None}, "YHT_DATA_KEY"),
        ({"YHT_DATA_KEY": "not base64!"}, "YHT_DATA_KEY"),
        ({"YHT_DATA_KEY": base64.b64encode(b"short").decode()}, "YHT_DATA_KEY"),
        ({"YHT_DEBUG": "1"}, "YHT_DEBUG"),
        ({"YHT_RATELIMIT_URL": "memory://"}, "YHT_RATELIMIT_URL"),
        ({"YHT_PUBLIC_URL": "http://yht.example.gov.cn"}, "YHT_PUBLIC_URL"),
        ({"YHT_DEMO_PASSWORD": "demo"}, "YHT_DEMO_PASSWORD"),
        ({"YHT_DATABASE_URL": "mysql://x/y"}, "YHT_DATABASE_URL"),
        ({"YHT_STORAGE_URL": "ftp://x/y"}, "YHT_STORAGE_URL"),
        ({"YHT_PROVINCE_URL": "file:///etc/passwd"}, "YHT_PROVINCE_URL"),
        ({"YHT_SMS_URL": "gopher://x"}, "YHT_SMS_URL"),
        ({"YHT_PROFILE": "prod"}, "YHT_PROFILE"),
        ({"YHT_WORKERS": "many"}, "YHT_WORKERS"),
        ({"YHT_SESION_IDLE_MINUTES": "5"}, "YHT_SESION_IDLE_MINUTES"),
        ({"YHT_PROJECT_REVIEW_DAYS": "0"}, "YHT_PROJECT_REVIEW_DAYS"),
    ],
)
def test_a_bad_environment_is_refused_by_name(
    environment: pytest.MonkeyPatch, values: dict[str, str | None], named: str
) -> None:
    _set(environment, **values)
    for name, value in values.items():
        if value is None:
            environment.delenv(name, raising=False)

    with pytest.raises(BadSettings) as refused:
        load()

    assert refused.value.code == 3
    assert [problem for problem in refused.value.problems if named in problem]


def test_every_problem_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    _set(environment, YHT_DEBUG="1", YHT_SECRET_KEY="x", YHT_TYPO="1", YHT_SMS_URL="ftp://x")

    with pytest.raises(BadSettings) as refused:
        load()

    assert len(refused.value.problems) == 4


def test_secrets_are_not_repeated_in_a_refusal(environment: pytest.MonkeyPatch) -> None:
    _set(environment, YHT_SECRET_KEY="topsecret", YHT_DATA_KEY="hush", YHT_PORT="topsecret")

    with pytest.raises(BadSettings) as refused:
        load()

    assert "topsecret" not in str(refused.value)
    assert "hush" not in str(refused.value)


def test_the_process_ends_with_a_reason(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], **GOOD, "YHT_SECRET_KEY": "x", "YHT_DATA_DIR": str(tmp_path)}

    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "run", "yht", "check"],
        cwd=config.ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 3
    assert "YHT_SECRET_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_outside_production_keys_are_made_once_and_kept_closed(tmp_path: Path) -> None:
    made: list[Settings] = []
    threads = [threading.Thread(target=lambda: made.append(_dev(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({(one.secret_key, one.data_key) for one in made}) == 1
    for name in ("secret.key", "data.key"):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == ["data.key", "secret.key"]


def _dev(folder: Path) -> Settings:
    return completed(Settings(profile="dev", data_dir=folder / "var"))


def test_defaults_lie_in_the_data_folder(tmp_path: Path) -> None:
    settings = _dev(tmp_path)

    for url in (settings.database_url, settings.storage_url, settings.ratelimit_url, settings.queue_url):
        assert str(tmp_path / "var") in url
    assert faults(settings) == []


def test_every_setting_says_what_it_is() -> None:
    silent = [name for name, field in Settings.model_fields.items() if not field.description]

    assert silent == []


@pytest.mark.parametrize(
    ("setting", "days"),
    [("enterprise_review_days", 3), ("project_review_days", 5), ("counter_days", 1), ("unit_works_days", 3),
     ("precheck_days", 5), ("pending_act_days", 3)],
)  # fmt: skip
def test_limits_in_working_days_have_the_documented_defaults(setting: str, days: int) -> None:
    default: Any = Settings.model_fields[setting].default

    assert default == days
