"""Drawing a page asks the same thing in many places: while a request only reads, each answer is given once.

A decision never reads like this. It is a writer's transaction (models.engine.begin_write), and there every question
goes to the database.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from models.engine import has_changed, is_writing

P = ParamSpec("P")
R = TypeVar("R")
ANSWERS = "answers_while_reading"


def begin(session: Session) -> None:
    """From here on the session's user only reads: answers are kept until its transaction ends."""
    session.info.setdefault(ANSWERS, {})


def end(session: Session) -> None:
    """On PostgreSQL end a transaction that only read by COMMIT; whoever closes the session rolls back any other.

    psycopg drops the statements that it has prepared with every ROLLBACK, and PostgreSQL then plans each page anew.
    """
    if session.get_bind().dialect.name == "sqlite" or has_changed(session) or is_writing(session):
        return
    session.expire_on_commit = False  # nobody looks at its rows any more
    session.commit()


def keeps(session: Session) -> bool:
    """Whether an answer given now is kept for the next who asks."""
    return ANSWERS in session.info and not is_writing(session)


def keep(session: Session, question: str, answer: object) -> None:
    """Keep what was read along with something else."""
    if keeps(session):
        session.info[ANSWERS][question] = answer


def kept(session: Session, question: str) -> Any:
    """What was kept so in this transaction, or None."""
    return session.info[ANSWERS].get(question) if keeps(session) else None


def once(
    ask: Callable[Concatenate[Session, P], R],
) -> Callable[Concatenate[Session, P], R]:
    """Mark a question about rows; its arguments tell one question from another. The answer is not to be changed."""

    @wraps(ask)
    def answer(session: Session, *args: P.args, **kwargs: P.kwargs) -> R:
        if not keeps(session):
            return ask(session, *args, **kwargs)
        kept: dict[Any, Any] = session.info[ANSWERS]
        question = (answer, args, tuple(sorted(kwargs.items())))
        if question not in kept:
            kept[question] = ask(session, *args, **kwargs)
        found: R = kept[question]
        return found

    return cast("Callable[Concatenate[Session, P], R]", answer)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and ANSWERS in session.info:
        session.info[ANSWERS].clear()


@event.listens_for(Session, "after_flush")
def _forget_what_changed(session: Session, _context: Any) -> None:
    if ANSWERS in session.info:
        session.info[ANSWERS].clear()
