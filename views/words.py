"""Sentences of the domain in the reader's language."""

from typing import Any

from flask_babel import get_locale, gettext, pgettext

from app.domain.errors import Sentence
from app.domain.fields import Label, Labels, Named
from app.domain.terms import TERMS, Status

VOCABULARY = frozenset(TERMS.values())


def translate(sentence: Sentence | str) -> str:
    """The sentence with its values; sentences and words of our vocabulary among them are translated too."""
    if isinstance(sentence, str):
        return gettext(sentence)
    values = {name: _inside(name, value) for name, value in sentence.values.items()}
    return gettext(sentence.message, **values) if values else gettext(sentence.message)


def is_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def in_language(row: Any) -> str:
    """The name of a row that an officer keeps in both languages, in the reader's."""
    named: str = row.label_zh if is_chinese() else row.label_en
    return named


def state(word: str) -> str:
    """A state in the reader's language: 审核通过 is also an act, which English calls by another word."""
    return pgettext("state", word) if word == TERMS[Status.APPROVED] else gettext(word)


def _inside(name: str, value: object) -> object:
    if isinstance(value, Sentence):
        return translate(value)
    if isinstance(value, Labels):
        return gettext("、").join(gettext(label) for label in value)
    if isinstance(value, Named):
        return str(value) if is_chinese() else value.english
    if name == "status":
        return state(str(value))
    return gettext(str(value)) if isinstance(value, Label) or value in VOCABULARY else value
