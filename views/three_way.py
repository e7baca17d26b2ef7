"""Two people at one row: what either of them changed is kept, and where both changed the same, both are shown.

A form says by digests what it was drawn from. So an input that somebody did not touch is told from one that they left
as it should be, and saving again after a conflict does not put an old value over a new one.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from flask import request

from app.domain.fields import FieldKind
from views.forms import RuleForm, word
from views.stamps import digest, known, stamp

SHOWN_IN_WORDS = frozenset({FieldKind.BOOLEAN, FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.CODE})


@dataclass(frozen=True)
class Both:
    """One input on which two people differ; `mine` is None where the later one had not touched it."""

    label: str
    mine: str | None
    theirs: str


def merge(form: RuleForm, theirs: RuleForm, closed: Container[str] = ()) -> list[Both]:
    """Give the inputs that were not touched the values that somebody else has saved; what differs, for both to see."""
    drawn_from, found = known(form.base.data or ""), []
    for field in form:
        if not _is_open(field, closed):
            continue
        saved = theirs[field.name]
        if digest(field.data) == digest(saved.data):
            continue
        is_untouched = drawn_from.get(field.name) == digest(field.data)
        found.append(Both(field.label.text, None if is_untouched else in_words(field), in_words(saved)))
        if is_untouched:
            field.data = saved.data
    form.base.data = stamp(theirs)
    return found


def in_words(field: Any) -> str:
    """What an input holds, in words; what cannot be read stays as it was typed."""
    rule, data = field.rule, field.data
    if rule.kind == FieldKind.BUREAU:
        return dict(field.choices).get(str(data or ""), str(data or "")) if data else ""
    return word(rule, data) if rule.kind in SHOWN_IN_WORDS else str(data or "")


def _is_open(field: Any, closed: Container[str]) -> bool:
    """Whether this input could be filled in at all; an absent tick is a no."""
    rule = getattr(field, "rule", None)
    if rule is None or rule.locked or field.name in closed:
        return False
    return field.name in request.form or rule.kind == FieldKind.BOOLEAN
