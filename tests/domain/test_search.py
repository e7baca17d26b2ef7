"""The grams of the search: what contains a query is found by it, whatever the texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search import asked, folded, grams, is_exact, pieces, searched

SIGNS = "无锡江阴医院工程 ab12-（）%_\n　Ａ１ßİ々𠮷é"
texts = st.text(st.sampled_from(SIGNS), max_size=24) | st.text(max_size=12)


def is_found(query: str, text: str) -> bool:
    """As the database does it: every piece is held, then the literal comparison."""
    held = grams(text)
    narrowed = all(
        piece.text in held if piece.whole else any(gram.startswith(piece.text) for gram in held)
        for piece in pieces(query)
    )
    return narrowed and (is_exact(query) or query in text)


@given(texts, st.data())
def test_a_text_that_contains_the_query_is_found(text: str, data: st.DataObject) -> None:
    whole = folded(text)
    start = data.draw(st.integers(0, len(whole)))
    query = whole[start : data.draw(st.integers(start, len(whole)))]

    assert is_found(query, whole)


@given(texts, texts)
def test_the_search_finds_what_brute_force_finds(query: str, text: str) -> None:
    query, text = folded(query), folded(text)

    assert is_found(query, text) == (query in text)


@given(texts)
def test_grams_are_short_and_of_the_text(text: str) -> None:
    text = folded(text)

    assert all(gram in text and len(gram) <= (3 if gram.isascii() else 2) for gram in grams(text))


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("江阴医院", {"江阴", "阴医", "医院", "院"}),
        ("ab12", {"ab1", "b12", "12", "2"}),
        ("一期a1", {"一期", "期", "a1", "1"}),
        ("（2016）38号", {"201", "016", "16", "6", "38", "8", "号"}),
        ("（）-", set()),
    ],
)
def test_one_gram_stands_at_each_position(text: str, expected: set[str]) -> None:
    assert grams(folded(text)) == expected


@pytest.mark.parametrize("query", ["320281 261118 01 02", "３２０２８１·２６１１１８·０１·０２", "320281-261118-01-02"])
def test_a_pasted_number_is_asked_for_without_its_separators(query: str) -> None:
    assert "3202812611180102" in asked(query)


def test_a_query_is_asked_for_as_it_stands_too() -> None:
    assert asked(" A-1 号 ") == ("a-1号",)
    assert asked("A-1") == ("a-1", "a1")
    assert asked("　 ") == ()


def test_values_never_run_into_each_other() -> None:
    assert searched(["江阴", None, "医\n院", ""]) == "江阴\n医院"
    assert not is_found("阴医", searched(["江阴", "医院"]))


@pytest.mark.parametrize(
    "query", ["[2026]30", "(2026)30", "【2026】 30", "〖２０２６〗30", "﹝2026﹞\u200b30", "〔2026〕30。"]
)
def test_a_document_number_is_found_by_any_brackets(query: str) -> None:
    assert is_found(asked(query)[0], searched(["澄发改投〔2026〕30号"]))


@pytest.mark.parametrize(
    "query",
    ["阿卜杜拉•买买提", "阿卜杜拉・买买提", "“阿卜杜拉·买买提”", "名称：阿卜杜拉 · 买买提，", "《阿卜杜拉·买买提》"],
)
def test_what_was_copied_along_does_not_hide_a_name(query: str) -> None:
    assert is_found(asked(query)[0], searched(["演示阿卜杜拉·买买提工程"]))


def test_signs_alone_are_asked_for_as_they_stand() -> None:
    assert asked("%") == ("%",)
    assert asked("，") == (",",)
