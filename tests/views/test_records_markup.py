"""What people write is shown as text, whatever stands in it: on every page, in every message, to every reader."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from models.attachment import Attachment
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.inbox_message import InboxMessage
from models.mandate import Mandate
from models.organization import Organization
from models.project import Project
from models.review import ReturnItem, Review
from models.user import User
from tests.app_fixtures import MONDAY
from tests.views.addresses import address_of
from tests.views.matrix import LINES, Line
from tests.views.world import World

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7777*7}}${7777*7}<%=7777*7%>",
    "</title></script><script src=//evil.example/x></script>",
    "%(name)s %s %d 100%",
)
READERS = ("owner", "clerk", "reviewer", "admin", "hats")
PAGES = [line for line in LINES if line.method == "GET" and not line.rule.startswith(("/static", "/back", "/lang"))]


# Markup ---------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    """What of a page would run or lead elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "nonce" not in given and given.get("type") != "application/json":
            self.bad.append(f"script {given}")
        if tag in {"iframe", "object", "embed", "base"}:
            self.bad.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or (name in {"href", "src", "action", "formaction"} and _leads_away(text)):
                self.bad.append(f"{tag} {name}={value}")


def _leads_away(text: str) -> bool:
    return text.startswith(("javascript:", "vbscript:", "data:text", "//evil", "x"))


@pytest.fixture(scope="module")
def marked(whole_world: World) -> Iterator[World]:
    """Every text that a person writes holds markup."""
    world = whole_world
    own, text = world.own, " ".join(PAYLOADS)
    for key in own.projects.values():
        world.put(Project, key, name=f"甲{text}"[:200], address=text[:200], scale=text, remarks=text,
                  contact_name=text[:50], approval_authority=text[:200], funding_source=text[:200],
                  email=PAYLOADS[0])  # fmt: skip
    world.put(Enterprise, own.enterprise, name=text[:200], address=text[:200], legal_representative=text[:50],
              website=PAYLOADS[4], remarks=text)  # fmt: skip
    world.put(Organization, own.organization, name=text[:200], contact_name=text[:50])
    world.put(Attachment, own.scan, original_name=f"{text[:200]}.pdf")
    world.put(Mandate, own.mandate, agent_name=text[:50], agency_name=text[:200])
    world.put(Review, own.review, comment=text)
    with world.session() as session:
        item = session.get_one(Review, own.review).return_items[0].id
    world.put(ReturnItem, item, instruction=text[:500], answer=text[:500], answered_at=MONDAY)
    for key in own.messages:
        world.put(InboxMessage, key, text=text)
    for person in world.people.values():
        world.put(User, person.user_id or 0, display_name=text[:64])
    with world.session() as session:
        for bureau in session.query(Bureau):
            bureau.name = f"{bureau.name}{PAYLOADS[1]}"
        session.commit()
    yield world
    world.restore()


@pytest.mark.parametrize("line", PAGES, ids=str)
def test_markup_that_somebody_wrote_is_text_on_every_page(marked: World, line: Line) -> None:
    for who in READERS:
        if line.answers[who] != "200":
            continue
        with marked.browser(who).get(address_of(marked, line.rule)) as answer:
            if answer.mimetype != "text/html":
                continue
            page = answer.get_data(as_text=True)
        tags = _Tags()
        tags.feed(page)
        assert tags.bad == [], (who, tags.bad)
        assert "54439" not in page, who


@pytest.mark.parametrize("path", ["/projects/list/", "/enterprises/list/", "/counter/", "/worklist/", "/lookup/"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_search_comes_back_as_text(marked: World, path: str, payload: str) -> None:
    tags = _Tags()

    tags.feed(marked.page("hats", f"{path}?q={quote(payload)}&number={quote(payload)}&status={quote(payload)}"))

    assert tags.bad == []


def test_markup_in_messages_and_on_a_form_that_was_refused_is_text(marked: World) -> None:
    key = marked.own.projects["approved"]
    chosen = {"action": "submit", "rowid": [key], "truthfulness_declared": "y"}
    bulk = marked.post("owner", "/projects/action_post", chosen, follow_redirects=True)
    form = {f"items-0-{name}": PAYLOADS[1] for name in ("target", "reason_code", "instruction")}
    returned = marked.post(
        "reviewer", f"/projects/return/{marked.own.projects['ready']}", {**form, "comment": PAYLOADS[3]}
    )
    added = marked.post(
        "owner", "/projects/add", {"name": PAYLOADS[3], "scale": PAYLOADS[3], "investment_10k_cny": "x"}
    )
    void = marked.post("admin", f"/projects/void/{key}", {"reason": PAYLOADS[3]})

    for answer in (bulk, returned, added, void):
        tags = _Tags()
        tags.feed(answer.get_data(as_text=True))
        assert tags.bad == []
        assert "alert(1)" in answer.get_data(as_text=True)
