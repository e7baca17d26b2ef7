"""The words of delivery: what kinds there are, where a message stands, what a sender gets and may raise."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.domain.errors import Sentence
from app.domain.terms import N_

_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}")


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


GIVEN_UP = (State.FAILED, State.EXPIRED)  # ended without being taken
PUSHES = (Channel.PROVINCE_PUSH, Channel.MUNICIPAL_PUSH)  # records to other systems, kept in the ledger


@dataclass
class Trace:
    """What one attempt said and heard, as a person may read it: no password in it. The sender fills it in."""

    sent: str = ""
    answered: str = ""
    code: str = ""


@dataclass(frozen=True)
class Parcel:
    """One message on its way. The key is the same on every attempt, so the other side can tell a repeat."""

    key: str
    payload: Mapping[str, Any]
    trace: Trace = field(default_factory=Trace, compare=False)
    go_on: Callable[[], None] = field(
        default=lambda: None, compare=False
    )  # before each further row: still ours to send?


Sender = Callable[[Parcel], str]
"""Hands one parcel over and returns the other side's reference; raises DeliveryFailed."""


class DeliveryFailed(Exception):
    """Not delivered, or nobody can tell. `transient` means that another attempt may help.

    `is_own` marks what we found ourselves before anything was sent: the other side refused nothing.
    """

    def __init__(
        self, sentence: Sentence, *, transient: bool, retry_after: timedelta | None = None, is_own: bool = False
    ) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.transient = transient
        self.retry_after = retry_after
        self.is_own = is_own


NO_REASON = N_("没有说明原因")


def presentable(text: str, longest: int = 200) -> str:
    """Foreign text for a log or a screen: one line, so many characters at most, no long numbers."""
    plain = unicodedata.normalize("NFKC", text[: 4 * longest])
    plain = "".join(char if char.isprintable() else " " for char in plain)
    return _LONG_NUMBER.sub("***", plain)[:longest].strip()
