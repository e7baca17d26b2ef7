"""A day, the code tables of that day and good input for each form, small enough to read."""

from datetime import date

import pytest
from hypothesis import settings

from app.domain.fields import CodeTables, RegionPeriod, clean, missing

# A busy machine is no reason to fail, and sixty cases a rule keep the suite quick.
settings.register_profile("rules", deadline=None, max_examples=60)
settings.load_profile("rules")


@pytest.fixture(scope="session")
def today() -> date:
    return date(2026, 11, 23)


@pytest.fixture(scope="session")
def codes() -> CodeTables:
    free = dict.fromkeys
    return CodeTables(
        entries={
            "category_code": free(("01", "02", "99")),
            "use_code": {"100": "01", "301": "01", "014": "02", "099": "02"},
            "construction_nature_code": free(("001", "002", "099")),
            "approval_level_code": free(("001", "002", "003", "004")),
            "funding_nature_code": free(("100", "101", "102", "103", "200")),
            "structure_code": free(("001", "003", "099")),
            "seismic_code": free(("001", "002", "003")),
            "id_type": free(("1", "2", "3", "9")),
            "registration_type_code": free(("0150", "0190")),
            "currency_code": free(("1", "2")),
        },
        regions=(
            RegionPeriod("320200", date(1983, 3, 1)),
            RegionPeriod("320281", date(1987, 4, 23)),
            RegionPeriod("320213", date(2015, 10, 13)),
            RegionPeriod("320202", date(1983, 3, 1), date(2016, 2, 19)),
        ),
    )


INPUTS = {
    "project": {
        "name": "演示大道改造工程",
        "category_code": "02",
        "construction_nature_code": "002",
        "use_code": "014",
        "contact_name": "演示经办人",
        "contact_mobile": "13800000000",
        "region_code": "320281",
        "address": "演示大道",
        "approval_kind": "approval",
        "approval_level_code": "004",
        "approval_document_number": "演示〔2026〕30号",
        "approval_authority": "演示发改委",
        "approved_on": "2026-10-08",
        "investment_10k_cny": "6240.5",
        "funding_nature_code": "101",
        "length_m": "2860",
        "scale": "改造道路 2860 米",
        "planned_start_on": "2027-03-01",
        "planned_finish_on": "2028-03-01",
    },
    "enterprise": {
        "name": "演示城市建设有限公司",
        "org_code": "PDY00012-4",
        "uscc": None,
        "unit_kind": "enterprise",
        "registration_type_code": "0150",
        "license_number": "320281000000001",
        "region_code": "320281",
        "address": "演示路 1 号",
        "postal_code": "214400",
        "legal_representative": "演示法人",
        "legal_representative_id_type": "1",
        "legal_representative_id_number": "320281190001010010",
        "registered_capital_10k": "5000",
        "currency_code": "1",
        "established_on": "2010-05-01",
        "contact_name": "演示联系人",
        "contact_mobile": "13800000000",
    },
    "registration": {
        "org_code": "71526726-X",
        "name": "演示城市建设有限公司",
        "unit_kind": "enterprise",
        "contact_name": "演示联系人",
        "contact_mobile": "13800000000",
        "privacy_consent": "on",
    },
    "unit_work": {
        "name": "1 号楼",
        "category_code": "01",
        "use_code": "301",
        "structure_code": "003",
        "floor_area_m2": "1200",
    },
}


@pytest.fixture
def inputs():
    """Good input by the name of its table."""
    return INPUTS


@pytest.fixture
def judged(codes, today):
    """(values, {field: sentence}) of exactly this input."""

    def _judged(table, raw):
        cleaned = clean(table, raw, codes=codes, today=today)
        return cleaned.values, {problem.field: str(problem.sentence) for problem in cleaned.problems}

    return _judged


@pytest.fixture
def check(judged):
    """The same of a table's good input, changed as told."""
    return lambda table, **changes: judged(table, {**INPUTS[table.name], **changes})


@pytest.fixture
def lacks(check):
    """The names that a submit of good input, changed as told, would still ask for."""
    return lambda table, **changes: [problem.field for problem in missing(table, check(table, **changes)[0])]
