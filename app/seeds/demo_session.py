"""A session for a load that counts as a whole or not at all: the services' commits are steps of one transaction."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from models.engine import FLUSHED, begin_write


class OneTransaction(Session):
    """Plays use cases inside the transaction of a connection, which its owner commits in the end.

    A commit writes down what has changed and forgets what was read, as usual, and ends nothing. A savepoint for each
    would allow to take single acts back, and cost a quarter of the load: whoever is refused here ends all of it.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, join_transaction_mode="rollback_only")
        begin_write(self)

    def commit(self) -> None:
        """A step is done."""
        self.flush()
        self.info.pop(FLUSHED, None)
        self.expire_all()

    def rollback(self) -> None:
        """After a reading nothing; after a change there is no way back to the last step, only to the beginning."""
        if self.new or self.dirty or self.deleted or self.info.get(FLUSHED):
            super().rollback()

    def close(self, *_: Any) -> None:
        """Ends with its connection."""
