"""The words of delivery: what kinds there are, where a message stands, what a sender gets and may raise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.domain.errors import Sentence


class Channel(StrEnum):
    """Where a message goes; the outbox row's `kind`."""

    SMS = "sms"
    PROVINCE_PUSH = "province_push"
    MUNICIPAL_PUSH = "municipal_push"


class State(StrEnum):
    """Where a message stands; the outbox row's `status`."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Parcel:
    """One message on its way. The key is the same on every attempt, so the other side can tell a repeat."""

    key: str
    payload: Mapping[str, Any]


Sender = Callable[[Parcel], str]
"""Hands one parcel over and returns the other side's reference; raises DeliveryFailed."""


class DeliveryFailed(Exception):
    """Not delivered, or nobody can tell. `transient` means that another attempt may help."""

    def __init__(self, sentence: Sentence, *, transient: bool, retry_after: timedelta | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.transient = transient
        self.retry_after = retry_after
