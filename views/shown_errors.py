"""What a page just refused to an applicant is kept, so that staff can read it while the person is on the telephone."""

from typing import Any

from flask import Flask, Response, g, has_request_context, message_flashed, request
from sqlalchemy.exc import SQLAlchemyError

from app.domain.terms import Role
from app.security.actor import current_actor
from app.security.here import db, now
from app.services import calls

TROUBLE = ("danger", "warning")


def init(app: Flask) -> None:
    """Listen to what is said, and look at every answer to a form. What the gate turns away says nothing here."""
    message_flashed.connect(_hear, app)
    app.after_request(_keep)


def _hear(_app: Flask, message: Any, category: str, **_more: Any) -> None:
    if category in TROUBLE and has_request_context():
        g.told = [*g.get("told", ()), str(message)]


def _keep(response: Response) -> Response:
    sentences = [str(text) for text in g.get("told", ())]
    if not sentences or request.method != "POST":
        return response
    actor = current_actor()
    if actor.roles != {Role.APPLICANT} or actor.organization_id is None:
        return response
    try:
        calls.keep_error(db(), actor, request.path, sentences, now=now())
    except SQLAlchemyError:  # an answer must go out when writing does not work
        db().rollback()
    return response
