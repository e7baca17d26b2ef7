"""The keys that the help names are there on the pages that they speak of."""

import re

import pytest

from models.project import Project
from tests.views.world import World

HELP = re.compile(r"<tr><td>((?:<kbd>[^<]+</kbd>\s*)+)</td>")
EVERYWHERE = {"/", "J", "K", "X", "Enter", "Ctrl", "S"}  # of lists and forms, by the script alone


def keyed(page: str) -> set[str]:
    return {key.upper() for key in re.findall(r'data-key="([^"]+)"', page)}


def test_every_key_of_the_help_is_on_a_page_that_it_speaks_of(world: World) -> None:
    ready = world.own.projects["ready"]
    copy = {name: world.row(Project, ready)[name] for name in ("name", "region_code", "approval_key")}
    world.put(Project, world.own.projects["approved"], **copy)
    page = world.page("reviewer", f"/projects/approve/{ready}")
    named = set(re.findall(r"<kbd>([^<]+)</kbd>", page[page.index('<dialog id="keys"') :]))

    on_review, on_sheet = keyed(page), keyed(world.page("reviewer", f"/projects/return/{ready}"))
    at_the_desk = keyed(world.page("clerk", f"/counter/{ready}"))

    assert {"A", "R", "D", "N", "C"} <= on_review
    assert {"A", "R", "N"} <= on_sheet
    assert named - EVERYWHERE == (on_review | at_the_desk) & named


@pytest.mark.parametrize("row", ["kind=project&id={ready}", "kind=project&id=999999", ""])
def test_next_leads_to_another_task_or_back_to_the_queue(world: World, row: str) -> None:
    at_hand = row.format(**world.own.projects)

    answer = world.get("reviewer", f"/worklist/next?{at_hand}")

    assert answer.status_code == 302
    assert answer.location != f"/projects/approve/{world.own.projects['ready']}" or not at_hand.endswith(
        str(world.own.projects["ready"])
    )
