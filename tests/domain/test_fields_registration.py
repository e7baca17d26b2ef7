"""Registration has no drafts: complete and consistent, or refused."""

import pytest

from app.domain.fields import REGISTRATION


def test_registration_answers_with_every_field(check, inputs):
    values, problems = check(REGISTRATION)

    assert problems == {}
    assert values == {
        **inputs["registration"],
        "uscc": None,
        "contact_phone": None,
        "email": None,
        "privacy_consent": True,
    }


def test_uscc_brings_the_org_code(check):
    values, problems = check(REGISTRATION, org_code="", uscc="9144030071526726XG")

    assert problems == {}
    assert values["org_code"] == "71526726-X"


def test_both_codes_must_agree(check):
    assert check(REGISTRATION, uscc="9144030071526726XG")[1] == {}

    _, problems = check(REGISTRATION, uscc="914403001922038216")
    assert list(problems) == ["org_code"]
    assert "「19220382-1」" in problems["org_code"]


def test_one_of_the_codes_is_needed(check):
    assert list(check(REGISTRATION, org_code="")[1]) == ["org_code"]


def test_wrong_uscc_is_the_only_problem_when_it_stands_alone(check):
    assert list(check(REGISTRATION, org_code="", uscc="914403001922038217")[1]) == ["uscc"]


@pytest.mark.parametrize("field", ["name", "unit_kind", "contact_name", "contact_mobile", "privacy_consent"])
def test_registration_is_complete_or_refused(judged, inputs, field):
    given = {name: value for name, value in inputs["registration"].items() if name != field}

    assert list(judged(REGISTRATION, given)[1]) == [field]
