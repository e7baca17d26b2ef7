"""Everybody can walk through everything the menu offers, in Chinese, on a desk and on a telephone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.server import Console, console_running
from tests.browser.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {
    "administrator of the city": ("admin.wuxi", 12),
    "administrator": ("admin.jiangyin", 12),
    "reviewer": ("reviewer.jiangyin", 9),
    "manager": ("manager.jiangyin", 6),
    "counter clerk": ("clerk.jiangyin", 9),
    "matter clerk": ("matter.jiangyin", 3),
    "auditor": ("auditor.wuxi", 2),
    "organization": ("PDY00001-X", 9),
}


@pytest.fixture(scope="session")
def console(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The console of this file: the whole bureau, with rows in every list."""
    with console_running(tmp_path_factory.mktemp("bureau"), demo="1") as running:
        yield running


@pytest.mark.parametrize(("username", "fewest"), PEOPLE.values(), ids=PEOPLE)
def test_every_page_that_the_menu_leads_to_is_fit_to_be_seen(person, username, fewest):
    """The watch beside it fails on a script's complaint, another host, or an answer from 400 on."""
    somebody = person(username)

    found = walk(somebody)

    assert {path: told for path, told in found.items() if told} == {}
    assert len(found) >= fewest, sorted(found)
