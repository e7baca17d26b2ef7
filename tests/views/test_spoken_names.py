"""Every button and every step of a row has a name of its own for those who hear the page (WCAG 2.4.4, 2.4.6)."""

from collections import defaultdict
from html.parser import HTMLParser

import pytest

from tests.views.addresses import address_of
from tests.views.matrix import LINES
from tests.views.world import World

READERS = ("owner", "clerk", "reviewer", "admin", "hats", "root")
SKIPPED = ("/static", "/back", "/lang", "/attachments", "/api", "/logout", "/styleguide")  # that shows parts twice
PAGES = [line for line in LINES if line.method == "GET" and not line.rule.startswith(SKIPPED)]


class Acts(HTMLParser):
    """What can be pressed on a page: its spoken name, and what tells it from others."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, set[str]] = defaultdict(set)
        self._open: list[tuple[str, dict[str, str]]] = []
        self._text = ""
        self._form = ""
        self._hidden: list[str] = []
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form, self._hidden = given.get("action", ""), []
        if tag == "input" and given.get("type") == "hidden" and given.get("name") not in ("csrf_token", "version"):
            self._hidden.append(f"{given.get('name')}={given.get('value')}")
        if tag == "td":
            self._cells = 1 if "row-acts" in given.get("class", "") else 0
        if tag == "button" or (tag == "a" and self._cells):
            self._open.append((tag, given))
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._cells = 0
        if not self._open or self._open[-1][0] != tag:
            return
        _, given = self._open.pop()
        if given.get("aria-hidden") == "true":
            return
        name = (given.get("aria-label") or self._text).strip() or given.get("title", "")
        own = {key: value for key, value in given.items() if key not in ("class", "id", "aria-label")}
        self.found[name].add(f"{self._form} {self._hidden} {sorted(own.items())}")


@pytest.mark.parametrize("reader", READERS)
def test_no_two_acts_of_a_page_sound_alike(whole_world: World, reader: str) -> None:
    alike = {}
    for line in PAGES:
        answer = whole_world.read(reader, address_of(whole_world, line.rule))
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        acts = Acts()
        acts.feed(answer.get_data(as_text=True))
        assert "" not in acts.found, (line.rule, acts.found[""])
        alike |= {(line.rule, name): told for name, told in acts.found.items() if len(told) > 1}

    assert sorted(alike) == []
