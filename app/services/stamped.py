"""What is kept in memory while the stamp of reference data and rights holds (models.reference_stamp, ADR 0020)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from app.services import reading

P = ParamSpec("P")
R = TypeVar("R")
STAMP = "reference_stamp"


def know(session: Session, stamp: int) -> None:
    """The stamp, read in the transaction at hand; it is forgotten with it, and a writer never has one."""
    reading.keep(session, STAMP, stamp)


def once(ask: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """As reading.once, for a question about stamped tables: its answer stays until the stamp is another, by database.

    A session that knows no stamp asks each time. The answer is not to be changed.
    """
    answers: WeakKeyDictionary[Any, tuple[int, dict[Any, R]]] = WeakKeyDictionary()

    @wraps(ask)
    def answer(session: Session, *args: P.args, **kwargs: P.kwargs) -> R:
        stamp = reading.kept(session, STAMP)
        if stamp is None:
            return ask(session, *args, **kwargs)
        database = session.get_bind()
        under = answers.get(database)
        if under is None or under[0] != stamp:
            under = answers[database] = (stamp, {})
        question = (args, tuple(sorted(kwargs.items())))
        if question not in under[1]:
            under[1][question] = ask(session, *args, **kwargs)
        return under[1][question]

    return cast("Callable[Concatenate[Session, P], R]", answer)
