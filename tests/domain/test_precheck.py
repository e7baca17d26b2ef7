"""What a construction permit asks for, as values: of several papers the best counts, and a day is a day."""

from datetime import date, timedelta

import pytest

from app.domain.matters import KINDS
from app.domain.precheck import CONDITIONS, Condition, Paper, Presence, findings, is_complete

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("condition", [c for c in CONDITIONS if c.matter], ids=lambda condition: condition.word)
def test_a_condition_names_kinds_that_its_matter_has(condition: Condition) -> None:
    assert condition.matter is not None
    assert set(condition.kinds) <= set(KINDS[condition.matter].letters)


@pytest.mark.parametrize(
    ("papers", "presence"),
    [
        ([], Presence.MISSING),
        ([Paper("1")], Presence.PRESENT),
        ([Paper("1", TODAY)], Presence.PRESENT),
        ([Paper("1", TODAY - timedelta(days=1))], Presence.EXPIRED),
        ([Paper("1", date(2020, 1, 1)), Paper("2", TODAY)], Presence.PRESENT),
        ([Paper("1", date(2020, 1, 1)), Paper("2")], Presence.PRESENT),
    ],
    ids=["none", "without-an-end", "on-its-last-day", "the-day-after", "a-newer-one", "one-that-lasts"],
)
def test_of_several_papers_the_one_that_holds_longest_counts(papers: list[Paper], presence: Presence) -> None:
    found = findings({CONDITIONS[0]: papers}, TODAY)

    assert found[0].presence == presence
    assert not is_complete(found)
