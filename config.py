"""Settings: one class, read from YHT_* when the process starts, and refused at once when they cannot be right."""

import base64
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

import config_checks
from config_checks import expected

ROOT = Path(__file__).resolve().parent
PREFIX = "YHT_"
TEST_PREFIX = "YHT_TEST_"  # read by the test suite alone
BOOT_ERROR = 3  # the exit status that makes gunicorn stop instead of trying again
DATA_KEY_BYTES = 32

Profile = Literal["demo", "dev", "production"]
Names = Annotated[tuple[str, ...], NoDecode]
Days = Annotated[int, Field(ge=1, le=60)]

SCHEMES = {
    "database_url": ("sqlite", "postgresql+psycopg"),
    "storage_url": ("file", "s3"),
    "province_url": ("http", "https"),
    "municipal_url": ("http", "https"),
    "sms_url": ("http", "https"),
    "public_url": ("http", "https"),
    "ratelimit_url": ("", "file", "yht-sqlite", "memory", "redis", "rediss"),
    "queue_url": ("", "file", "sqlite", "redis", "rediss"),
}


class BadSettings(SystemExit):
    """The environment cannot be right. One sentence per problem; leaving it uncaught ends the process."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(BOOT_ERROR)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class Settings(BaseSettings):
    """Every setting, its unit in the name, its meaning beside it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    profile: Profile = Field("dev", description="demo: simulators and accounts; dev: no demo; production: strict")
    debug: bool = Field(False, description="Flask's debugger; refused in production")
    host: str = Field("127.0.0.1", description="Address the web server binds")
    port: int = Field(8080, ge=1, le=65535, description="Port the web server binds")
    workers: int = Field(2, ge=1, le=64, description="Web worker processes")
    threads: int = Field(8, ge=1, le=64, description="Threads per web worker")
    trusted_proxies: int = Field(0, ge=0, le=5, description="Reverse proxies whose X-Forwarded-* headers count")

    data_dir: Path = Field(ROOT / "var", description="Folder of everything the console writes by default")
    database_url: str = Field("", description="sqlite:///… or postgresql+psycopg://…; empty: a file in data_dir")
    storage_url: str = Field("", description="Where scans are kept: file://… or s3://…; empty: a folder in data_dir")
    ratelimit_url: str = Field("", description="Counters of limits: a file, redis://… or memory://; empty: a file")
    queue_url: str = Field("", description="Queue of background work: a file or redis://…; empty: a file")
    province_url: str = Field("", description="Province's interface; empty: nothing is pushed")
    municipal_url: str = Field("", description="Municipal approval system; empty: nothing is pushed")
    province_user: str = Field("", description="Account at the province's interface")
    province_password: str = Field("", repr=False, description="Its password")
    province_envelope: Literal["bare", "rows", "body"] = Field(
        "bare", description="Shape of a pushed row: no root, dataTable/row or body/data"
    )
    province_letters: Literal["pascal", "camel"] = Field("pascal", description="First letters of the columns' names")
    province_encoding: Literal["gb18030", "gbk", "utf-8"] = Field("gb18030", description="Characters of the values")
    province_base64: bool = Field(True, description="Whether each value is packed as base64")
    municipal_user: str = Field("", description="Account at the municipal interface")
    municipal_password: str = Field("", repr=False, description="Its password")
    municipal_envelope: Literal["bare", "rows", "body"] = Field(
        "bare", description="Shape of a pushed row: no root, dataTable/row or body/data"
    )
    municipal_letters: Literal["pascal", "camel"] = Field("pascal", description="First letters of the columns' names")
    municipal_encoding: Literal["gb18030", "gbk", "utf-8"] = Field("gb18030", description="Characters of the values")
    municipal_base64: bool = Field(True, description="Whether each value is packed as base64")
    sms_url: str = Field("", description="SMS gateway; empty: nothing is sent")
    public_url: str = Field("http://127.0.0.1:8080", description="Address in printed papers and messages")
    trusted_hosts: Names = Field(
        (), description="Host names answered, comma separated; empty: public_url's and loopback"
    )

    secret_key: str = Field("", repr=False, description="Signs cookies; production: 32 characters or more")
    data_key: str = Field("", repr=False, description="Base64 of 32 bytes or more; older keys follow, comma separated")
    initial_password: str = Field("11111", repr=False, min_length=1, description="First password of the notice")
    initial_password_hours: int = Field(72, ge=1, le=720, description="Life of the first password")
    reset_password_hours: int = Field(24, ge=1, le=72, description="Life of a password that the counter gave out")
    demo_password: str = Field(
        "", repr=False, description="Password of the demo accounts; empty: one is made and printed"
    )
    password_hash: str = Field(
        "scrypt",
        description="Werkzeug hash method with its cost; production: scrypt:16384:8:1 or pbkdf2:sha256:600000 at least",
    )
    sms_daily_limit: int = Field(10, ge=1, le=100, description="Messages a day to one mobile that strangers can cause")
    sms_address_limit: int = Field(50, ge=1, le=10_000, description="The same, from one network address")
    sms_total_limit: int = Field(5_000, ge=1, le=1_000_000, description="The same, in all")

    admin_username: str = Field("", description="First administrator's account name; empty: none is made")
    admin_password: str = Field("", repr=False, description="First administrator's password")
    admin_name: str = Field("", description="First administrator's name as shown")
    admin_bureau: str = Field("", description="First administrator's bureau code; empty: the root bureau")

    session_idle_minutes: int = Field(30, ge=1, le=480, description="Minutes without a request that end a session")
    session_absolute_hours: int = Field(10, ge=1, le=24, description="Hours that end a session whatever happens")
    lockout_failures: int = Field(5, ge=3, le=20, description="Wrong passwords in a row that lock an account")
    lockout_minutes: int = Field(15, ge=1, le=1440, description="Minutes an account stays locked")
    login_limit_account: str = Field("20 per 15 minutes", description="Sign-in tries per account")
    login_limit_address: str = Field("300 per 10 minutes", description="Sign-in tries per network address")
    login_limit_spray: str = Field("20 per 60 minutes", description="Accounts tried with one password from one address")
    register_limit: str = Field("20 per 60 minutes", description="Registrations per network address")
    lookup_limit: str = Field("60 per minute", description="Public look-ups per network address")
    api_limit: str = Field("600 per minute", description="Requests per key of the interface")
    api_key_limit: str = Field("60 per 15 minutes", description="Wrong keys per network address")

    scan_max_mb: int = Field(20, ge=1, le=100, description="Largest scan, MiB")
    scan_max_pages: int = Field(200, ge=1, le=2000, description="Most pages of a scan")
    scan_check_seconds: int = Field(20, ge=1, le=120, description="Time the check of a scan may take")
    scan_check_memory_mb: int = Field(512, ge=128, le=4096, description="Memory the check of a scan may take, MiB")
    scans_per_organization: int = Field(400, ge=10, le=100_000, description="Live scans one organization may keep")

    enterprise_review_days: Days = Field(3, description="Working days to review an enterprise record")
    project_review_days: Days = Field(5, description="Working days to review a project")
    counter_days: Days = Field(1, description="Working days to check originals after arrival")
    unit_works_days: Days = Field(3, description="Working days to review unit works")
    precheck_days: Days = Field(5, description="Working days of the construction permit pre-check")
    pending_act_days: Days = Field(3, description="Working days until an act without its second person lapses")
    claim_days: int = Field(30, ge=3, le=365, description="Days after which an unverified registration is removed")
    audit_keep_days: int = Field(1095, ge=183, le=36_500, description="Days the audit trail is kept")

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _parted(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = tuple(part.strip() for part in value.split(",")) if value.strip() else ()
        if not all(parts):
            raise ValueError("an empty name")
        return parts

    @property
    def is_production(self) -> bool:
        """Whether the strict rules hold."""
        return self.profile == "production"

    @property
    def data_keys(self) -> tuple[bytes, ...]:
        """The data keys, newest first."""
        return tuple(base64.b64decode(part, validate=True) for part in self.data_key.split(",") if part)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names this console answers to, without ports."""
        named = self.trusted_hosts or (urlsplit(self.public_url).hostname or "", *LOOPBACK)
        return tuple(host for host in named if host)

    @property
    def max_request_bytes(self) -> int:
        """The largest request: one scan and the form around it."""
        return (self.scan_max_mb + 1) * 1024 * 1024


LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def load() -> Settings:
    """The settings of this process; raises BadSettings with every problem found."""
    problems = [f"不认识的设置：{name}。" for name in _unknown_names()]
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadSettings(problems + [_in_words(fault) for fault in error.errors()]) from None
    problems += faults(settings)
    if problems:
        raise BadSettings(problems)
    return settings


def load_or_exit() -> Settings:
    """As `load` and `completed`, with the problems on standard error; the process ends with a non-zero status."""
    try:
        return ready(load())
    except BadSettings as error:
        sys.stderr.write(f"{error}\n")
        raise


def ready(settings: Settings) -> Settings:
    """The settings completed, with what lay in the data folder checked like what was given; raises BadSettings."""
    problems = faults(settings)
    if problems:
        raise BadSettings(problems)
    whole = completed(settings)
    problems = faults(whole)
    problems += [f"{PREFIX}{name.upper()} 是空的。" for name in ("secret_key", "data_key") if not getattr(whole, name)]
    if problems:  # the files of the folder: nothing else was added
        raise BadSettings([f"{whole.data_dir} 中保存的密钥已损坏：{problem}" for problem in problems])
    return whole


def _unknown_names() -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(
        name
        for name in os.environ
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name.upper() not in known
    )


def _in_words(fault: Any) -> str:
    name = PREFIX + "_".join(str(part) for part in fault["loc"][:1]).upper()
    field = Settings.model_fields.get(str(fault["loc"][0])) if fault["loc"] else None
    return f"{name} 的值不对：{expected(field) if field else fault['msg']}。"


def faults(settings: Settings) -> list[str]:
    """What cannot be right about settings that are well formed, one sentence each."""
    schemes = {name: _scheme_fault(settings, name) for name in SCHEMES}
    found = [*schemes.values(), _counting_fault(settings)]
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    for name, fault in config_checks.faults(values, is_production=settings.is_production):
        if not schemes.get(name):  # the scheme is said already
            found.append(f"{PREFIX}{name.upper()} {fault}。")
    said = [fault for fault in found if fault]
    if settings.is_production:
        said += [fault for name, fault in _production_faults(settings) if fault and not _is_said(name, said)]
    return said


def _is_said(name: str, said: list[str]) -> bool:
    """Whether something is wrong with the setting already."""
    return any(fault.startswith(f"{PREFIX}{name.upper()} ") for fault in said)


def _scheme_fault(settings: Settings, name: str) -> str | None:
    url = getattr(settings, name)
    scheme = urlsplit(url).scheme if "://" in url else ""
    if not url or scheme in SCHEMES[name]:
        return None
    allowed = "、".join(entry for entry in SCHEMES[name] if entry)
    return f"{PREFIX}{name.upper()} 只能以 {allowed} 开头。"


def _counting_fault(settings: Settings) -> str | None:
    if settings.workers > 1 and settings.ratelimit_url.startswith("memory:"):
        return "多个工作进程不能使用 memory:// 计数，请设置 YHT_RATELIMIT_URL。"
    return None


def _production_faults(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Setting and sentence."""
    weak = config_checks.secret_key(settings.secret_key)
    yield "secret_key", "生产环境必须设置 YHT_SECRET_KEY，至少 32 个随机字符。" if weak else None
    is_twice = settings.secret_key == settings.data_key != ""
    yield "secret_key", "YHT_SECRET_KEY 不能与 YHT_DATA_KEY 相同。" if is_twice else None
    yield "data_key", None if settings.data_key else "生产环境必须设置 YHT_DATA_KEY。"
    yield "debug", "生产环境不能打开 YHT_DEBUG。" if settings.debug else None
    is_https = settings.public_url.startswith("https://")
    yield "public_url", None if is_https else "生产环境的 YHT_PUBLIC_URL 必须以 https:// 开头。"
    yield "demo_password", "生产环境不能设置 YHT_DEMO_PASSWORD。" if settings.demo_password else None


def completed(settings: Settings) -> Settings:
    """The settings with what was left empty filled in: files under data_dir and, outside production, own keys."""
    folder = settings.data_dir.resolve()
    try:
        return _filled(settings, folder)
    except (OSError, UnicodeError) as error:
        raise BadSettings(
            [f"YHT_DATA_DIR 不能使用：{folder} 应为本账号可以读写的文件夹（{type(error).__name__}）。"]
        ) from error


def _filled(settings: Settings, folder: Path) -> Settings:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    filled = {
        "data_dir": folder,
        "database_url": settings.database_url or f"sqlite:///{folder / 'yht.sqlite'}",
        "storage_url": settings.storage_url or (folder / "scans").as_uri(),
        "ratelimit_url": settings.ratelimit_url or f"yht-sqlite://{folder / 'limits.sqlite'}",
        "queue_url": settings.queue_url or f"sqlite:///{folder / 'queue.sqlite'}",
        "secret_key": settings.secret_key or _kept(folder / "secret.key", secrets.token_urlsafe(48)),
        "data_key": settings.data_key or _kept(folder / "data.key", _new_data_key()),
    }
    return settings.model_copy(update=filled)


def _new_data_key() -> str:
    return base64.b64encode(secrets.token_bytes(DATA_KEY_BYTES)).decode()


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; made once, readable by its owner only, also when two processes start together."""
    draft = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when the file is there: the first one wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
