"""Sockets that keep one deadline and only reach addresses an outside service may have. It knows no HTTP."""

import socket
import ssl
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import httpcore

Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


def may_reach(address: str, *, loopback: bool) -> bool:
    """Whether an outside service may live there: any unicast address, this very machine only if told so.

    Private ranges are allowed, the government network uses them; link-local ones hold metadata services.
    """
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    if ip.is_loopback:
        return loopback
    return not (ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved)


class DeadlineBackend(httpcore.NetworkBackend):
    """Resolves, checks what came out and connects to just that address; every wait ends at the deadline."""

    def __init__(self, *, seconds: float, loopback: bool) -> None:
        self._ends_at = time.monotonic() + seconds
        self._loopback = loopback
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Option] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to what one look-up gave: a second one could answer differently (DNS rebinding)."""
        refusal = httpcore.ConnectError("the name has no address")
        for address in self._resolve(host, port):
            seconds = remaining(self._ends_at)
            try:
                stream = self._plain.connect_tcp(address, port, seconds, local_address, socket_options)
            except httpcore.ConnectError as error:
                refusal = error
                continue
            return _DeadlineStream(stream, self._ends_at)
        raise refusal

    def _resolve(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError("the name does not resolve") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not all(may_reach(address, loopback=self._loopback) for address in addresses):
            raise httpcore.ConnectError("the name resolves to an address that no outside service may have")
        return addresses


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose every operation may only use what is left of the whole exchange's time."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float) -> None:
        self._stream = stream
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, remaining(self._ends_at))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, remaining(self._ends_at))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, remaining(self._ends_at))
        return _DeadlineStream(secured, self._ends_at)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def remaining(ends_at: float) -> float:
    """Seconds until the deadline; raises ReadTimeout when it has passed."""
    seconds = ends_at - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the deadline of the whole exchange has passed")
    return seconds
