"""What the province asks of a project is asked by our own rules first: none of its refusals can come from our forms."""

from decimal import Decimal

import pytest

from app.domain.exchange import (
    PROVINCE,
    TBPROJECTINFO,
    Source,
    characters_lost,
    faults,
    row_of,
)
from app.domain.exchange.target import OF_2014
from app.domain.fields import PROJECT
from app.seeds.data_codes import CODES, NEW
from app.seeds.data_use_codes import USE_CODES

FROM_INPUTS = [column for column in TBPROJECTINFO if not column.is_fact]
FACTS = {
    "number": "3202812603020101", "inner_number": "7", "registered_on": "2026-03-02", "builder_name": "演示建设单位",
    "builder_code": "PDY00001-X", "update_flag": "U",
}  # fmt: skip
VALUES = {
    "name": "演示中学", "category_code": "01", "region_code": "320281", "construction_nature_code": "001",
    "use_code": "304", "planned_start_on": "2026-04-01", "planned_finish_on": "2027-04-01",
}  # fmt: skip


def codes_of(dictionary: str) -> list:
    if dictionary == "use_code":
        return [code for codes in USE_CODES.values() for code in codes]
    return list(CODES[dictionary])


@pytest.mark.parametrize("column", FROM_INPUTS, ids=lambda column: column.name)
def test_what_the_province_requires_our_submit_requires(column):
    field = PROJECT.field(column.source)

    assert not column.required or field.required.holds(VALUES)


@pytest.mark.parametrize("column", [c for c in FROM_INPUTS if c.width], ids=lambda column: column.name)
def test_what_our_input_takes_fits_into_the_provinces_column(column):
    field = PROJECT.field(column.source)
    longest = field.max_length or max(len(code.code) for code in codes_of(field.dictionary)) if field.dictionary else 6

    assert (field.max_length or longest) <= column.width


@pytest.mark.parametrize(("dictionary", "codes"), OF_2014.items())
def test_every_code_of_the_new_edition_has_its_place_in_the_old_list(dictionary, codes):
    new = {code.code for code in codes_of(dictionary) if code.edition == NEW}
    old = {code.code for code in codes_of(dictionary) if code.edition != NEW}

    assert new <= codes.keys()
    assert set(codes.values()) <= old


@pytest.mark.parametrize("dictionary", sorted({column.dictionary for column in FROM_INPUTS if column.dictionary}))
def test_no_code_reaches_the_province_that_its_list_does_not_have(dictionary):
    old = {code.code for code in codes_of(dictionary) if code.edition != NEW}

    assert {PROVINCE.codes.get(dictionary, {}).get(code.code, code.code) for code in codes_of(dictionary)} <= old


def test_a_complete_record_has_no_fault():
    assert faults(TBPROJECTINFO, row_of(TBPROJECTINFO, Source(VALUES, FACTS), PROVINCE)) == ()


@pytest.mark.parametrize("name", [column.name for column in TBPROJECTINFO if column.required])
def test_a_required_column_without_value_is_a_fault(name):
    row = {**row_of(TBPROJECTINFO, Source(VALUES, FACTS), PROVINCE), name: ""}

    assert [fault.field for fault in faults(TBPROJECTINFO, row)] == [name]


@pytest.mark.parametrize("empty", [None, "", " ", "无", "无数据", "/"])
def test_what_the_receiver_takes_for_empty_is_empty(empty):
    row = row_of(TBPROJECTINFO, Source({**VALUES, "name": empty}, FACTS), PROVINCE)

    assert [fault.field for fault in faults(TBPROJECTINFO, row)] == ["PrjName"]


def test_a_value_that_is_too_wide_and_a_region_that_is_none_are_faults():
    source = Source({**VALUES, "name": "长" * 201, "region_code": "32028"}, FACTS)

    found = {fault.field for fault in faults(TBPROJECTINFO, row_of(TBPROJECTINFO, source, PROVINCE))}

    assert found == {"PrjName", "ProvinceNum", "CityNum", "CountyNum", "sbdqbm"}


@pytest.mark.parametrize(
    ("text", "encoding", "lost"),
    [
        ("演示中学", "gbk", ""), ("㙟里•新村", "gbk", "㙟•"), ("𠮷𠮷祥", "gbk", "𠮷"), ("𠮷祥", "gb18030", ""),
        ("", "gbk", ""), ("é", "gbk", ""),
    ],
)  # fmt: skip
def test_characters_that_an_encoding_cannot_carry_are_named_once(text, encoding, lost):
    assert characters_lost(text, encoding) == lost


def test_amounts_keep_their_places():
    source = Source({**VALUES, "investment_10k_cny": str(Decimal("0.0001"))}, FACTS)

    assert row_of(TBPROJECTINFO, source, PROVINCE)["AllInvest"] == "0.0001"
