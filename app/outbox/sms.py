"""The SMS gateway (短信网关) over HTTP and JSON. It knows the gateway's contract, not why a text is sent."""

from typing import Any, Protocol
from urllib.parse import urljoin

from app.domain.errors import say
from app.domain.terms import N_
from app.outbox.http import UNREADABLE, HttpChannel, Reply
from app.outbox.parcel import NO_REASON, DeliveryFailed, Parcel, presentable

REFUSED = N_("短信网关拒绝发送（%(status)s）：%(reason)s")
BUSY = N_("短信网关暂时不能接收（%(status)s），稍后自动重试。")
_ASK_AGAIN = frozenset({408, 425, 429})


class SmsSettings(Protocol):
    """The settings that say whom we speak to; config.py has them."""

    @property
    def sms_url(self) -> str | None: ...
    @property
    def province_url(self) -> str | None: ...
    @property
    def municipal_url(self) -> str | None: ...
    @property
    def profile(self) -> str: ...


class SmsGateway:
    """Sends one text message per call; the Idempotency-Key lets the gateway recognise a repeat."""

    def __init__(self, channel: HttpChannel, url: str) -> None:
        self._channel = channel
        self._url = send_url(url)

    def __call__(self, parcel: Parcel) -> str:
        """The gateway's id of the message; raises DeliveryFailed."""
        message = {"key": parcel.key, "mobile": parcel.payload["mobile"], "text": parcel.payload["text"]}
        reply = self._channel.post_json(self._url, message, {"Idempotency-Key": parcel.key})
        if not 200 <= reply.status < 300:
            raise _unwell(reply)
        return _acknowledged(reply)


def http_channel(settings: SmsSettings, **limits: Any) -> HttpChannel:
    """The channel to the hosts that the settings name; this machine only in demo and dev."""
    urls = (settings.sms_url, settings.province_url, settings.municipal_url)
    return HttpChannel([str(url) for url in urls if url], loopback=settings.profile in ("demo", "dev"), **limits)


def send_url(url: str) -> str:
    """The gateway's `/send`, whether the setting names the gateway or that very address."""
    return url if url.rstrip("/").endswith("/send") else url.rstrip("/") + "/send"


def fetch_simulated_messages(settings: SmsSettings) -> list[dict[str, Any]]:
    """What the simulated gateway has received, newest first; raises DeliveryFailed when it does not run."""
    reply = http_channel(settings).get(urljoin(send_url(str(settings.sms_url)), "messages"))
    messages = reply.json()
    if reply.status != 200 or not isinstance(messages, list):
        raise DeliveryFailed(say(UNREADABLE), transient=True)
    return messages


def set_simulator_mode(settings: SmsSettings, mode: str, seconds: float | None = None) -> None:
    """Tell the simulated gateway how to behave; raises DeliveryFailed when it does not."""
    wanted = {"mode": mode} if seconds is None else {"mode": mode, "seconds": seconds}
    reply = http_channel(settings).post_json(urljoin(send_url(str(settings.sms_url)), "mode"), wanted)
    if reply.status != 200:
        raise DeliveryFailed(say(REFUSED, status=reply.status, reason=_reason(reply)), transient=False)


def _unwell(reply: Reply) -> DeliveryFailed:
    if 400 <= reply.status < 500 and reply.status not in _ASK_AGAIN:
        return DeliveryFailed(say(REFUSED, status=reply.status, reason=_reason(reply)), transient=False)
    return DeliveryFailed(say(BUSY, status=reply.status), transient=True, retry_after=reply.retry_after)


def _acknowledged(reply: Reply) -> str:
    answer = reply.json()
    if not isinstance(answer, dict):
        raise DeliveryFailed(say(UNREADABLE), transient=True)
    if answer.get("accepted") is False:
        raise DeliveryFailed(say(REFUSED, status=reply.status, reason=_reason(reply)), transient=False)
    reference = answer.get("id")
    if answer.get("accepted") is not True or not isinstance(reference, str) or not 0 < len(reference) <= 100:
        raise DeliveryFailed(say(UNREADABLE), transient=True)
    return reference


def _reason(reply: Reply) -> str:
    try:
        answer = reply.json()
    except DeliveryFailed:
        return NO_REASON
    words = answer.get("message") if isinstance(answer, dict) else None
    return (presentable(words) if isinstance(words, str) else "") or NO_REASON
