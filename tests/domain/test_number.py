"""The sixteen digits: written as read, 99 a day, history kept as it is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import number as numbers
from app.domain.approval import normalise_approval
from app.domain.errors import Refused
from app.domain.number import ProjectNumber

DIGITS = st.text("0123456789", min_size=6, max_size=6)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PROJECT_NUMBERS = st.builds(
    ProjectNumber, DIGITS, DAYS, st.sampled_from(numbers.CATEGORIES), st.integers(1, numbers.LIMIT)
)


@given(PROJECT_NUMBERS)
def test_number_is_read_as_it_was_written(number):
    assert len(str(number)) == 16
    assert numbers.parse(str(number)) == number


def test_number_has_four_segments():
    number = ProjectNumber("320281", date(2026, 11, 23), "01", 3)

    assert str(number) == "3202812611230103"
    assert number.segments() == ("320281", "261123", "01", "03")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3202911505140103", ProjectNumber("320291", date(2015, 5, 14), "01", 3)),
        ("3205851506110202", ProjectNumber("320585", date(2015, 6, 11), "02", 2)),
        ("3413001712119901", ProjectNumber("341300", date(2017, 12, 11), "99", 1)),
        ("3714261604080101", ProjectNumber("371426", date(2016, 4, 8), "01", 1)),
    ],
)
def test_numbers_of_other_systems_in_our_form_are_read(text, number):
    assert numbers.parse(text) == number


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("320281261123010", id="15 digits"),
        pytest.param("32028126112301010", id="17 digits"),
        pytest.param("3202812611230101\n", id="line feed behind"),
        pytest.param("x3202812611230101", id="letter before"),
        pytest.param("３２０２８１２６１１２３０１０１", id="full width"),
        pytest.param("3202812602300101", id="30 February"),
        pytest.param("3202812611230301", id="category 03"),
        pytest.param("3202812611230001", id="category 00"),
        pytest.param("3202812611230100", id="sequence 00"),
    ],
)
def test_what_we_never_issue_is_refused(text):
    with pytest.raises(Refused, match="项目统一编号"):
        numbers.parse(text)


@pytest.mark.parametrize(
    "parts",
    [
        ("32028", date(2026, 11, 23), "01", 1),
        ("320281", date(1999, 12, 31), "01", 1),
        ("320281", date(2100, 1, 1), "01", 1),
        ("320281", date(2026, 11, 23), "03", 1),
        ("320281", date(2026, 11, 23), "01", 0),
        ("320281", date(2026, 11, 23), "01", 100),
    ],
)
def test_no_number_is_built_that_could_not_be_read(parts):
    with pytest.raises(ValueError):
        ProjectNumber(*parts)


def test_typed_segments_become_plain_digits():
    assert numbers.canonical_number(" 320281·261123·01－０１ ") == "3202812611230101"


@pytest.mark.parametrize(
    ("text", "category", "sequence", "flags"),
    [
        pytest.param("3202911505140103", "01", 3, (), id="ours"),
        pytest.param("3305221902200001", None, 1, (numbers.DAILY_SEQUENCE,), id="daily sequence, tail 00"),
        pytest.param("3202811505140701", "07", 1, (numbers.UNKNOWN_CATEGORY,), id="category unknown"),
        pytest.param("3202811502300101", "01", 1, (numbers.NO_SUCH_DAY,), id="day that never was"),
        pytest.param("3202811505140100", "01", 0, (numbers.SEQUENCE_ZERO,), id="sequence 00"),
        pytest.param("320400150514010301", None, None, (numbers.NOT_SIXTEEN_DIGITS,), id="18 characters"),
        pytest.param("JY-2015-0017", None, None, (numbers.NOT_SIXTEEN_DIGITS,), id="letters"),
    ],
)
def test_imported_number_is_kept_and_flagged(text, category, sequence, flags):
    number = numbers.parse_any(f" {text} ")

    assert number is not None
    assert (number.text, number.category, number.sequence, number.flags) == (text, category, sequence, flags)


@pytest.mark.parametrize("text", ["", "无", "3" * 21, "3202 8115", "=1+1"])
def test_what_fits_no_register_is_no_imported_number(text):
    assert numbers.parse_any(text) is None


@given(st.text())
def test_no_text_breaks_an_import(text):
    numbers.parse_any(text)
    numbers.canonical_number(text)
    normalise_approval(text, text)


@given(PROJECT_NUMBERS)
def test_issued_number_needs_no_flag_when_imported(number):
    imported = numbers.parse_any(str(number))

    assert imported is not None
    assert (imported.day, imported.sequence, imported.flags) == (number.day, number.sequence, ())


@pytest.mark.parametrize(("last", "following"), [(None, 1), (0, 1), (1, 2), (98, 99)])
def test_sequence_counts_on(last, following):
    assert numbers.next_sequence(last) == following


def test_hundredth_number_of_a_day_is_refused():
    with pytest.raises(Refused) as refusal:
        numbers.next_sequence(99)

    assert str(refusal.value.sentence) == "当日该区划该类别编号已用完，请下一工作日发号。"


@pytest.mark.parametrize(
    ("document_number", "authority"),
    [
        ("澄发改投资〔2026〕30号", "江阴市发展和改革委员会"),
        ("澄发改投资[2026]30号", "江阴市发展和改革委员会"),
        ("澄发改投资（２０２６）３０ 号", " 江阴市发展和改革委员会 "),
        ("澄发改投资【2026】第30号", "江阴市 发展和改革委员会"),
        ("澄发改投资﹝2026﹞30", "江阴市发展和改革委员会\u200b"),
        ("澄发改投资〖2026〗030号。", "江阴市发展改革委员会"),
        ("澄发改投资－2026－30号", "江阴市发改委"),
        ("澄发改投资〔2026年〕30号文", "江苏省江阴市发展与改革委员会"),
        ("立项文号：《澄发改投资〔2026〕30号》", "江阴市发展改革委"),
    ],
)
def test_spellings_of_one_approval_are_one_key(document_number, authority):
    expected = normalise_approval("澄发改投资(2026)30号", "江阴市发展和改革委员会")

    assert normalise_approval(document_number, authority) == expected


@pytest.mark.parametrize(
    ("document_number", "authority"),
    [
        ("澄发改投资〔2026〕31号", "江阴市发展和改革委员会"),
        ("澄发改投资〔2025〕30号", "江阴市发展和改革委员会"),
        ("澄发改投资〔2026〕30号", "无锡市发展和改革委员会"),
        ("澄发改投资〔202〕630号", "江阴市发展和改革委员会"),
        ("澄发改投资〔2026〕300号", "江阴市发展和改革委员会"),
        ("澄发改投资〔2026〕30-1号", "江阴市发展和改革委员会"),
        ("澄发改备〔2026〕30号", "江阴市发展和改革委员会"),
        ("澄发改投资〔2026〕30号", "江苏省发展和改革委员会"),
        ("澄发改投资〔2026〕30号", "江阴市行政审批局"),
    ],
)
def test_different_approvals_keep_different_keys(document_number, authority):
    other = normalise_approval("澄发改投资〔2026〕30号", "江阴市发展和改革委员会")

    assert normalise_approval(document_number, authority) != other


@given(st.text(), st.text())
def test_key_of_a_key_part_does_not_move(document_number, authority):
    key = normalise_approval(document_number, authority)

    assert key == key.strip()
    assert " " not in key
