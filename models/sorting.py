"""Keeps beside each name that lists are sorted by its key in the order of pinyin (app.domain.sorting).

An insert through the session or the table writes the key with the name, a session that flushes another name writes
it anew. What was written past both (an update in bulk, a restore) is put right by `fill`.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, String, bindparam, column, event, inspect, select, table, update
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.domain.sorting import LONGEST_KEY, sort_key
from models.base import Model

BATCH = 5_000  # rows that a filling holds in memory
SUFFIX = "_order"
# Hexadecimal figures compare by their bytes; SQLite knows no other order.
_KEY = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")


def sort_column(source: str) -> Mapped[str]:
    """The column `source`_order: the sort key of the name that stands in `source` of the same row."""
    return mapped_column(
        _KEY,
        default=_key_of(source),
        server_default="",
        nullable=False,
        deferred=True,
        info={"sorts": source},
        comment=f"Place of {source} in the order of pinyin, hex of GB 18030; system",
    )


def ordered_by(model: type[Any], name: str) -> Any:
    """The attribute that rows are ordered by when `name` is asked for: its sort key where it has one."""
    return getattr(model, name + SUFFIX, None) or getattr(model, name)


def _key_of(source: str) -> Callable[[Any], str]:
    def key(context: Any) -> str:
        return sort_key(context.get_current_parameters().get(source))

    return key


@event.listens_for(Model, "before_update", propagate=True)
def _follow_names(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    """Keys of the names that are about to change."""
    attributes = inspect(row).attrs
    for own in mapper.columns:
        source = own.info.get("sorts")
        if source and attributes[source].history.has_changes():
            setattr(row, own.key, sort_key(getattr(row, source)))


def fill(connection: Connection, name: str, source: str, *, batch: int = BATCH) -> None:
    """Write the keys of one table anew where they differ, `batch` rows at a time, in the caller's transaction.

    A light table: a migration must not know later columns.
    """
    rows = table(name, column("id"), column(source), column(source + SUFFIX))
    own, key = rows.c, rows.c[source + SUFFIX]
    change = update(rows).where(own.id == bindparam("row")).values({key: bindparam("k")})
    last = 0
    while found := connection.execute(select(rows).where(own.id > last).order_by(own.id).limit(batch)).all():
        keys = [{"row": at, "k": sort_key(said)} for at, said, stood in found if sort_key(said) != stood]
        if keys:
            connection.execute(change, keys)
        last = found[-1][0]
