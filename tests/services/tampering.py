"""What a person with the database's own rights could do: change rows although triggers and keys forbid it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool


@contextmanager
def without_triggers(session_factory: Callable[[], Session]) -> Iterator[Session]:
    """A session in which neither triggers nor foreign keys hold; commits at the end."""
    with session_factory() as session:
        engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name == "postgresql":
        with session_factory() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            yield session
            session.commit()
        return
    unguarded = create_engine(engine.url, poolclass=NullPool)  # SQLite checks foreign keys only when asked to
    with Session(unguarded) as session:
        triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            session.execute(text(f"DROP TRIGGER {name}"))
        yield session
        for _, statement in triggers:
            session.execute(text(statement))
        session.commit()
