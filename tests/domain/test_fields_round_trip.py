"""The rules answer whatever they are given; cleaning twice changes nothing; snapshots come back whole."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fields import (
    ENTERPRISE,
    PROJECT,
    REGISTRATION,
    UNIT_WORK,
    clean,
    from_plain,
    missing,
    to_plain,
)

TABLES = [REGISTRATION, ENTERPRISE, PROJECT, UNIT_WORK]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
TYPED_WELL = st.sampled_from(
    [
        "",
        "无",
        "01",
        "014",
        "1",
        "on",
        "320281",
        "2026-03-01",
        "1.5",
        "13800000000",
        "71526726-X",
        "演示 工程",
        "a@b.cn",
    ]
)
RAW = TYPED_WELL | st.text() | st.dates() | st.datetimes() | st.decimals() | JSON


def raw_records(table):
    return st.dictionaries(st.sampled_from((*table.names, "status", "number")), RAW, max_size=len(table.names))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(data=st.data())
def test_no_input_breaks_the_rules(table, data, codes, today):
    raw = data.draw(raw_records(table))

    cleaned = clean(table, raw, codes=codes, today=today)

    assert all(str(problem.sentence) for problem in (*cleaned.problems, *missing(table, cleaned.values)))
    assert len({problem.field for problem in cleaned.problems}) == len(cleaned.problems)
    assert set(cleaned.values) <= set(table.names)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(data=st.data())
def test_cleaning_twice_changes_nothing(table, data, codes, today):
    values = clean(table, data.draw(raw_records(table)), codes=codes, today=today).values

    again = clean(table, values, codes=codes, today=today).values

    assert {name: str(again[name]) for name in values} == {name: str(values[name]) for name in values}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(data=st.data())
def test_snapshot_comes_back_as_it_was(table, data, codes, today):
    values = clean(table, data.draw(raw_records(table)), codes=codes, today=today).values

    stored = json.loads(json.dumps(to_plain(values)))

    assert from_plain(table, stored) == values


def test_plain_form_is_readable():
    values = {"approved_on": date(2026, 10, 8), "investment_10k_cny": Decimal("6240.5000"), "is_major": False}

    assert to_plain(values) == {
        "approved_on": "2026-10-08",
        "investment_10k_cny": "6240.5000",
        "is_major": False,
    }


def test_value_of_an_older_rule_set_stays_as_it_is():
    stored = {"approved_on": "二〇一六年", "investment_10k_cny": "约五千", "gone": 1}

    assert from_plain(PROJECT, stored) == {"approved_on": "二〇一六年", "investment_10k_cny": "约五千"}
