"""What every request passes before a view sees it: a known host, no forgery, and the first-sign-in gate."""

import uuid
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, session
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response

from app.security import forgery
from app.security.actor import signed_in_user
from app.security.headers import STATIC_ENDPOINTS
from app.security.here import is_key_request

PASSWORD_PAGE = "/password/"  # noqa: S105 - a page, not a password
OPEN_PATHS = frozenset({PASSWORD_PAGE, "/logout/", "/healthz", "/readyz"})
OPEN_PREFIX = "/lang/"
LARGEST_TEXT = 1_000_000
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def install_first(app: Flask) -> None:
    """The checks that need no account; registered before all others."""
    app.before_request(name_request)
    app.before_request(forbid_forgery)


def install_last(app: Flask) -> None:
    """The gate; registered after FAB has made the person known."""
    app.before_request(hold_at_gate)


def name_request() -> None:
    """Give the request its id; refuse a foreign Host, and bodies no form of ours has, before anything reads them."""
    g.request_id = uuid.uuid4().hex[:20]
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_TEXT  # only uploads are large
    if session.get("locale") not in current_app.config["LANGUAGES"]:
        session.pop("locale", None)


def forbid_forgery() -> None:
    """Changing requests carry our token and come from our own pages. A key's request has no cookie to abuse."""
    if request.method not in CHANGING or not request.endpoint or is_key_request():
        return
    forgery.forbid()


def hold_at_gate() -> Any:
    """Until the first password is changed, every page and API is the page that changes it, or a refusal."""
    if request.endpoint in STATIC_ENDPOINTS or is_key_request() or _is_open(request.path):
        return None
    user = signed_in_user()
    return _turn_back() if user is not None and user.must_change_password else None


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIX)


def _turn_back() -> Response:
    if request.method in CHANGING or request.path.startswith("/api/"):
        abort(403)
    return redirect(PASSWORD_PAGE)
