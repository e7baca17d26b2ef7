"""The way back: a few short paths of our own in the cookie, instead of FAB's whole addresses."""

from flask import request, session

from app.security.redirects import local_path

KEY = "back"
KEPT = 4
LONGEST = 200


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
        """The page before this one, or the first page."""
        before = [place for place in _way() if place.partition("?")[0] != request.path]
        session[KEY] = before[:-1]
        return (local_path(before[-1]) if before else None) or "/"

    def last_at(self, path: str) -> str:
        """The path as it was last opened, with its filters; the bare path if it was not."""
        for place in reversed(_way()):
            if place.partition("?")[0] == path:
                return local_path(place) or path
        return path


def _way() -> list[str]:
    return [place for place in session.get(KEY, []) if isinstance(place, str)]
