"""The product's only HTTP client: fixed hosts, one deadline, no redirects, TLS checked, bounded answers."""

import json
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import httpcore
import httpx

from app.domain.errors import say
from app.domain.terms import N_
from app.outbox.network import DeadlineBackend
from app.outbox.parcel import DeliveryFailed

UNREACHABLE = N_("对方系统暂时无法连接，稍后自动重试。")
TOO_SLOW = N_("对方系统在 %(seconds)s 秒内没有答复，稍后自动重试。")
TOO_LARGE = N_("对方系统的答复超过 %(kilobytes)s KB，不予采信。")
UNREADABLE = N_("对方系统的答复无法识别，不予采信。")
BUSY = N_("对方系统出错（%(status)s），稍后自动重试。")
NOT_ALLOWED = N_("目标地址不在系统设置之内，没有发送。")


@dataclass(frozen=True)
class Reply:
    """What the other side answered, whatever it means."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        """The body as strict JSON; raises DeliveryFailed (another attempt may help) if it is none."""
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise DeliveryFailed(say(UNREADABLE), transient=True) from error

    @property
    def retry_after(self) -> timedelta | None:
        """How long the other side asks to be left alone; a date counts from its own clock, not from ours."""
        wanted = self.headers.get("retry-after", "").strip()
        if wanted.isascii() and wanted.isdigit():
            return timedelta(seconds=min(int(wanted[:9]), 86_400))
        try:
            wait = parsedate_to_datetime(wanted) - parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError):
            return None
        return max(min(wait, timedelta(days=1)), timedelta())


class HttpChannel:
    """Speaks to the hosts of the given addresses and to nobody else."""

    def __init__(
        self,
        urls: Iterable[str],
        *,
        loopback: bool = False,
        deadline: float = 15.0,
        largest_kilobytes: int = 256,
    ) -> None:
        self._hosts = frozenset(_origin(url) for url in urls)
        self._loopback = loopback
        self._deadline = deadline
        self._largest_kilobytes = largest_kilobytes
        # An own authority of the government network comes in by SSL_CERT_FILE; checking is never off.
        self._tls = httpx.create_ssl_context(trust_env=True)

    def get(self, url: str) -> Reply:
        """Fetch one document."""
        return self.send("GET", url)

    def post_json(self, url: str, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """Hand over one JSON document."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return self.send("POST", url, body, {"Content-Type": "application/json", **(headers or {})})

    def send(self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """One exchange; raises DeliveryFailed when there is no usable answer within the deadline."""
        self._check(url)
        # Identity only: what is counted on the wire is then what ends up in memory.
        wanted = {"Accept-Encoding": "identity", "User-Agent": "yht", **(headers or {})}
        try:
            with (
                httpx.Client(transport=self._transport(), trust_env=False, follow_redirects=False) as client,
                client.stream(method, url, content=body, headers=wanted) as response,
            ):
                return self._read(response)
        except httpx.TimeoutException as error:
            raise DeliveryFailed(say(TOO_SLOW, seconds=int(self._deadline)), transient=True) from error
        except (httpx.HTTPError, ssl.SSLError) as error:
            raise DeliveryFailed(say(UNREACHABLE), transient=True) from error

    def _check(self, url: str) -> None:
        try:
            origin = _origin(url)
        except httpx.InvalidURL as error:
            raise DeliveryFailed(say(NOT_ALLOWED), transient=False) from error
        # Plain text is for a simulator on this machine; personal data never leaves it unencrypted.
        allowed_schemes = ("https", "http") if self._loopback else ("https",)
        if origin not in self._hosts or origin[0] not in allowed_schemes:
            raise DeliveryFailed(say(NOT_ALLOWED), transient=False)

    def _transport(self) -> httpx.HTTPTransport:
        transport = httpx.HTTPTransport(verify=self._tls)
        # httpx has no argument for the network below it; httpcore has, and a test holds this seam together.
        transport._pool = httpcore.ConnectionPool(
            ssl_context=self._tls,
            network_backend=DeadlineBackend(seconds=self._deadline, loopback=self._loopback),
        )
        return transport

    def _read(self, response: httpx.Response) -> Reply:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise DeliveryFailed(say(UNREADABLE), transient=True)
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._largest_kilobytes * 1024:
                raise DeliveryFailed(say(TOO_LARGE, kilobytes=self._largest_kilobytes), transient=True)
        return Reply(response.status_code, bytes(body), dict(response.headers))


def _origin(url: str) -> tuple[str, str, int | None]:
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.host, parsed.port


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
