"""The simulated receivers' own buttons: what they have got, and telling them how to behave. Nothing real has these."""

from typing import Any
from urllib.parse import urljoin

from app.domain.errors import say
from app.outbox.http import UNREADABLE
from app.outbox.parcel import DeliveryFailed
from app.outbox.sms import SmsSettings, http_channel


def fetch_register(settings: SmsSettings, url: str) -> dict[str, Any]:
    """Its mode and its deliveries, newest first; raises DeliveryFailed when it does not run."""
    reply = http_channel(settings, largest_kilobytes=1024).get(urljoin(url, "/register"))
    answer = reply.json()
    if reply.status != 200 or not isinstance(answer, dict) or not isinstance(answer.get("deliveries"), list):
        raise DeliveryFailed(say(UNREADABLE), transient=True)
    return answer


def set_mode(settings: SmsSettings, url: str, wanted: dict[str, Any]) -> None:
    """Tell it how to behave; raises DeliveryFailed when it does not."""
    reply = http_channel(settings).post_json(urljoin(url, "/mode"), wanted)
    if reply.status != 200:
        raise DeliveryFailed(say(UNREADABLE), transient=False)
