"""The first page of staff: every figure leads to the rows that it counts."""

import re
from datetime import timedelta
from html import unescape

import pytest

from models.project import Project
from tests.app_fixtures import MONDAY
from tests.views.world import World

FIGURE = re.compile(r'data-age="(\w+)"[^>]*>\s*<a href="([^"]+)"[^>]*>([\d,]+)</a>')


@pytest.mark.parametrize("who", ["reviewer", "clerk", "manager", "admin", "hats"])
def test_a_figure_leads_to_as_many_rows(world: World, who: str) -> None:
    today = MONDAY.date()
    days = {"submitted": -1, "ready": 2}
    for state, after in days.items():
        world.put(Project, world.own.projects[state], due_on=today + timedelta(days=after))

    figures = FIGURE.findall(world.page(who, "/"))

    assert {"overdue", "soon"} <= {age for age, _url, _count in figures}
    for _age, url, count in figures:
        rows = re.findall(r'<tr[^>]* data-id="', world.page(who, unescape(url)))
        assert len(rows) == int(count), url


def test_a_total_leads_to_the_tab_of_its_state(world: World) -> None:
    page = world.page("reviewer", "/")

    assert "/projects/list/?status=returned" in page
    assert "/enterprises/list/?status=submitted" in page


def test_what_was_done_last_is_named_in_words(world: World) -> None:
    key = world.own.projects["submitted"]
    world.post("reviewer", f"/projects/action/claim/{key}")

    page = world.page("reviewer", "/")

    assert f'href="/projects/show/{key}"' in page
    assert "认领" in page
    assert "project:claim" not in page
