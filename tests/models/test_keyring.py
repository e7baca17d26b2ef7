"""The keyring: one secret, separate keys, a change of secret that loses nothing; and the masks."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from models.types import (
    DecryptionError,
    EncryptedText,
    KeyringMissingError,
    blind_index,
    blind_indexes,
    forget_keys,
    is_closed_by_primary,
    mask_id,
    mask_mobile,
    seal_key,
    seal_keys,
    use_keys,
)
from tests.databases import TEST_KEY

FIRST, SECOND = b"1" * 32, b"2" * 32
SQLITE = sqlite.dialect()


@pytest.fixture(autouse=True)
def _(keyring: None) -> None:
    """Whatever key a test sets is gone after it."""


def _closed(value: str | None, purpose: str = "sample.mobile") -> str | None:
    return EncryptedText(purpose).process_bind_param(value, SQLITE)


def _opened(value: str | None, purpose: str = "sample.mobile") -> str | None:
    return EncryptedText(purpose).process_result_value(value, SQLITE)


@given(text=st.text())
def test_any_text_survives(text: str) -> None:
    use_keys(FIRST)

    assert _opened(_closed(text)) == text


def test_after_a_key_change_old_values_open_and_new_ones_use_the_new_key() -> None:
    use_keys(FIRST)
    old = _closed("13800000000")
    use_keys(SECOND, FIRST)
    new = _closed("13800000000")

    assert _opened(old) == _opened(new) == "13800000000"
    assert [is_closed_by_primary(base64.b64decode(value or "")) for value in (old, new)] == [False, True]


def test_a_value_whose_key_was_dropped_does_not_open() -> None:
    use_keys(FIRST)
    old = _closed("13800000000")
    use_keys(SECOND)

    with pytest.raises(DecryptionError):
        _opened(old)


def test_a_search_finds_values_indexed_under_the_older_key() -> None:
    use_keys(FIRST)
    old = blind_index("13800000000")
    use_keys(SECOND, FIRST)

    assert blind_index("13800000000") != old
    assert blind_indexes("13800000000") == (blind_index("13800000000"), old)


def test_seals_made_with_the_older_key_can_be_verified() -> None:
    use_keys(FIRST)
    old = seal_key()
    use_keys(SECOND, FIRST)

    assert seal_keys() == (seal_key(), old)


@pytest.mark.parametrize(
    "touch",
    [
        pytest.param(lambda: _closed("x"), id="close"),
        pytest.param(lambda: _opened("AAAA"), id="open"),
        pytest.param(lambda: blind_index("x"), id="index"),
        pytest.param(seal_key, id="seal"),
    ],
)
def test_without_a_key_nothing_is_closed_or_opened(touch) -> None:
    forget_keys()

    with pytest.raises(KeyringMissingError):
        touch()


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        use_keys(b"short")


@pytest.mark.parametrize("spelling", ["138 0000 0000", "138-0000-0000", "１３８００００００００"])
def test_spellings_of_one_number_have_one_index(spelling: str) -> None:
    assert blind_index(spelling) == blind_index("13800000000")


def test_the_index_is_no_plain_hash_and_keeps_values_apart() -> None:
    assert len(blind_index("13800000000")) == 64
    assert blind_index("32028119800101001x") == blind_index("32028119800101001X")
    assert blind_index("13800000000") != blind_index("13800000001")


def test_the_seal_key_is_not_the_key_that_was_given() -> None:
    assert seal_key() != TEST_KEY[:32]
    assert len(seal_key()) == 32


MASKED_IDS = [
    ("320281198001010010", "320281********0010"),
    ("320281800101001", "320281*****1001"),
    ("E12345678", "E******78"),
    ("12345", "*****"),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("value", "shown"), MASKED_IDS)
def test_an_id_number_is_shown_masked(value: str | None, shown: str) -> None:
    assert mask_id(value) == shown


MASKED_MOBILES = [
    ("13800000000", "138****0000"),
    ("0510-86071119", "***********19"),
    ("1234", "****"),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("value", "shown"), MASKED_MOBILES)
def test_a_telephone_number_is_shown_masked(value: str | None, shown: str) -> None:
    assert mask_mobile(value) == shown
