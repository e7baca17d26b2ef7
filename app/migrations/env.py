"""What Alembic runs: on a given connection, an address or the Flask app's engine; it knows all our tables."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine
from sqlalchemy.types import TypeDecorator

from models import Model
from models.engine import create_engine_for


def render_item(kind: str, thing: Any, _context: Any) -> str | bool:
    """A revision is history: it names plain database types and never imports ours."""
    if kind == "type" and isinstance(thing, TypeDecorator) and type(thing).__module__.startswith("models."):
        return f"sa.{thing.impl_instance!r}"
    return False


def _engine() -> Engine:
    address = context.config.get_main_option("sqlalchemy.url")
    if address:
        return create_engine_for(address)
    engine: Engine = current_app.extensions["migrate"].db.engine
    return engine


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_item=render_item,
        compare_type=True,
        transactional_ddl=True,  # our SQLite connections open real transactions
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("A revision asks the database what it is, so it cannot be written out as a script.")
given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with _engine().connect() as opened:
        _run(opened)
