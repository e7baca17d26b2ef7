"""What the delivery tests read back, and how a process dies in them."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from models.outbox import Outbox

MOBILE = "13800000000"


def row(session_factory: Callable[[], Session], row_id: int) -> Outbox:
    with session_factory() as session:
        found = session.get(Outbox, row_id)
        session.expunge(found)
        return found


class Killed(BaseException):
    """The process dies here: nothing of it may run on."""
