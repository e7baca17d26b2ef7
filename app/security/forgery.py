"""Changing requests carry our token and come from our own pages; and whose form it was that comes too late.

The token of a form names the session that it was drawn in. So a form that outlived its session is told from a forged
one: it goes back to its person, and to nobody else.
"""

from urllib.parse import urlsplit

from flask import current_app, g, request
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.security import sessions
from app.security.actor import signed_in_user
from app.security.here import settings

SALT = "wtf-csrf-token"  # Flask-WTF's own
NOBODYS = frozenset({"/login/", "/register/"})  # whoever fills these in is not signed in yet
SIGN_OUT = "/logout/"


class OutlivedForm(Exception):
    """A form of ours whose session is over. `person` is whose session it was, `here` who is signed in now."""

    def __init__(self, person: int, here: int | None) -> None:
        super().__init__("The form outlived its session.")
        self.person = person
        self.here = here


def forbid() -> None:
    """Let a changing request pass, or raise CSRFError or OutlivedForm."""
    origin = request.headers.get("Origin")
    if origin and origin not in _own_origins():
        raise CSRFError("The request comes from another site.")
    user = signed_in_user()  # first: an ended session takes its token out of the cookie
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        if request.path in NOBODYS or not _is_outlived(user.id if user is not None else None):
            raise
        g.csrf_valid = True  # for WTForms, which would ask again


def _is_outlived(here: int | None) -> bool:
    """Whether it may pass all the same; OutlivedForm when it must go back to its person first."""
    person, is_fresh = _drawn_for()
    if person is None:
        return False
    if (person == here and is_fresh) or (here is None and request.path == SIGN_OUT):
        return True
    raise OutlivedForm(person, here)


def _drawn_for() -> tuple[int | None, bool]:
    """Whose session the form was drawn in, as its token says, and whether the token is young enough to be taken."""
    signer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
    try:
        nonce, drawn_at = signer.loads(request.form.get(sessions.NONCE_KEY, ""), return_timestamp=True)
    except BadSignature:
        return None, False
    if nonce == sessions.cookie.get(sessions.NONCE_KEY):
        return None, False  # of the session at hand: what is wrong with it is nothing that signing in mends
    age = signer.make_signer(SALT).get_timestamp() - drawn_at.timestamp()  # type: ignore[attr-defined]
    return sessions.person_behind(str(nonce)), age <= current_app.config["WTF_CSRF_TIME_LIMIT"]


def _own_origins() -> tuple[str, str]:
    public = urlsplit(settings().public_url)
    return request.host_url.rstrip("/"), f"{public.scheme}://{public.netloc}"
