"""The tables themselves: named as FIELDS has them, every condition and check naming a field that exists."""

import pytest

from app.domain.fields import CONTACT, ENTERPRISE, PROJECT, REGISTRATION, RENAME, SUBMISSION, UNIT_WORK, FieldKind
from app.domain.fields.field import AllOf, AnyOf, Blank, Constant, When

TABLES = [REGISTRATION, CONTACT, RENAME, ENTERPRISE, PROJECT, UNIT_WORK, SUBMISSION]
FIELDS = [pytest.param(table, field, id=f"{table.name}.{field.name}") for table in TABLES for field in table]

NAMES = {
    "registration": ("org_code uscc name unit_kind contact_name contact_mobile contact_phone email privacy_consent"),
    "contact": "contact_name contact_mobile contact_phone email",
    "rename": "name org_code uscc effective_on reason",
    "enterprise": (
        "name org_code uscc unit_kind registration_type_code license_number region_code address postal_code "
        "legal_representative legal_representative_id_type legal_representative_id_number "
        "legal_representative_phone registered_capital_10k currency_code established_on contact_name "
        "contact_mobile office_phone fax email website remarks"
    ),
    "project": (
        "name category_code construction_nature_code use_code region_code address longitude latitude "
        "approval_kind approval_document_number approval_authority approved_on approval_level_code "
        "investment_project_code land_permit_number planning_permit_number funding_nature_code "
        "funding_source state_funding_percent investment_10k_cny floor_area_m2 length_m scale is_major "
        "planned_start_on planned_finish_on contact_name contact_mobile email remarks"
    ),
    "unit_work": (
        "name category_code use_code structure_code investment_10k_cny floor_area_m2 floor_area_above_m2 "
        "floor_area_below_m2 length_m floors_above floors_below height_m span_m scale seismic_code "
        "planned_start_on planned_finish_on"
    ),
    "submission": "truthfulness_declared",
}


def fields_named_by(condition):
    if isinstance(condition, AllOf | AnyOf):
        return {name for part in condition.conditions for name in fields_named_by(part)}
    return {condition.field} if isinstance(condition, When | Blank) else set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_table_asks_exactly_what_fields_lists(table):
    assert sorted(table.names) == sorted(NAMES[table.name].split())
    assert len(set(table.names)) == len(table.names)


@pytest.mark.parametrize(("table", "field"), FIELDS)
def test_conditions_name_fields_of_their_own_table(table, field):
    assert fields_named_by(field.required) <= set(table.names)
    assert isinstance(field.required, Constant | When | Blank | AllOf | AnyOf)


@pytest.mark.parametrize(("table", "field"), FIELDS)
def test_field_carries_what_its_kind_needs(table, field):
    assert field.label
    assert field.width in ("half", "third", "wide")
    assert (field.kind is FieldKind.CODE) == (field.dictionary is not None)
    assert (field.kind is FieldKind.CHOICE) == bool(field.choices)
    if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.EMAIL, FieldKind.URL, FieldKind.PHONE):
        assert field.max_length


@pytest.mark.parametrize(("table", "field"), FIELDS)
def test_identity_and_telephone_numbers_are_personal(table, field):
    private = field.kind in (FieldKind.ID_NUMBER, FieldKind.MOBILE)
    assert field.personal or not private


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_checks_and_draft_rules_name_fields_of_their_own_table(table):
    named = {
        getattr(check, part)
        for check in table.checks
        for part in ("earlier", "later", "field", "parent", "org_code", "uscc", "number", "document_type")
        if hasattr(check, part)
    }
    assert named | set(table.draft_required) <= set(table.names)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_sections_hold_every_field_once_in_page_order(table):
    assert [field for _, fields in table.sections() for field in fields] == list(table.fields)


def test_codes_and_name_of_an_enterprise_are_locked_to_the_organization():
    assert [field.name for field in ENTERPRISE if field.locked] == ["name", "org_code", "uscc", "unit_kind"]


def test_field_that_does_not_exist_is_not_found():
    with pytest.raises(KeyError):
        PROJECT.field("number")
