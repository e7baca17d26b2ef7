"""Whole records as drafts: what is judged, what is ignored, and what one field demands of another."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.fields import ENTERPRISE, PROJECT, REGISTRATION, UNIT_WORK, judge, missing


@pytest.mark.parametrize("table", [PROJECT, REGISTRATION, UNIT_WORK], ids=lambda table: table.name)
def test_good_input_has_no_problem(check, table):
    assert check(table)[1] == {}


def test_good_project_can_be_submitted(check, codes, today):
    values, _ = check(PROJECT)

    assert missing(PROJECT, values) == ()
    assert judge(PROJECT, values, codes=codes, today=today) == ()


def test_draft_of_a_project_needs_its_name_only(judged):
    assert judged(PROJECT, {"name": "演示"}) == ({"name": "演示"}, {})
    assert judged(PROJECT, {"name": " 无 "})[1] == {"name": "请填写项目名称。"}
    assert judged(PROJECT, {})[1] == {"name": "请填写项目名称。"}


def test_draft_of_an_enterprise_needs_nothing(judged):
    assert judged(ENTERPRISE, {}) == ({}, {})


def test_inputs_nobody_asked_for_are_ignored(check, inputs):
    values, problems = check(PROJECT, status="approved", number="3202812611230101", organization_id=7)

    assert problems == {}
    assert set(values) == set(inputs["project"])


def test_what_cannot_be_read_is_not_among_the_values(check):
    values, problems = check(PROJECT, approved_on="yesterday")

    assert "approved_on" not in values
    assert set(problems) == {"approved_on"}


def test_problems_stand_in_page_order_one_per_field(judged):
    wrong = {"planned_start_on": "x", "name": "", "use_code": "zz", "approved_on": "2030-01-01", "email": "@"}

    assert list(judged(PROJECT, wrong)[1]) == ["name", "use_code", "email", "approved_on", "planned_start_on"]


def test_finish_may_not_lie_before_start(check):
    _, problems = check(PROJECT, planned_start_on="2027-03-01", planned_finish_on="2026-12-31")

    assert problems == {"planned_finish_on": "计划竣工（2026-12-31）早于计划开工（2027-03-01），请改正其中一个。"}


def test_work_may_finish_on_the_day_it_starts(check):
    assert check(PROJECT, planned_finish_on="2027-03-01")[1] == {}


@pytest.mark.parametrize(
    ("category", "use", "fits"),
    [
        ("01", "301", True),
        ("02", "014", True),
        ("99", "301", True),
        ("99", "014", True),
        ("01", "014", False),
        ("02", "301", False),
    ],
)
def test_use_belongs_to_its_category(check, category, use, fits):
    _, problems = check(PROJECT, category_code=category, use_code=use)

    assert ("use_code" in problems) is not fits


def test_use_alone_is_not_judged_by_a_category_not_yet_chosen(judged):
    assert judged(PROJECT, {"name": "演示", "use_code": "014", "category_code": ""})[1] == {}


@pytest.mark.parametrize(
    ("document", "number", "taken"),
    [
        ("1", "320281190001010010", True),
        ("1", "320281190001010011", False),
        ("3", "E12345678", True),
        ("1", "E12345678", False),
    ],
)
def test_resident_card_number_is_checked_other_documents_are_not(check, document, number, taken):
    _, problems = check(
        ENTERPRISE,
        legal_representative_id_type=document,
        legal_representative_id_number=number,
    )

    assert ("legal_representative_id_number" not in problems) is taken


def test_values_come_back_typed(check):
    values, _ = check(PROJECT, is_major="1", remarks="")

    assert values["approved_on"] == date(2026, 10, 8)
    assert values["investment_10k_cny"] == Decimal("6240.5")
    assert values["is_major"] is True
    assert values["remarks"] is None
