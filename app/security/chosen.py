"""The rows ticked for an act with a form: they travel signed in the form, for one person, one act and a while.

Never in the address, where they would stay in histories and logs. Whether the person may still reach and change
the rows is asked again when the form comes back.
"""

from dataclasses import dataclass

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.security.actor import current_actor
from app.security.here import settings

FIELD = "chosen"
SALT = "yht-chosen-rows"
LASTS_SECONDS = 12 * 60 * 60  # a day's work: each row's version is asked again


@dataclass(frozen=True)
class Chosen:
    """One row as it stood when the form was drawn."""

    key: int
    version: int
    submission_id: int | None


def sealed(act: str, rows: list[Chosen]) -> str:
    """The rows for the form's hidden input; `act` says on what and for which deed."""
    return str(_signer(act).dumps([(row.key, row.version, row.submission_id) for row in rows]))


def opened(act: str) -> list[Chosen] | None:
    """The rows that came back with the form; None when they are too old, another's or for another act."""
    return _opened(act, request.form.get(FIELD, ""), LASTS_SECONDS)


def reopened(act: str, kept: str) -> list[Chosen] | None:
    """The rows of a form that waited here for its person, however long that took."""
    return _opened(act, kept, None)


def _opened(act: str, seal: str, max_age: int | None) -> list[Chosen] | None:
    try:
        rows = _signer(act).loads(seal, max_age=max_age)
    except BadSignature:
        return None
    return [Chosen(*row) for row in rows]


def _signer(act: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=f"{SALT}:{act}:{current_actor().user_id}")
