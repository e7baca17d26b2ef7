"""Names stand in the order of pinyin, figures and Latin letters before them; the key is short ASCII."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.sorting import LONGEST_KEY, sort_key

IN_ORDER = [
    "", "3号楼", "ABC 公司", "b 公司", "Ｃ公司", "安徽", "北京", "常熟", "电力", "二院", "法院", "港口", "华士", "江阴",
    "昆山", "利港", "梅村", "南闸", "欧洲", "普惠", "青阳", "人民医院", "苏州", "太仓", "文化馆", "无锡", "新桥", "徐霞客",
    "宜兴", "张家港", "周庄",
]  # fmt: skip


def test_names_stand_in_the_order_of_pinyin() -> None:
    shuffled = random.Random(7).sample(IN_ORDER, len(IN_ORDER))

    assert sorted(shuffled, key=sort_key) == IN_ORDER
    assert sorted(shuffled) != IN_ORDER


def test_a_shared_beginning_leaves_the_order_to_what_follows() -> None:
    assert sorted(["江阴市", "江阴", "江阴港", "江"], key=sort_key) == ["江", "江阴", "江阴港", "江阴市"]


@pytest.mark.parametrize("other", ["ＡＢＣ公司", "abc公司", "  ABC公司 ", "A\u200bBC公司", "\ufeffABC公司"])
def test_width_case_and_unseen_marks_do_not_part_names(other: str) -> None:
    assert sort_key(other) == sort_key("ABC公司")


@settings(max_examples=100)
@given(st.text(max_size=500), st.text(max_size=500))
def test_a_key_is_short_ascii_in_the_order_of_the_bytes(one: str, other: str) -> None:
    first, second = sort_key(one), sort_key(other)

    assert len(first) <= LONGEST_KEY and set(first) <= set("0123456789abcdef")
    assert (first < second) == (bytes.fromhex(first) < bytes.fromhex(second))


@pytest.mark.parametrize("text", [None, "", " ", "\u200b", "\ud800", "𠮷祥", "镕"])
def test_whatever_a_name_holds_it_has_a_place(text: str | None) -> None:
    assert sort_key(text).isascii()
