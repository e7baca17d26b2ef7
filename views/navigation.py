"""The way back: where a request was sent from, and a few short paths of our own in the cookie."""

from urllib.parse import urlsplit

from flask import current_app, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.security.redirects import local_path

KEY = "back"
KEPT = 4
LONGEST = 200
RETURN_TO = "back"  # in a form between a list and its act: the list with its filters, page, order and search
NO_PAGES = ("/login/", "/back", "/lang/", "/attachments/", "/static/", "/api/")  # opened, and no form stands there


class RemembersTheWay:
    """Mixin: what FAB calls page history."""

    def update_redirect(self) -> None:
        """Note this page; with its query when that is short."""
        if request.method != "GET":
            return
        here = request.full_path.rstrip("?")
        if len(here) > LONGEST or "q" in request.args:  # what was searched for may be a phone number
            here = request.path[:LONGEST]
        way = _way()
        if not way or way[-1] != here:
            session[KEY] = [*way, here][-KEPT:]

    def get_redirect(self) -> str:
        """The page that a form was sent from; else the page before this one, or the first page."""
        sent_from = came_from() if request.method == "POST" else None
        before = [place for place in _way() if place.partition("?")[0] != request.path]
        session[KEY] = before[:-1]
        if sent_from is not None and urlsplit(sent_from).path != request.path:
            return sent_from
        return (local_path(before[-1]) if before else None) or "/"

    def last_at(self, path: str) -> str:
        """The path as it was last opened, with its filters; the bare path if it was not.

        The browser's own word comes first: it knows what was searched for, which the cookie must not.
        """
        for place in (request.form.get(RETURN_TO), came_from(), *reversed(_way())):
            if place and place.partition("?")[0] == path:
                return local_path(place) or path
        return path


def came_from() -> str | None:
    """The page of ours that this request was sent from, with its query, if it can be opened again."""
    place = urlsplit(request.headers.get("Referer", ""))
    shown = f"{place.path}?{place.query}".rstrip("?")
    return local_path(shown) if place.netloc == request.host and can_be_opened(place.path) else None


def can_be_opened(path: str) -> bool:
    """Whether there is a page at this path: one that only takes forms is none."""
    try:
        rule, _values = current_app.url_map.bind(request.host).match(path, method="GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return False
    return not path.startswith(NO_PAGES) and not rule.endpoint.endswith("static")


def _way() -> list[str]:
    return [place for place in session.get(KEY, []) if isinstance(place, str)]
