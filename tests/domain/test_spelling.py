"""What was meant is read, however it is dressed: width, dashes, blanks and marks nobody sees."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import spelling
from app.domain.approval import normalise_approval
from app.domain.fields import ENTERPRISE, PROJECT, FieldKind, clean, is_empty
from app.domain.fields.text import READINGS
from app.domain.number import typed_number
from tests.dressed import BLANKS, DASHES, UNSEEN, dressed

VALUES = {
    ("project", "investment_project_code"): "2020-320281-47-03-123456",
    ("project", "planned_start_on"): "2026-03-01",
    ("project", "investment_10k_cny"): "62405.5",
    ("project", "email"): "name@example.cn",
    ("project", "contact_name"): "演示经办人",
    ("project", "region_code"): "320281",
    ("enterprise", "postal_code"): "214400",
    ("enterprise", "office_phone"): "0510-86071119",
    ("enterprise", "website"): "www.example.cn",
    ("enterprise", "region_code"): "110105",
    ("enterprise", "legal_representative_id_number"): "11010519491231002X",
    ("enterprise", "license_number"): "320281000000001",
}
TABLES = {"project": PROJECT, "enterprise": ENTERPRISE}
OFFERED = {("project", "contact_mobile"): "13800000000", ("enterprise", "contact_mobile"): "13800000000"}


@given(data=st.data())
def test_a_dressed_value_is_read_as_what_is_meant(data, codes, today):
    assert_read(data, *data.draw(st.sampled_from(sorted(VALUES.items()))), codes, today)


@pytest.mark.fault
@settings(max_examples=1000, deadline=None)
@given(data=st.data())
def test_a_thousand_spellings_are_read(data, codes, today):
    assert_read(data, *data.draw(st.sampled_from(sorted(VALUES.items()))), codes, today)


@pytest.mark.fault
@settings(max_examples=1000, deadline=None)
@given(name=dressed("阿卜杜拉·买买提"), number=dressed("3202812611190101"), document=dressed("澄发改投(2026)30"))
def test_a_thousand_spellings_are_found(name, number, document):
    assert spelling.query(name) in spelling.alike("阿卜杜拉·买买提")
    assert typed_number(number) == "3202812611190101"
    assert spelling.query(document) in spelling.alike("澄发改投〔2026〕30号")
    assert normalise_approval(document, "演示") == normalise_approval("澄发改投〔2026〕30号", "演示")


def assert_read(data, place, value, codes, today):
    field, table = place[1], TABLES[place[0]]

    read = clean(table, {field: data.draw(dressed(value))}, codes=codes, today=today)

    assert field not in {problem.field for problem in read.problems}, read.problems
    assert read.values[field] == clean(table, {field: value}, codes=codes, today=today).values[field]


@given(data=st.data())
def test_a_dressed_mobile_is_read_or_the_right_one_is_offered(data, codes, today):
    (name, field), value = data.draw(st.sampled_from(sorted(OFFERED.items())))

    read = clean(TABLES[name], {field: data.draw(dressed(value))}, codes=codes, today=today)

    said = {problem.field: str(problem.sentence) for problem in read.problems}
    assert read.values.get(field) == value or f"「{value}」" in said[field]


@given(st.text(), st.sampled_from(sorted(FieldKind)))
def test_reading_twice_changes_nothing(text, kind):
    read = READINGS.get(kind, spelling.line)

    assert read(read(text)) == read(text)
    assert spelling.alike(spelling.alike(text)) == spelling.alike(text)
    assert spelling.secret(spelling.secret(text)) == spelling.secret(text)


@given(st.lists(st.sampled_from(sorted(UNSEEN | BLANKS))).map("".join))
def test_what_shows_nothing_is_empty(text):
    assert is_empty(text)


@pytest.mark.parametrize("dash", sorted(DASHES), ids=lambda dash: f"U+{ord(dash):04X}")
def test_every_dash_is_a_hyphen_in_a_code_and_in_a_telephone(dash):
    assert spelling.code(f"12{dash}34") == "12-34"
    assert spelling.telephone(f"0510 {dash} 86071119") == "0510-86071119"
    assert spelling.bare(f"12{dash}34") == "1234"


def test_every_format_mark_of_unicode_is_unseen():
    marks = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"]

    assert spelling.without_unseen("".join(marks)) == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", "2026-03-01"), ("2026.3.1", "2026-03-01"), ("2026年03月01日", "2026-03-01"),
        ("2026年3月1号", "2026-03-01"), ("２０２６／３／１", "2026-03-01"), ("2026-03-01T08:30:00+08:00", "2026-03-01"),
        ("2026/3/1 上午", "2026/3/1 上午"), ("3/1/2026", "3/1/2026"), ("2026-13-45", "2026-13-45"), ("近期", "近期"),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_order_year_month_day(text, day):
    assert spelling.day(text) == day


@pytest.mark.parametrize(
    "spelled",
    [
        "江发改〔2026〕1号",
        "江发改[2026] 1号",
        "江发改(2026)1号",
        "江发改【２０２６】1号",
        "江发改﹝2026﹞\u200b1号",
        "江发改〖2026〗1号",
    ],
)
def test_signs_of_one_kind_are_alike(spelled):
    assert spelling.alike(spelled) == "江发改(2026)1号"


def test_quotes_dots_and_dashes_are_alike_and_letters_stay():
    assert spelling.alike("“演示”·Ａ—1") == spelling.alike('"演示"•a-1') == '"演示"·a-1'
    assert re.sub(r"\s", "", spelling.alike("ab\ncd")) == "abcd"
    assert spelling.alike("ab\ncd") == "ab\ncd"
