"""Check digits and spellings of codes, by the vectors of the standards."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import identifiers as ids
from app.domain.errors import Refused

TODAY = date(2026, 11, 23)
BODIES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8)

ORG_CODES = [
    "71526726-X", "10000396-2", "13226025-0", "D2143569-X", "59467239-9", "PDY00012-4",
    "PDY00001-X", "PDY00002-8", "PDY00003-6", "60003734-1", "32451269-4",
]  # fmt: skip
USCCS = [
    "914403001922038216", "9144030071526726XG", "12100000400000624D", "91320200724183068U",
    "91110000600037341L", "N2320281MF12345679",
]  # fmt: skip
RESIDENTS = [
    "11010519491231002X", "440524188001010014", "320281190001010010", "320213190001010030",
    "320282190001010025",
]  # fmt: skip


@pytest.mark.parametrize("code", ORG_CODES)
def test_org_code_with_right_check_character_is_taken(code):
    assert ids.org_code_fault(code) is None
    assert ids.parse_org_code(code) == code


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param("71526726-1", "校验位不符", id="wrong digit"),
        pytest.param("32451269-1", "校验位不符", id="wrong digit in the exchange standard's own sample"),
        pytest.param("7152672-6X", "71526726-X", id="hyphen in the wrong place"),
        pytest.param("71526726X", "71526726-X", id="no hyphen"),
        pytest.param("D2143569-x", "D2143569-X", id="lower case"),
        pytest.param("７１５２６７２６－Ｘ", "71526726-X", id="full width"),
        pytest.param("71526726—X", "71526726-X", id="em dash"),
        pytest.param("7152 6726-X", "71526726-X", id="blank inside"),
        pytest.param("715267260-X", "格式不对", id="ten characters"),
        pytest.param("7152672-X", "格式不对", id="eight characters"),
        pytest.param("71526726-A", "格式不对", id="check character that cannot be"),
        pytest.param("", "格式不对", id="nothing"),
        pytest.param("江阴市演示单位", "格式不对", id="a name"),
    ],
)
def test_org_code_in_any_other_form_is_refused_with_a_sentence(code, says):
    assert says in str(ids.org_code_fault(code))
    with pytest.raises(Refused) as refusal:
        ids.parse_org_code(code)
    assert says in str(refusal.value.sentence)


@pytest.mark.parametrize(
    "spelling",
    [
        "71526726-X", "71526726X", "71526726-x", "７１５２６７２６－ｘ", " 7152 6726 – X ", "71526726\u2212X",
        "7152672\u200b6X",
    ],
)  # fmt: skip
def test_every_spelling_of_an_org_code_is_one_code(spelling):
    assert ids.canonical_org_code(spelling) == "71526726-X"


@pytest.mark.parametrize("text", ["", "-", "7152672", "71526726XX", "7152.6726X", "admin.wuxi", "建设单位建设单位建"])
def test_what_is_no_org_code_has_no_canonical_form(text):
    assert ids.canonical_org_code(text) is None


def test_history_with_a_wrong_check_character_is_still_found():
    assert ids.canonical_org_code("324512691") == "32451269-1"


@given(BODIES)
def test_check_character_makes_any_body_a_valid_org_code(body):
    code = f"{body}-{ids.org_code_check_character(body)}"
    assert ids.is_org_code(code)
    assert ids.canonical_org_code(code.lower().replace("-", "")) == code


@given(BODIES, st.sampled_from("0123456789X"))
def test_only_one_check_character_fits_a_body(body, last):
    assert ids.is_org_code(f"{body}-{last}") == (last == ids.org_code_check_character(body))


@given(st.text())
def test_no_text_breaks_an_identifier(text):
    assert ids.org_code_fault(text) is None or str(ids.org_code_fault(text))
    assert ids.uscc_fault(text) is None or str(ids.uscc_fault(text))
    assert ids.mobile_fault(text) is None or str(ids.mobile_fault(text))
    assert ids.resident_id_fault(text, TODAY) is None or str(ids.resident_id_fault(text, TODAY))
    assert isinstance(ids.canonical_login(text), str)


@pytest.mark.parametrize("code", USCCS)
def test_uscc_right_at_both_levels_is_taken(code):
    assert ids.uscc_fault(code) is None
    assert ids.canonical_uscc(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param("914403001922038217", "校验位不符", id="wrong digit"),
        pytest.param("91440300I922038216", "没有字母 I", id="letter I"),
        pytest.param("91330100799655058", "格式不对", id="17 characters"),
        pytest.param("911000007109250324", "校验位不符", id="two digits swapped"),
        pytest.param("913202811000039638", "第 9 至 17 位", id="outer digit right, inner wrong"),
        pytest.param("014403001922038216", "格式不对", id="no registrar has 0"),
        pytest.param("71526726-X", "格式不对", id="an org code"),
    ],
)
def test_wrong_uscc_is_refused_with_a_sentence(code, says):
    assert says in str(ids.uscc_fault(code))


@pytest.mark.parametrize("first", "ANY")
def test_uscc_may_begin_with_a_letter(first):
    body = f"{first}2320281MF1234567"
    assert ids.uscc_fault(body + ids.uscc_check_character(body)) is None


def test_uscc_holds_the_org_code():
    assert ids.org_code_of_uscc("9144030071526726XG") == "71526726-X"


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("71526726-X", "71526726-X"),
        (" 71526726x ", "71526726-X"),
        ("9144030071526726XG", "71526726-X"),
        ("9144 0300 7152 6726 xg", "71526726-X"),
        ("324512691", "32451269-1"),
        ("admin.jiangyin", "admin.jiangyin"),
        ("reviewer2.jiangyin", "reviewer2.jiangyin"),
        ("reviewer1", "reviewer1"),
        ("914403001922038217", "914403001922038217"),
        ("", ""),
    ],
)
def test_login_maps_codes_and_leaves_account_names_alone(typed, account):
    assert ids.canonical_login(typed) == account


@pytest.mark.parametrize("number", RESIDENTS)
def test_resident_id_is_taken_whatever_region_and_year(number):
    assert ids.resident_id_fault(number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "says"),
    [
        pytest.param("320281190001010011", "校验位不符", id="wrong digit"),
        pytest.param("32028119000230001X", "出生日期", id="30 February"),
        pytest.param("320281209901010013", "出生日期", id="born in the future"),
        pytest.param("110105491231002", "18 位", id="15 digits"),
        pytest.param("1101051949123100X2", "18 位", id="X not last"),
        pytest.param("11010519491231002x", "18 位", id="lower case, not canonical"),
        pytest.param("１１０１０５１９４９１２３１００２X", "18 位", id="full width, not canonical"),
    ],
)
def test_wrong_resident_id_is_refused_with_a_sentence(number, says):
    assert says in str(ids.resident_id_fault(number, TODAY))


def test_resident_born_today_is_taken_and_tomorrow_is_not():
    number = "320281190001010010"

    assert ids.resident_id_fault(number, date(1900, 1, 1)) is None
    assert ids.resident_id_fault(number, date(1899, 12, 31)) is not None


def test_resident_id_has_one_canonical_form():
    assert ids.canonical_resident_id(" 110105 19491231 002ｘ") == "11010519491231002X"


@pytest.mark.parametrize("number", ["13800000000", "15312345678", "16600000000", "19200000000", "14900000000"])
def test_mobile_with_a_prefix_in_use_is_taken(number):
    assert ids.mobile_fault(number) is None


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("12345678901", "号段"),
        ("14012345678", "号段"),
        ("15412345678", "号段"),
        ("19412345678", "号段"),
        ("1380000000", "11 位"),
        ("138000000000", "11 位"),
        ("0510-86071119", "11 位"),
        ("138 0000 0000", "「13800000000」"),
        ("+86 138-0000-0000", "「13800000000」"),
        ("１３８００００００００", "「13800000000」"),
        ("١٣٨٠٠٠٠٠٠٠٠", "11 位"),
        ("", "11 位"),
    ],
)
def test_wrong_mobile_is_refused_with_a_sentence(number, says):
    assert says in str(ids.mobile_fault(number))


@pytest.mark.parametrize(
    "spelling", ["13800000000", "138 0000 0000", "+86 13800000000", "008613800000000", "8613800000000"]
)
def test_every_spelling_of_a_mobile_is_one_number(spelling):
    assert ids.canonical_mobile(spelling) == "13800000000"
