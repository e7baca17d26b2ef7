"""Addresses of the page at hand with some of its parameters changed, for links in templates."""

from collections.abc import Collection, Mapping
from urllib.parse import urlencode

from flask import Flask, request

PLACES = ("after_", "before_")  # the place in a list that another page had


def install(app: Flask) -> None:
    """`here` in every template."""
    app.jinja_env.globals["here"] = here


def here(changes: Mapping[str, object], drop: Collection[str] = ()) -> str:
    """This page with these parameters, None leaving one out, and without its place in a list.

    The path is the request's own and only the query is made anew: handing request.args to url_for would let a
    reader's link set _scheme or _external.
    """
    kept: list[tuple[str, object]] = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if value and name not in changes and name not in drop and not name.startswith(PLACES)
    ]
    kept += [(name, value) for name, value in changes.items() if value is not None]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path
