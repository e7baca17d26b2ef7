"""What a setting must be, in sentences that name it: limits, hash methods, keys, addresses, first passwords."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.domain.passwords import WELL_KNOWN, weakness

KEY_BYTES = (32, 1024)  # of a data key
FEWEST_SIGNS = 12  # different bytes of a key that chance made
SHORT_PERIOD = 8
SCRYPT_LEAST_COST, SCRYPT_LEAST_BLOCK = 2**14, 8
SCRYPT_MOST_BYTES = 2**30
PBKDF2_ROUNDS = (600_000, 10_000_000)
LONGEST_WINDOW = 86_400  # seconds
MOST_TRIES, MOST_PER_SECOND = 1_000_000, 100
NOTICES_PASSWORD = "11111"  # noqa: S105 - the notice itself publishes it
FIRST_PASSWORD = (5, 64)
HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*")
NO_TIME = re.compile(r"(per|/)\s*0+(\s|[a-z])", re.IGNORECASE)  # which the parser takes for one
UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
Fault = str | None


def expected(field: Any) -> str:
    """What pydantic wants of a field, in words."""
    kind = field.annotation
    if get_origin(kind) is Literal:
        return f"应为 {'、'.join(map(str, get_args(kind)))} 之一"
    if kind is bool:
        return "应为 true 或 false"
    if kind is int:
        least = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
        most = next((m.le for m in field.metadata if hasattr(m, "le")), None)
        return f"应为 {least} 至 {most} 的整数"
    return "应为以逗号分隔的主机名，每项都不能为空" if kind is not str else "应为一行文字，不能为空"


def plain_text(value: str) -> Fault:
    """A text of one line without what nobody sees."""
    if UNSEEN.search(value) or value != value.strip():
        return "不能含有换行、不可见字符，首尾不能有空格"
    return None


def limit(value: str) -> Fault:
    """How often in which time."""
    told = "应为“次数 per 时长”，如 20 per 15 minutes，时长不超过 1 天，次数至少为 1、平均每秒不超过 100"
    try:
        found = parse_many(value)
    except ValueError:
        return told
    if len(found) != 1 or NO_TIME.search(value):
        return told
    amount, seconds = found[0].amount, found[0].get_expiry()
    is_sane = 1 <= amount <= MOST_TRIES and 1 <= seconds <= LONGEST_WINDOW and amount <= MOST_PER_SECOND * seconds
    return None if is_sane else told


def password_hash(value: str, *, is_strict: bool) -> Fault:
    """A method of Werkzeug's with its cost. Outside production it may be cheap: the tests hash thousands of times."""
    method, *costs = value.split(":")
    if method == "pbkdf2" and costs[:1] == ["sha256"]:
        return _pbkdf2(costs[1:], is_strict=is_strict)
    if method == "scrypt":
        return _scrypt(costs, is_strict=is_strict)
    return "应为 scrypt、scrypt:32768:8:1 或 pbkdf2:sha256:1000000 这样的写法"


def _pbkdf2(costs: Sequence[str], *, is_strict: bool) -> Fault:
    least, most = PBKDF2_ROUNDS
    least = least if is_strict else 1
    if not costs:
        return None
    fits = len(costs) == 1 and _is_number(costs[0]) and least <= int(costs[0]) <= most
    return None if fits else f"pbkdf2:sha256 的迭代次数应为 {least} 至 {most} 的整数"


