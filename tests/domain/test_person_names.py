"""Names of persons, compared as persons read them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import person_names

SAME = [
    ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
    ("阿卜杜拉·买买提", "阿卜杜拉‧买买提"),
    ("阿卜杜拉·买买提", "阿卜杜拉∙买买提"),
    ("阿卜杜拉·买买提", "阿卜杜拉・买买提"),
    ("阿卜杜拉·买买提", "阿卜杜拉･买买提"),
    ("阿卜杜拉·买买提", "阿卜杜拉 · 买买提"),
    ("阿卜杜拉·买买提", "阿卜杜拉．买买提"),
    ("演示经办人", "演示　经办人"),
    ("演示经办人", " 演 示 经 办 人 "),
    ("演示经办人", "演示\u200b经办\ufeff人"),
    ("演示\U000e0100经办人", "演示经办人"),
    ("John Smith", "ＪＯＨＮ　ＳＭＩＴＨ"),
    ("John Smith", "john   smith"),
    ("José", "Jose\u0301"),
    ("李⼀", "李一"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_name_one_person(one: str, other: str) -> None:
    assert person_names.same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿卜杜拉·买买提", "阿卜杜拉·买提"),
        ("演示经办人", "演示办事人"),
        ("王五一", "王五二"),
        ("Ann Lee", "Anna Lee"),
        ("J. Li", "J Li"),
        ("", ""),
        ("\u200b", "　"),
        ("·", ""),
    ],
)
def test_other_names_and_none_at_all_are_not_the_same(one: str, other: str) -> None:
    assert not person_names.same(one, other)


NAMES = st.text("演示经办人阿卜杜拉买提李王张欧阳", min_size=1, max_size=6)
NOISE = st.text(" 　\u200b\u200d\ufeff\u2060\t\u00a0", max_size=2)


@given(NAMES, NAMES, st.sampled_from("·•‧∙・･⋅"), st.data())
@settings(max_examples=100)
def test_dots_blanks_and_unseen_marks_never_make_another_person(
    first: str, last: str, dot: str, data: st.DataObject
) -> None:
    typed = "".join(mark + data.draw(NOISE) for mark in f"{first}{dot}{last}")

    assert person_names.same(typed, f"{first}·{last}")
    assert not person_names.same(typed, f"{first}·{last}子")
