"""Sentences of the domain in the reader's language."""

from flask_babel import gettext

from app.domain.errors import Sentence
from app.domain.fields import Label
from app.domain.terms import TERMS

VOCABULARY = frozenset(TERMS.values())


def translate(sentence: Sentence | str) -> str:
    """The sentence with its values; sentences and words of our vocabulary among them are translated too."""
    if isinstance(sentence, str):
        return gettext(sentence)
    values = {name: _inside(value) for name, value in sentence.values.items()}
    return gettext(sentence.message, **values) if values else gettext(sentence.message)


def _inside(value: object) -> object:
    if isinstance(value, Sentence):
        return translate(value)
    return gettext(str(value)) if isinstance(value, Label) or value in VOCABULARY else value