def _scrypt(costs: Sequence[str], *, is_strict: bool) -> Fault:
    if not costs:
        return None
    told = "scrypt 应写成 scrypt:N:r:p，N 为 2 的幂"
    if len(costs) != 3 or not all(map(_is_number, costs)):
        return told
    n, r, p = map(int, costs)
    if n < 2 or n & (n - 1) or r < 1 or p < 1 or 128 * n * r * p > SCRYPT_MOST_BYTES:
        return f"{told}，r、p 至少为 1，128×N×r×p 不超过 1 GiB"
    if is_strict and (n < SCRYPT_LEAST_COST or r < SCRYPT_LEAST_BLOCK):
        return f"生产环境的 scrypt 至少为 scrypt:{SCRYPT_LEAST_COST}:{SCRYPT_LEAST_BLOCK}:1"
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def data_keys(value: str) -> Fault:
    """Keys that chance made, each once."""
    seen = set()
    for part in value.split(",") if value else ():
        try:
            key = base64.b64decode(part, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not KEY_BYTES[0] <= len(key) <= KEY_BYTES[1]:
            return "必须是至少 32 字节密钥的 Base64，新旧密钥以逗号分隔"
        if len(set(key)) < FEWEST_SIGNS or is_made_up(key, len(key) // 2):
            return "中有不是随机生成的密钥（全零、重复或有规律），请用 openssl rand -base64 32 生成"
        if key in seen:
            return "中有两个相同的密钥"
        seen.add(key)
    return None


def is_made_up(text: bytes, longest_period: int) -> bool:
    """Whether it repeats itself or counts up or down, as what somebody typed does and chance does not."""
    steps = {(after - before) % 256 for before, after in pairwise(text)}
    repeats = any(text == (text[:n] * len(text))[: len(text)] for n in range(1, longest_period + 1))
    return len(steps) <= 1 or repeats


def secret_key(value: str) -> Fault:
    """What signs cookies."""
    known = {"change", "secret", "password", "default", "example"}
    is_weak = len(value) < 32 or len(set(value)) < 8 or is_made_up(value.encode(), SHORT_PERIOD)
    is_known = any(len(value.lower().replace(word, "")) * 2 < len(value) for word in known)
    return "至少 32 个随机字符" if is_weak or is_known else None


def first_password(value: str) -> Fault:
    """The notice's own is what everybody registers with; another one must be worth the change."""
    least, most = FIRST_PASSWORD
    if value == NOTICES_PASSWORD:
        return None
    is_typed = least <= len(value) <= most and value.isascii() and value.isprintable() and " " not in value
    is_worthless = value.lower() in WELL_KNOWN or len(set(value)) < 4 or is_made_up(value.encode(), 4)
    if is_typed and not is_worthless:
        return None
    return f"应为 {least} 至 {most} 个英文字母、数字或符号，不能太简单"


def administrators_password(value: str) -> Fault:
    """As a member of staff's."""
    weak = weakness(value, is_staff=True, known=()) if value else None
    return None if weak is None else "至少 12 位，不能是常见密码"


def web_address(value: str) -> Fault:
    """http(s)://host[:port][/path]."""
    return _address(value, "应为 http:// 或 https:// 开头的完整地址，不含账号、空格和 #")


def _address(value: str, told: str) -> Fault:
    if not value:
        return None
    try:
        parts = urlsplit(value)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return told
    is_host = bool(HOST.fullmatch(host)) or _is_ip(host)
    clean = not re.search(r"\s", value) and not parts.fragment and port != 0
    return None if is_host and clean and "@" not in parts.netloc else told


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def public_address(value: str) -> Fault:
    """The console's own address, to which paths are added."""
    found = web_address(value)
    is_bare = bool(value) and urlsplit(value).path in ("", "/") and not urlsplit(value).query
    return found or (None if is_bare else "应为不带路径的完整地址")


def database(value: str) -> Fault:
    """SQLAlchemy's address of a file or a database."""
    if not value:
        return None
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        return "应为 sqlite:///文件 或 postgresql+psycopg://用户:密码@主机/库名"
    if url.get_backend_name() == "sqlite":
        is_file = bool(url.database) and url.database != ":memory:" and not url.host
        return None if is_file else "应为 sqlite:///文件：要有文件名，内存库不保存任何内容"
    return None if url.database else "缺少库名：postgresql+psycopg://用户:密码@主机/库名"


def storage(value: str) -> Fault:
    """Where scans lie."""
    parts = urlsplit(value)
    if not value or (parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/")):
        return None
    return "：本版本不支持 s3:// 存储，请改用 file:///绝对路径" if parts.scheme == "s3" else "应为 file:///绝对路径"


def file_or_redis(value: str) -> Fault:
    """A plain path, the address of a file, or redis."""
    if "://" not in value:
        return None
    scheme = value.partition("://")[0]
    if scheme.startswith("redis"):
        path = urlsplit(value).path.strip("/")
        return _redis(value) or (
            None if not path or _is_number(path) else "redis 地址的末尾应为库号，如 redis://主机:6379/0"
        )
    if scheme == "memory":
        return None
    return None if urlsplit(value).path.strip("/") and not urlsplit(value).netloc else "应为文件的绝对路径"


def _redis(value: str) -> Fault:
    try:
        parts = urlsplit(value)
        is_good = bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", value)
    except ValueError:
        is_good = False
    return None if is_good else "应为 redis://主机:端口/库号"


def hosts(value: Sequence[str]) -> Fault:
    """Names without scheme, port or path."""
    good = all(HOST.fullmatch(name) or _is_ip(name.strip("[]")) for name in value)
    return None if good else "应为以逗号分隔的主机名，不含协议、端口和路径，也不能用 *"


def bind_address(value: str) -> Fault:
    """Where the web server listens."""
    return None if HOST.fullmatch(value) or _is_ip(value) else "应为 IP 地址或主机名，端口写在 YHT_PORT"


def bureau_code(value: str) -> Fault:
    """Six digits, or nothing."""
    return None if not value or re.fullmatch(r"[0-9]{6}", value) else "应为 6 位行政区划代码"


ALWAYS: Mapping[str, Callable[[Any], Fault]] = {
    **dict.fromkeys(
        ("login_limit_account", "login_limit_address", "login_limit_spray", "register_limit", "lookup_limit",
         "api_limit", "api_key_limit"), limit,
    ),
    **dict.fromkeys(("province_url", "municipal_url", "sms_url"), web_address),
    "public_url": public_address, "database_url": database, "storage_url": storage, "ratelimit_url": file_or_redis,
    "queue_url": file_or_redis, "trusted_hosts": hosts, "host": bind_address, "data_key": data_keys,
    "admin_bureau": bureau_code,
}  # fmt: skip
IN_PRODUCTION: Mapping[str, Callable[[Any], Fault]] = {
    "initial_password": first_password, "admin_password": administrators_password,
}  # fmt: skip


def faults(values: Mapping[str, Any], *, is_production: bool) -> Iterator[tuple[str, str]]:
    """Name and fault of every setting that is well formed and still cannot be right."""
    rules = {**ALWAYS, **(IN_PRODUCTION if is_production else {})}
    for name, value in values.items():
        found = plain_text(value) if isinstance(value, str) else None
        if found is None and name in rules:
            found = rules[name](value)
        if found is None and name == "password_hash":
            found = password_hash(value, is_strict=is_production)
        if found is not None:
            yield name, found
    if values["session_idle_minutes"] > values["session_absolute_hours"] * 60:
        yield "session_idle_minutes", "不能长于 YHT_SESSION_ABSOLUTE_HOURS"
