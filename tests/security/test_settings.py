"""Settings: a bad environment ends the process with one sentence per problem."""

import base64
import hashlib
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import config
from config import BadSettings, Settings, completed, faults, load

GOOD_BYTES = hashlib.sha256(b"what chance made").digest()
GOOD_KEY = base64.b64encode(GOOD_BYTES).decode()
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
    assert settings.data_keys == (GOOD_BYTES,)


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


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


LIMITS = ("often", "", "0 per minute", "-1 per minute", "20", "20 per", "per minute", "20 per 0 minutes", "20 per 2 days",
          "999999999 per second", "20 per minute; 5 per second", "20 每分钟")  # fmt: skip
WEB = ("http://", "http:///x", "http://a b", "http://a:99999", "http://a:x", "ftp://a", "a.example", "http://u:p@a", "http://a#b",
       "http://-a", "https://a/\n")  # fmt: skip
MALFORMED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("login_limit_account", "login_limit_address", "login_limit_spray", "register_limit", "lookup_limit",
         "api_limit", "api_key_limit"), LIMITS,
    ),
    **dict.fromkeys(("province_url", "municipal_url", "sms_url"), WEB),
    "public_url": ("", "https://", "https://a/path", "https://a?b", *WEB),
    "database_url": ("sqlite://", "sqlite:///:memory:", "sqlite://host/x", "postgresql://a/b", "mysql://a/b", "x",
                     "postgresql+psycopg://a", "postgresql+psycopg://a:x/b"),
    "storage_url": ("s3://bucket", "file://var/scans", "scans", "ftp://x"),
    "ratelimit_url": ("redis://", "redis://h:x", "redis://h:99999", "redis://h/x", "file://a/b", "http://a", "memcached://a"),
    "queue_url": ("redis://", "file://a/b", "http://a", "memory://"),
    "password_hash": ("", "md5", "argon2", "scrypt:", "scrypt:1:8:1", "scrypt:30000:8:1", "scrypt:32768:8", "scrypt:a:b:c",
                      "scrypt:1024:8:1", "scrypt:32768:1:1", "scrypt:1073741824:8:1", "pbkdf2", "pbkdf2:md5:1000000",
                      "pbkdf2:sha256:", "pbkdf2:sha256:1", "pbkdf2:sha256:0", "pbkdf2:sha256:99999999999", "plain"),
    "data_key": ("", "not base64!", encoded(b"short"), encoded(bytes(32)), encoded(b"k" * 32), encoded(b"ab" * 20),
                 encoded(bytes(range(40))), encoded(b"0123456789abcdef" * 2), encoded(b"aaaabbbbccccddddeeeeffffgggghhhh"),
                 f"{GOOD_KEY},{encoded(bytes(32))}", f"{GOOD_KEY},{GOOD_KEY}", f"{GOOD_KEY},short", GOOD_KEY[:-4]),
    "secret_key": ("", "short", "a" * 64, "ab" * 32, "abcdefgh" * 8, "secret" * 9, "change-me-change-me-change-me-change-me"),
    "initial_password": ("", "1", "123", "12345678", "22222", "abcabc", "password", "有汉字的口令", "a b c d e", "x" * 65),
    "admin_password": ("1", "short", "11111111111111", "password"),
    "admin_bureau": ("江阴", "32028", "3202811", "32028x"),
    "trusted_hosts": (",", "a,,b", "*", "http://a", "a:80", "a/b", "a b"),
    "host": ("", "a b", "http://a", "127.0.0.1:80"),
    "profile": ("", "prod", "PRODUCTION"),
    "data_dir": ("/dev/null/x", "/proc/none"),
}  # fmt: skip
FREE = {"demo_password", "province_user", "province_password", "municipal_user", "municipal_password", "admin_username",
        "admin_name"}  # fmt: skip


def _malformed() -> list[tuple[str, str]]:
    """Each setting with values that cannot be right: those of the table, and what its type tells."""
    found = [(name, value) for name, values in MALFORMED.items() for value in values]
    for name, field in Settings.model_fields.items():
        if field.annotation is int:
            found += [(name, value) for value in ("", "many", "1.5", "-1", "0x10", "99999999999", "nan")]
        elif field.annotation is bool:
            found += [(name, value) for value in ("", "perhaps", "2")]
        elif name not in MALFORMED and name not in FREE:
            found += [(name, value) for value in ("", "another", "UTF-16")]
        elif field.annotation is str:
            found += [(name, value) for value in ("two\nlines", " spaces ", "bell\x07")]
    return found


def test_every_setting_is_in_the_table_of_what_it_must_not_be() -> None:
    assert {name for name, _value in _malformed()} == set(Settings.model_fields)


def test_each_malformed_value_is_one_sentence_that_names_its_setting(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _set(environment, YHT_DATA_DIR=str(tmp_path))
    for name, value in _malformed():
        variable = f"YHT_{name.upper()}"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(variable, value)
            with pytest.raises(BadSettings) as refused:
                config.ready(load())

        named = [problem for problem in refused.value.problems if variable in problem]
        assert len(named) == 1, (name, value, refused.value.problems)
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", named[0].replace("openssl rand", "")), named[0]
        is_secret = name.endswith(("_key", "_password"))
        assert not is_secret or len(value) < 5 or value not in named[0], "no secret is repeated"


@pytest.mark.parametrize("profile", ["dev", "demo"])
def test_outside_production_a_cheap_hash_and_any_first_password_will_do(profile: str, tmp_path: Path) -> None:
    chosen = {"password_hash": "pbkdf2:sha256:1", "initial_password": "1"}

    assert faults(Settings(profile=profile, data_dir=tmp_path, **chosen)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["data.key", "secret.key"])
def test_a_damaged_key_file_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"" if name == "secret.key" else b"AAAA")

    with pytest.raises(BadSettings, match="密钥已损坏"):
        config.ready(Settings(profile="dev", data_dir=tmp_path))


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
