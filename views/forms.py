"""WTForms drawn from the one rule set. The form only carries what was typed; the services judge it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from flask import g, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from app.domain.clock import local_date
from app.domain.fields import Field as Rule
from app.domain.fields import FieldKind, Table
from app.scope import criteria
from app.security.actor import current_actor
from app.security.here import db, now
from app.services import audit, opening
from app.services.reference_tables import Tables, tables
from models.bureau import Bureau
from views.stamps import stamp
from views.words import is_chinese

CHOSEN = frozenset({FieldKind.CODE, FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.REGION, FieldKind.BUREAU})
CITY = "3202"  # districts that this bureau tree takes projects of


def dictionary_choices(kind: str) -> list[tuple[str, str, str | None]]:
    """(code, word, parent) of a dictionary, in its order and the reader's language."""
    chinese = is_chinese()
    found = (entry for entry in _tables().entries if entry.kind == kind and entry.is_active)
    return [(e.code, e.label_zh if chinese else e.label_en, e.parent_code) for e in found]


def region_choices() -> list[tuple[str, str]]:
    """Districts in force today that projects may lie in."""
    today = local_date(now())
    districts = [d for d in _tables().districts if d.code.startswith(CITY) and d.code != f"{CITY}00"]
    return sorted((d.code, f"{d.code} {d.name}") for d in districts if d.is_in_force(today))


def _tables() -> Tables:
    """The reference data, read once per request."""
    if "reference_tables" not in g:
        g.reference_tables = tables(db())
    return cast("Tables", g.reference_tables)


def codes(kind: str) -> Callable[[], list[tuple[str, str]]]:
    """The words of a dictionary that are offered now, for a select of a filter bar."""
    return lambda: [(code, label) for code, label, _parent in dictionary_choices(kind)]


def choices(rule: Rule) -> Callable[[], list[tuple[str, str]]]:
    """The fixed choices of a rule, in words."""
    return lambda: [(code, gettext(label)) for code, label in rule.choices or ()]


def bureau_choices() -> list[tuple[str, str]]:
    """The bureaus in reach, in their order: a tree of few."""
    query = select(Bureau.id, Bureau.name).where(criteria(current_actor(), Bureau)).order_by(Bureau.sort, Bureau.id)
    return [(str(key), name) for key, name in db().execute(query)]


class RuleForm(FlaskForm):
    """A form over a table of rules; `version` tells which state of the row it was drawn from."""

    version = HiddenField()
    base = HiddenField()  # what it was drawn from, input by input (views/stamps.py)
    table: Table

    @classmethod
    def of(cls, table: Table) -> type["RuleForm"]:
        """A form class with one input per rule."""
        members = {rule.name: _field(rule) for rule in table}
        return type(f"{table.name.title()}Form", (cls,), {**members, "table": table})

    @classmethod
    def refresh(cls, obj: Any = None) -> "RuleForm":
        """The form of this request, with its options; of a row, with the row's values."""
        form = cls()
        form.offer()
        if obj is not None:
            form.fill({name: getattr(obj, name, None) for name in cls.table.names})
            form.version.data, form.base.data = str(obj.version), stamp(form)
        return form

    def anew(self) -> "RuleForm":
        """An empty form of this kind, whatever was sent."""
        form = type(self)(formdata=None)
        form.offer()
        return form

    def raw(self) -> dict[str, object]:
        """What was sent, by input name; locked values are never taken from input, an absent tick is a no."""
        ruled = [f for f in self if getattr(f, "rule", None) and not f.rule.locked]
        return {f.name: f.data for f in ruled if f.name in request.form or f.rule.kind == FieldKind.BOOLEAN}

    def fill(self, values: Mapping[str, object]) -> None:
        """Show stored values: personal ones masked, locked ones as text."""
        shown = audit.masked({f.name: values.get(f.name) for f in self if getattr(f, "rule", None)}) or {}
        for field in self:
            rule = getattr(field, "rule", None)
            if rule is None or field.name not in values:
                continue
            value = shown[field.name] if rule.personal else values[field.name]
            field.data = as_input(rule, value)
            if rule.locked:
                field.shown = word(rule, values[field.name])

    def offer(self) -> None:
        """Give every choice its options in the reader's language."""
        for field in self:
            rule = getattr(field, "rule", None)
            if rule is not None and rule.kind in CHOSEN:
                field.choices = options(rule)
            if rule is not None and rule.kind == FieldKind.BUREAU:
                field.control = "select"  # few or many, a bureau is chosen the same way
            if rule is not None:
                field.label.text = gettext(rule.label)


def _field(rule: Rule) -> Any:
    maker: dict[FieldKind, Any] = {
        FieldKind.BOOLEAN: RuledBoolean,
        FieldKind.LONG_TEXT: RuledText,
        FieldKind.CODE: RuledSelect,
        FieldKind.CHOICE: RuledSelect,
        FieldKind.CHOICES: RuledMultiple,
        FieldKind.BUREAU: RuledSelect,
        FieldKind.REGION: RuledSelect,
    }
    return maker.get(rule.kind, RuledInput)(rule.label, rule=rule)


