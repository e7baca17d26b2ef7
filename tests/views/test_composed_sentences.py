"""Sentences with words of the vocabulary in them, in both languages: composed whole, never put together from two."""

import re
from itertools import product

import pytest
from flask import Flask
from flask_babel import force_locale

from app.domain import journey, matters, workflow
from app.domain.terms import Action, Kind, Status
from tests.databases import on_sqlite
from views.words import translate

CHINESE = re.compile(r"[\u3400-\u9fff]")
BUREAU = "Demo bureau"


def hands() -> list[str]:
    ways = product(journey.Hand, (True, False), ("", BUREAU))
    return [translate(journey.with_whom(hand, is_owner=own, bureau=bureau)) for hand, own, bureau in ways]


def refusals() -> list[str]:
    """Every state with every act that its table does not have."""
    asked = [workflow.decide(kind, *pair, {"nobody"}, {}) for kind in Kind if kind in workflow.TABLES
             for pair in product(Status, Action)]  # fmt: skip
    told = [each for each in asked if isinstance(each, workflow.Refusal) and each.code == "state"]
    of_matters = [
        matters.refusal(*each) for each in product(matters.Matter, matters.MatterStatus, matters.MatterAction)
    ]
    return [translate(each.sentence) for each in told] + [translate(each) for each in of_matters if each is not None]


def steps() -> list[str]:
    return [
        *map(translate, (step.sentence for step in journey.NEXT.values())),
        *map(translate, journey.PLACES.values()),
    ]


@pytest.mark.parametrize("sentences", [hands, refusals, steps])
@on_sqlite
def test_every_sentence_over_a_state_is_whole_in_both_languages(app: Flask, sentences) -> None:
    with app.test_request_context():
        with force_locale("zh"):
            chinese = sentences()
        with force_locale("en"):
            english = sentences()

    assert len(english) == len(chinese) >= 8
    for told in english:
        assert not CHINESE.search(told), told
        assert "%(" not in told
        assert told[0].isupper() or told[0] in '“"', told
        assert "nobody" not in told.lower()
    for told in chinese:
        assert CHINESE.search(told), told
        assert not re.search(r"：.*：|，$", told), told


@on_sqlite
def test_a_closed_case_is_with_nobody_in_one_word(app: Flask) -> None:
    for language, word in (("zh", "已办结"), ("en", "Completed")):
        with app.test_request_context(), force_locale(language):
            assert translate(journey.with_whom(journey.Hand.NOBODY, is_owner=True, bureau=BUREAU)) == word
