"""Static files that a browser may keep: an address carries the fingerprint of its content and changes with it."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.security import safe_join

ARGUMENT = "v"
LENGTH = 12  # hexadecimal digits: enough for some hundred files, short in every page
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"  # fonts, which style sheets name without a fingerprint
ASK_AGAIN = "no-cache"


def install(app: Flask) -> None:
    """Addresses by `url_for` carry the fingerprint; answers say how long they may be kept."""
    app.url_defaults(_stamp)
    app.after_request(_keep)
    app.jinja_env.globals["url_for"] = _remembering(app)


def _remembering(app: Flask) -> Callable[..., str]:
    """`url_for` for templates: a page names a dozen files, whose addresses stay what they are."""
    found: dict[tuple[str, str, str], str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        if set(values) != {"filename"} or not endpoint.endswith("static") or not request:
            return app.url_for(endpoint, **values)
        key = request.script_root, endpoint, values["filename"]
        if key not in found:
            found[key] = app.url_for(endpoint, **values)
        return found[key]

    return url_for


def _stamp(endpoint: str, values: dict[str, Any]) -> None:
    folder = _folder(endpoint)
    if folder and "filename" in values and ARGUMENT not in values:
        found = fingerprint(folder, values["filename"])
        if found:
            values[ARGUMENT] = found


def _keep(response: Response) -> Response:
    """What was asked for by its own fingerprint never changes; anything else is to be asked for again."""
    folder = _folder(request.endpoint or "")
    if folder and response.status_code in (200, 304):
        asked, filename = request.args.get(ARGUMENT), (request.view_args or {}).get("filename", "")
        if asked is None:
            response.headers["Cache-Control"] = FOR_AN_HOUR if "/webfonts/" in filename else ASK_AGAIN
        else:
            response.headers["Cache-Control"] = FOR_GOOD if asked == fingerprint(folder, filename) else ASK_AGAIN
    return response


def _folder(endpoint: str) -> str | None:
    """The folder behind a static endpoint, of the application or of a blueprint."""
    if endpoint != "static" and not endpoint.endswith(".static"):
        return None
    owner: Any = current_app if endpoint == "static" else current_app.blueprints.get(endpoint.rpartition(".")[0])
    return owner.static_folder if owner is not None and owner.has_static_folder else None


@lru_cache(maxsize=1024)
def fingerprint(folder: str, filename: str) -> str | None:
    """Of a file as it was when first asked for; None for what is not there."""
    path = safe_join(folder, filename)
    if path is None or not Path(path).is_file():
        return None
    return sha256(Path(path).read_bytes()).hexdigest()[:LENGTH]
