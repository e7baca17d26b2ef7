"""What a draft may lack and a submit may not."""

from datetime import date

import pytest

from app.domain.fields import ENTERPRISE, PROJECT, SUBMISSION, UNIT_WORK, judge, missing


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        pytest.param({}, [], id="municipal with length"),
        pytest.param({"length_m": "", "floor_area_m2": "10"}, [], id="municipal with area"),
        pytest.param({"length_m": ""}, ["floor_area_m2", "length_m"], id="municipal with neither"),
        pytest.param({"category_code": "01", "use_code": "301"}, ["floor_area_m2"], id="building without area"),
        pytest.param({"category_code": "99", "length_m": ""}, [], id="other with neither"),
        pytest.param(
            {"planned_start_on": "", "planned_finish_on": "无"},
            ["planned_start_on", "planned_finish_on"],
            id="dates",
        ),
        pytest.param({"longitude": "", "email": "", "remarks": "", "funding_source": ""}, [], id="optional ones"),
    ],
)
def test_project_is_complete_when_its_category_is_served(lacks, changes, names):
    assert lacks(PROJECT, **changes) == names


def test_bare_draft_lacks_every_starred_field():
    optional = {
        "investment_project_code", "is_major", "email", "longitude", "latitude", "land_permit_number",
        "planning_permit_number", "state_funding_percent", "funding_source", "floor_area_m2", "length_m",
        "remarks",
    }  # fmt: skip
    asked_for = {problem.field for problem in missing(PROJECT, {"name": "演示"})}

    assert asked_for == set(PROJECT.names) - optional - {"name"}


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("planned_start_on", "请填写计划开工日期。办理前期手续的，可自行编制。"),
        ("address", "请填写项目地点。"),
        ("category_code", "请选择项目分类。"),
        ("region_code", "请选择项目属地。"),
        ("length_m", "市政工程请填写总长度或总面积，至少一项。"),
    ],
)
def test_missing_value_is_asked_for_in_a_sentence(check, field, says):
    values, _ = check(PROJECT, **{field: ""})

    assert {p.field: str(p.sentence) for p in missing(PROJECT, values)}[field] == says


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        pytest.param({}, [], id="enterprise"),
        pytest.param({"license_number": ""}, ["license_number"], id="enterprise without licence number"),
        pytest.param({"license_number": "", "uscc": "9144030071526726XG"}, [], id="the uscc serves for it"),
        pytest.param(
            {"registration_type_code": "", "registered_capital_10k": "", "currency_code": ""},
            ["registration_type_code", "registered_capital_10k", "currency_code"],
            id="what only an enterprise has",
        ),
        pytest.param(
            {
                "unit_kind": "government", "registration_type_code": "", "registered_capital_10k": "",
                "currency_code": "", "license_number": "",
            },
            [],
            id="and a bureau has not",
        ),
        pytest.param({"legal_representative_phone": "", "fax": "", "website": ""}, [], id="optional ones"),
    ],
)  # fmt: skip
def test_enterprise_is_complete_when_its_kind_is_served(judged, inputs, changes, names):
    given = {**inputs["enterprise"], **changes}
    values, problems = judged(ENTERPRISE, given)

    assert problems == {}
    assert [p.field for p in missing(ENTERPRISE, {**given, **values})] == names


def test_locked_values_are_never_taken_from_input(check):
    values, problems = check(ENTERPRISE, name="改名", org_code="nonsense", unit_kind="other")

    assert problems == {}
    assert not {"name", "org_code", "uscc", "unit_kind"} & set(values)


def test_submit_asks_both_questions_at_once(codes, today):
    values = {"name": "演示", "planned_start_on": date(2027, 3, 1), "planned_finish_on": date(2026, 3, 1)}

    found = {problem.field: str(problem.sentence) for problem in judge(PROJECT, values, codes=codes, today=today)}

    assert found["address"] == "请填写项目地点。"
    assert "早于计划开工" in found["planned_finish_on"]


def test_truthfulness_must_be_declared(judged):
    assert judged(SUBMISSION, {"truthfulness_declared": "on"})[1] == {}
    assert list(judged(SUBMISSION, {})[1]) == ["truthfulness_declared"]


def test_building_unit_names_its_structure_and_area(lacks):
    assert lacks(UNIT_WORK, structure_code="", floor_area_m2="") == [
        "structure_code",
        "floor_area_m2",
    ]