class Ruled:
    """Carries the rule, so that the template can show unit, help and example."""

    def __init__(self, label: str | None = None, *, rule: Rule, **kwargs: Any) -> None:
        self.rule = rule
        super().__init__(label, **kwargs)  # type: ignore[call-arg]


class RuledInput(Ruled, StringField):
    """One line, kept exactly as typed."""


class RuledText(Ruled, TextAreaField):
    """Several lines, kept exactly as typed."""


class RuledBoolean(Ruled, BooleanField):
    """A tick."""


class RuledSelect(Ruled, SelectField):
    """One of the options; the rule set judges the choice, not the widget."""

    def __init__(self, label: str | None = None, *, rule: Rule, **kwargs: Any) -> None:
        super().__init__(label, rule=rule, choices=[], validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """The rule set does it."""


class RuledMultiple(Ruled, SelectMultipleField):
    """Several of the options, as tick boxes; the rule set judges them."""

    def __init__(self, label: str | None = None, *, rule: Rule, **kwargs: Any) -> None:
        super().__init__(label, rule=rule, choices=[], validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """The rule set does it."""


def as_input(rule: Rule, value: Any) -> Any:
    """A stored value as its input holds it."""
    if rule.kind == FieldKind.BOOLEAN:
        return bool(value)
    return list(value or ()) if rule.kind == FieldKind.CHOICES else plain(value)


def options(rule: Rule) -> Any:
    """Options of a choice; uses are grouped by the category they belong to."""
    if rule.kind == FieldKind.REGION:
        closed = opening.closed_regions(db())
        return [("", gettext("请选择")), *((code, name) for code, name in region_choices() if code not in closed)]
    if rule.kind == FieldKind.BUREAU:
        return [("", gettext("请选择")), *bureau_choices()]
    if rule.kind == FieldKind.CHOICES:
        return [(code, gettext(label)) for code, label in rule.choices]
    if rule.choices:
        return [("", gettext("请选择")), *((code, gettext(label)) for code, label in rule.choices)]
    entries = dictionary_choices(rule.dictionary or "")
    if not any(parent for _, _, parent in entries):
        return [("", gettext("请选择")), *((code, label) for code, label, _ in entries)]
    return _grouped(entries)


def _grouped(entries: Iterable[tuple[str, str, str | None]]) -> dict[str, list[tuple[str, str]]]:
    titles = {code: label for code, label, _ in dictionary_choices("category_code")}
    groups: dict[str, list[tuple[str, str]]] = {"": [("", gettext("请选择"))]}
    for code, label, parent in entries:
        groups.setdefault(titles.get(parent or "", parent or ""), []).append((code, label))
    return groups


def plain(value: object) -> str:
    """A stored value as an input shows it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize() if value == value.to_integral() else value, "f")
    return str(value)


def word(rule: Rule, value: object) -> str:
    """A stored value in words for reading: codes as their labels, money and areas with their places."""
    if value is None or value == "":
        return ""
    if rule.kind == FieldKind.BOOLEAN:
        return gettext("是") if value else gettext("否")
    if rule.kind == FieldKind.BUREAU:
        return bureau_name(value)
    if rule.kind == FieldKind.CHOICES:
        words = dict(rule.choices)
        return gettext("、").join(gettext(words.get(one, one)) for one in cast("list[str]", value))
    if rule.choices:
        return gettext(dict(rule.choices).get(str(value), str(value)))
    if rule.kind == FieldKind.CODE:
        return label_of(rule.dictionary or "", str(value))
    if rule.kind in (FieldKind.REGION, FieldKind.DIVISION):
        return region_name(str(value))
    if isinstance(value, Decimal):
        return f"{value:,.{rule.scale}f}" + (f" {gettext(rule.unit)}" if rule.unit else "")
    if rule.personal:
        return str((audit.masked({rule.name: value}) or {})[rule.name])
    return plain(value)


def label_of(kind: str, code: str) -> str:
    """The word of a code in the reader's language, also of one that is no longer offered."""
    if "labels" not in g:  # a list asks for every row
        chinese, english = _tables().labels
        g.labels = chinese if is_chinese() else english
    labels: dict[tuple[str, str], str] = g.labels
    return labels.get((kind, code), code)


def region_name(code: str) -> str:
    """Code and name of a district, also of one that has gone."""
    name = _tables().names_of_districts.get(code)
    return f"{code} {name}" if name else code


def bureau_name(key: object) -> str:
    """The name of a bureau, all names in one query per request."""
    if "bureau_names" not in g:
        g.bureau_names = dict(map(tuple, db().execute(select(Bureau.id, Bureau.name))))
    return cast("dict[object, str]", g.bureau_names).get(key, "")


def district(code: str) -> str:
    """The name of a district without its code, for the plate; the code's own word where there is none."""
    return _tables().names_of_districts.get(code) or gettext("区划")


def category(code: str) -> str:
    """The word of a 项目分类, for the plate."""
    word_of_it = label_of("category_code", code)
    return gettext("分类") if word_of_it == code else word_of_it
