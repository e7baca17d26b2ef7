"""Reading our pages as a browser would: inputs, rows, messages. Knows only HTML and the marks of FIELDS."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

NOT_SENT = frozenset({"submit", "button", "file", "image", "reset"})


class _Form(HTMLParser):
    """Collects what the first matching form would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.inside = False
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("method", "get").lower() == "post" and "logout" not in given.get("action", "")
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type", "text") not in NOT_SENT:
            self._input(name, given)
        elif tag == "textarea":
            self.area = name
            self.found[name] = ""
        elif tag == "select":
            self.select = name
            self.found.setdefault(name, "")
        elif tag == "option" and self.select and "selected" in given:
            self.found[self.select] = given.get("value", "")

    def _input(self, name: str, given: dict[str, str]) -> None:
        ticked = given.get("type") not in {"checkbox", "radio"} or "checked" in given
        if ticked:
            self.found[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.found[self.area] = self.found[self.area] + data


def inputs(page: str) -> dict[str, str]:
    """What the page's forms would send, as they stand; the token and the sign-out form left out."""
    reader = _Form()
    reader.feed(page)
    found = {name: value.removeprefix("\n").removeprefix("\r\n") for name, value in reader.found.items()}
    found.pop("csrf_token", None)
    return found


def errors(page: str) -> dict[str, str]:
    """The sentences at inputs, by input name."""
    marked = re.findall(r'<[^>]*data-error-for="([^"]+)"[^>]*>(.*?)</', page, re.S)
    return {name: unescape(re.sub(r"<[^>]+>", "", text)).strip() for name, text in marked}


def messages(page: str) -> list[tuple[str, str]]:
    """Flashed messages with their level."""
    marked = re.findall(r'data-level="(\w+)"[^>]*>(.*?)</div>', page, re.S)
    return [(level, " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())) for level, text in marked]


def rows(page: str) -> dict[int, str]:
    """List rows: key and state."""
    found: dict[int, str] = {}
    for tag in re.findall(r"<tr[^>]*data-id[^>]*>", page):
        given: dict[str, Any] = dict(re.findall(r'(data-[\w-]+)="([^"]*)"', tag))
        found[int(given["data-id"])] = given.get("data-status", "")
    return found


def value(page: str, field: str) -> str:
    """A shown value."""
    marked = re.search(rf'data-field="{field}"[^>]*>(.*?)</', page, re.S)
    return unescape(re.sub(r"<[^>]+>", "", marked[1])).strip() if marked else ""
