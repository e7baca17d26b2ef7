"""组件与规则 shows every part by the macros of the pages, each with its rule."""

import re

from config import ROOT
from tests.views.pages import errors
from tests.views.world import World
from views.styleguide import COLOURS, WRONG

TOKENS = (ROOT / "app" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")


def test_every_part_has_a_rule_and_an_example(world: World) -> None:
    parts = re.findall(r"<section[^>]*data-part>(.*?)</section>", world.page("clerk", "/styleguide/"), re.DOTALL)

    assert len(parts) >= 17
    for part in parts:
        rule = re.search(r'<p class="muted">([^<]+)</p>(.*)', part, re.DOTALL)
        assert rule and len(rule[1]) > 8 and len(rule[2]) > 40, part


def test_every_state_and_delivery_is_shown(world: World) -> None:
    page = world.page("clerk", "/styleguide/")

    for name in ("draft", "submitted", "returned", "approved", "numbered", "voided"):
        assert f"label state-{name}" in page
    for name in ("waiting", "received", "refused"):
        assert f"chip push-{name}" in page


def test_its_faults_are_those_of_the_rules(world: World) -> None:
    assert set(errors(world.page("clerk", "/styleguide/"))) == set(WRONG)


def test_its_colours_are_tokens() -> None:
    assert [name for row in COLOURS for name in row if f"--{name}:" not in TOKENS] == []
