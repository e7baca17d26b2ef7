"""What a form was drawn from, input by input, as digests that travel in it."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

DIGITS = 10  # of a digest: it tells one value from another, and is no secret's


def stamp(form: Iterable[Any]) -> str:
    """What the form shows now."""
    return " ".join(f"{field.name}:{digest(field.data)}" for field in form if getattr(field, "rule", None))


def known(stamped: str) -> dict[str, str]:
    """The digests of a form that came back, by input name."""
    pairs = (one.partition(":") for one in stamped.split())
    return {name: value for name, _colon, value in pairs}


def digest(data: Any) -> str:
    """Of the value as a browser sends it: line ends of one kind, lists in any order, nothing as an empty text."""
    text = "\n".join(sorted(map(str, data))) if isinstance(data, list) else str(data if data is not None else "")
    return sha256("\n".join(text.splitlines()).strip().encode()).hexdigest()[:DIGITS]
