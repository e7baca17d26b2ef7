"""JSON values for the inputs of the rule set: which type each takes, as a check and as a JSON Schema.

A form sends text alone; a program says what it means, and a figure where words belong is a mistake of its own.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import Problem, say
from app.domain.fields.field import ALWAYS, Field, FieldKind, Label, Table
from app.domain.terms import N_

UNKNOWN = N_("没有这个字段。")
WRONG_TYPE = N_("%(label)s的类型不对，应为 %(type)s。")
NOT_AN_OBJECT = N_("这里应为一个对象。")
_TYPES: Mapping[FieldKind, str] = {
    FieldKind.BOOLEAN: "boolean",
    FieldKind.INTEGER: "integer",
    FieldKind.BUREAU: "integer",
    FieldKind.CHOICES: "array",
}
_PYTHON: Mapping[str, type] = {"boolean": bool, "integer": int, "array": list, "string": str}
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def type_of(field: Field) -> str:
    """The JSON type of an input: days and decimals are text, so that no figure passes through a float."""
    return _TYPES.get(field.kind, "string")


def mistyped(table: Table, given: Mapping[str, object]) -> tuple[Problem, ...]:
    """What is unknown or of another JSON type; null stands for empty."""
    known = set(table.names)
    strange = [Problem(name, say(UNKNOWN)) for name in given if name not in known]
    wrong = [
        Problem(field.name, say(WRONG_TYPE, label=Label(field.label), type=type_of(field)))
        for field in table
        if given.get(field.name) is not None and not _fits(field, given[field.name])
    ]
    return (*strange, *wrong)


def _fits(field: Field, value: object) -> bool:
    asked = type_of(field)
    if asked == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, _PYTHON[asked])


def schema_of(table: Table) -> dict[str, Any]:
    """The object that a program sends for the table, as JSON Schema (2020-12); labels and help are Chinese."""
    asked = [field.name for field in table if field.required is ALWAYS]
    properties = {field.name: property_of(field, may_be_null=field.name not in asked) for field in table}
    return {"type": "object", "additionalProperties": False, "required": asked, "properties": properties}


def property_of(field: Field, *, may_be_null: bool = True) -> dict[str, Any]:
    """One input as JSON Schema."""
    described = field.label + (f"（{field.unit}）" if field.unit else "") + (f"：{field.help}" if field.help else "")
    kind: Any = [type_of(field), "null"] if may_be_null else type_of(field)
    return {"type": kind, "description": described, **_limits(field, may_be_null)}


def _limits(field: Field, may_be_null: bool) -> dict[str, Any]:
    if field.choices and field.kind == FieldKind.CHOICE:
        codes: list[str | None] = [code for code, _ in field.choices]
        return {"enum": [*codes, None] if may_be_null else codes}
    if field.kind == FieldKind.DATE:
        return {"format": "date", "pattern": _DATE}
    if field.kind == FieldKind.DECIMAL:
        whole = field.digits - field.scale
        return {"pattern": rf"^[0-9]{{1,{whole}}}(\.[0-9]{{1,{field.scale}}})?$"}
    if field.kind == FieldKind.INTEGER:
        return {"minimum": int(field.minimum or 0), "maximum": 10**field.digits - 1}
    return _text_limits(field)


def _text_limits(field: Field) -> dict[str, Any]:
    limits: dict[str, Any] = {"maxLength": field.max_length} if field.max_length else {}
    if field.required is ALWAYS:
        limits["minLength"] = field.min_length
    if field.pattern:
        limits["pattern"] = f"^(?:{field.pattern})$"
    return limits
