"""The rail as its template prints it: FAB's menu for one set of rights, made once and not for every page."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask import current_app, request
from flask_babel import get_locale, gettext


class Entry(NamedTuple):
    """One line, in the reader's language."""

    name: str
    label: str
    icon: str
    url: str
    endpoint: str | None


class Group(NamedTuple):
    """Entries under a heading; those above all headings have none."""

    heading: str
    entries: tuple[Entry, ...]


def rail() -> tuple[Group, ...]:
    """What the person at hand may open, in the menu's order. Our menu has no conditions besides rights."""
    builder: Any = current_app.appbuilder  # type: ignore[attr-defined]
    allowed = frozenset(builder.sm.get_user_menu_access())
    kept: dict[Any, tuple[Group, ...]] = current_app.extensions.setdefault("rail", {})
    key = str(get_locale()), allowed, request.script_root
    if key not in kept:
        kept[key] = (*_home(allowed), *_groups(builder.menu.get_list(), allowed))
    return kept[key]


def _home(allowed: frozenset[str]) -> Iterator[Group]:
    """The first page, for everybody who has one; it is FAB's index, which no menu holds."""
    if "projects" in allowed:
        yield Group("", (Entry("home", gettext("首页"), "fa-house", f"{request.script_root}/", "HomeView"),))


def _groups(menu: Iterable[Any], allowed: frozenset[str]) -> Iterator[Group]:
    for item in menu:
        if item.name not in allowed:
            continue
        if item.childs:
            below = [child for child in item.childs if child.name in allowed]
            yield Group(gettext(str(item.label)), tuple(map(_entry, below)))
        else:
            yield Group("", (_entry(item),))


def _entry(item: Any) -> Entry:
    endpoint = getattr(item.baseview, "endpoint", None)
    return Entry(item.name, gettext(str(item.label)), item.icon or "fa-angle-right", item.get_url(), endpoint)
