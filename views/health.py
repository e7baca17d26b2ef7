"""Is the process up, can it work: two answers for those who watch it, with nothing about the product in them."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.migrations.run import is_current
from app.security.here import db
from models.sqlite_file import is_durable

blueprint = Blueprint("health", __name__)
PLAIN = "text/plain"


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype=PLAIN)


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers and stands where this code needs it."""
    try:
        connection = db().connection()
        connection.execute(text("SELECT 1"))
        ready = is_current(connection) and is_durable(connection)
    except SQLAlchemyError:
        ready = False
    return Response("ready\n" if ready else "not ready\n", 200 if ready else 503, mimetype=PLAIN)
