"""Somebody known was turned away before any service was reached: that, too, is told in the audit trail."""

from typing import Any

from flask import g, request
from sqlalchemy.exc import SQLAlchemyError

from app.domain.rights import VERBS
from app.domain.terms import N_
from app.security.actor import current_actor
from app.security.gate import CHANGING
from app.security.here import db, now, view_at_hand
from app.services import audit
from models.engine import begin_write

FORBIDDEN, NOT_FOUND = 403, 404
SENTENCES = {
    FORBIDDEN: N_("没有这项权限。"),
    NOT_FOUND: N_("没有这条记录，或不在办理范围。"),
}
LONGEST_ACTION, LONGEST_TYPE = 60, 30


def note(code: int) -> None:
    """Write one row, in a transaction of its own after whatever the request began is undone."""
    if not _counts(code) or not current_actor().username or g.get("denial_noted"):
        return
    g.denial_noted = True
    actor = current_actor()
    session = db()
    try:
        session.rollback()
        begin_write(session)
        resource, method = _names()
        audit.record(
            session,
            actor,
            f"{resource}:{method}"[:LONGEST_ACTION],
            resource[:LONGEST_TYPE],
            _object_id(),
            now=now(),
            result="refused",
            sentence=SENTENCES[code],
        )
        session.commit()
    except SQLAlchemyError:  # turning away must work when writing does not
        session.rollback()


def _counts(code: int) -> bool:
    """A missing right always; a row out of reach when somebody tried to change it."""
    if request.endpoint is None:
        return False
    return code == FORBIDDEN or (code == NOT_FOUND and request.method in CHANGING)


def _names() -> tuple[str, str]:
    """The resource and the right that were asked for, in the words of the permission matrix."""
    view: Any = view_at_hand()
    resource = getattr(view, "class_permission_name", None) or request.blueprint or "-"
    named = str((request.view_args or {}).get("name") or request.form.get("action") or "")
    return resource, named if named in VERBS else _right(view, (request.endpoint or "-").rpartition(".")[2])


def _right(view: Any, method: str) -> str:
    if not hasattr(getattr(view, method, None), "_permission_name"):
        return method
    return str(view.get_method_permission(method))


def _object_id() -> int | None:
    for value in (request.view_args or {}).values():
        if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10:
            return int(value)
    return None
