"""What delivery wrote down in Chinese, in the reader's language: stored filled in, so known again by its pattern."""

import re
from functools import lru_cache

from app.domain import exchange
from app.domain.errors import Sentence
from app.domain.exchange import row as of_rows
from app.domain.fields import Label
from app.outbox import attempts, deliver, http, replies, sms
from views.words import is_chinese, translate

_PLACE = re.compile(r"%\((\w+)\)s")
_MODULES = (of_rows, attempts, deliver, http, replies, sms)
_LABELS = frozenset(column.label for column in exchange.TBPROJECTINFO)


def reworded(text: str | None) -> str:
    """The sentence in the reader's language; one that is not known stays as it is."""
    if not text or is_chinese():
        return text or ""
    for pattern, message in _patterns():
        found = pattern.fullmatch(text)
        if found:
            values = {name: _value(value) for name, value in found.groupdict().items()}
            return translate(Sentence(message, values))
    return text


def _value(text: str) -> object:
    if text in _LABELS:
        return Label(text)
    return reworded(text)


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Every sentence that these modules name, the longest first."""
    named = {value for module in _MODULES for name, value in vars(module).items() if _is_sentence(name, value)}
    return [(_pattern(message), message) for message in sorted(named, key=len, reverse=True)]


def _is_sentence(name: str, value: object) -> bool:
    return name.isupper() and isinstance(value, str) and not value.isascii()


def _pattern(message: str) -> re.Pattern[str]:
    parts = _PLACE.split(message)  # text, name, text, …
    return re.compile("".join(f"(?P<{part}>.*?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.S)
