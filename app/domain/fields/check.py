"""The two questions every door asks: is what was given right, and is anything still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain import identifiers
from app.domain.errors import Problem, Sentence, say
from app.domain.fields.bad import BadValueError
from app.domain.fields.codes import CodeTables
from app.domain.fields.field import Field, FieldKind, Label, Table
from app.domain.fields.parse import Context, parse
from app.domain.terms import N_

_CHOSEN = frozenset(
    {FieldKind.CODE, FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.BUREAU, FieldKind.REGION, FieldKind.BOOLEAN}
)


@dataclass(frozen=True)
class Cleaned:
    """Typed values of what was given (None for empty), and at most one problem per field in page order."""

    values: dict[str, object]
    problems: tuple[Problem, ...]


def clean(table: Table, raw: Mapping[str, object], *, codes: CodeTables, today: date) -> Cleaned:
    """Judge what is given, at draft level; never raises.

    `values` holds the given fields that could be read, without the locked ones; those still count in the
    checks, so a caller that writes part of a record passes the record's other values along. A table
    without drafts answers with every field and judges completeness too.
    """
    given = {field.name: raw.get(field.name) for field in table if table.at_once or field.name in raw}
    values, problems = _read(table, given, Context(codes, today))
    _derive(table, values)
    for check in table.checks:
        problem = check.judge(values, codes, today)
        if problem and not _is_locked(table, problem.field):
            problems.setdefault(problem.field, problem)
    for problem in _unfilled(table, values, problems):
        problems.setdefault(problem.field, problem)
    kept = {name: value for name, value in values.items() if not _is_locked(table, name)}
    return Cleaned(kept, tuple(problems[name] for name in table.names if name in problems))


def missing(table: Table, values: Mapping[str, object]) -> tuple[Problem, ...]:
    """What must still be filled in before the record can be submitted; `values` are typed."""
    return tuple(
        Problem(field.name, missing_sentence(field))
        for field in table
        if values.get(field.name) is None and field.required.holds(values)
    )


def judge(table: Table, values: Mapping[str, object], *, codes: CodeTables, today: date) -> tuple[Problem, ...]:
    """Both questions at once, as a submit asks them; one problem per field, in page order."""
    found = {problem.field: problem for problem in missing(table, values)}
    for problem in clean(table, values, codes=codes, today=today).problems:
        found.setdefault(problem.field, problem)
    return tuple(found[name] for name in table.names if name in found)


def missing_sentence(field: Field) -> Sentence:
    """What to say when a required field is empty."""
    if field.when_missing:
        return say(field.when_missing)
    message = N_("请选择%(label)s。") if field.kind in _CHOSEN else N_("请填写%(label)s。")
    return say(message, label=Label(field.label))


def _read(table: Table, given: Mapping[str, object], context: Context) -> tuple[dict[str, object], dict[str, Problem]]:
    values: dict[str, object] = {}
    problems: dict[str, Problem] = {}
    for field in table:
        if field.name not in given:
            continue
        try:
            values[field.name] = parse(field, given[field.name], context)
        except BadValueError as refusal:
            if not field.locked:
                problems[field.name] = Problem(field.name, refusal.sentence)
    return values, problems


def _derive(table: Table, values: dict[str, object]) -> None:
    """A USCC brings its organization's code with it (FIELDS, registration)."""
    uscc = values.get("uscc")
    if table.at_once and isinstance(uscc, str) and "org_code" in values and values["org_code"] is None:
        values["org_code"] = identifiers.org_code_of_uscc(uscc)


def _unfilled(table: Table, values: Mapping[str, object], problems: Mapping[str, Problem]) -> tuple[Problem, ...]:
    if table.at_once:
        # A field that was filled in wrongly is not an empty one, for itself or for the rules of others.
        return missing(table, {**values, **dict.fromkeys(problems, "")})
    empty = (table.field(name) for name in table.draft_required if values.get(name) is None)
    return tuple(Problem(field.name, missing_sentence(field)) for field in empty)


def _is_locked(table: Table, name: str) -> bool:
    return table.field(name).locked
