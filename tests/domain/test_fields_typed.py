"""JSON for the rule set: the schema names what the rule set asks, and both refuse the same."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fields import CodeTables, FieldKind, Table, clean
from app.domain.fields.field import ALWAYS, Field
from app.domain.fields.matter import RECORDS
from app.domain.fields.typed import mistyped, schema_of, type_of
from app.domain.matters import Matter

TODAY = date(2026, 11, 23)
VALUES: dict[str, list[Any]] = {
    "string": ["x"], "integer": [1], "boolean": [True], "array": [[]], "object": [{}], "number": [object()],
}  # fmt: skip


@pytest.mark.parametrize("matter", Matter)
def test_the_schema_asks_for_what_the_table_asks_for(matter: Matter) -> None:
    table, schema = RECORDS[matter], schema_of(RECORDS[matter])

    assert tuple(schema["properties"]) == table.names
    assert schema["required"] == [field.name for field in table if field.required is ALWAYS]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("matter", Matter)
def test_a_value_of_another_type_is_refused_for_every_field(matter: Matter) -> None:
    table = RECORDS[matter]
    for field in table:
        for kind, values in VALUES.items():
            found = mistyped(table, {field.name: values[0]})
            assert bool(found) == (kind != type_of(field)), (field.name, kind)


def test_what_is_unknown_is_named_and_null_is_empty() -> None:
    table = RECORDS[Matter.TENDER]

    assert [problem.field for problem in mistyped(table, {"status": "done", "agency": None})] == ["status"]


AMOUNT = Field("amount", "金额", FieldKind.DECIMAL, digits=6, scale=2, minimum=None)


@given(text=st.one_of(st.from_regex(r"[0-9]{1,6}(\.[0-9]{0,4})?", fullmatch=True), st.text(max_size=6)))
def test_a_quantity_that_fits_the_schema_is_one_that_the_rule_set_reads(text: str) -> None:
    table = Table("t", (AMOUNT,))
    pattern = schema_of(table)["properties"]["amount"]["pattern"]

    if re.fullmatch(pattern.strip("^$"), text):
        assert clean(table, {"amount": text}, codes=CodeTables({}), today=TODAY).problems == ()
