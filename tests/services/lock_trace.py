"""Which rows a transaction holds on PostgreSQL, in which order, and whether two such transactions could deadlock."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import Engine, event

from models import Model

KEY_SHARE, SHARE, CHANGE, ALONE = "KEY SHARE", "SHARE", "NO KEY UPDATE", "UPDATE"
CONFLICTS = {
    frozenset(pair)
    for pair in ((KEY_SHARE, ALONE), (SHARE, CHANGE), (SHARE, ALONE), (CHANGE, ALONE), (CHANGE,), (ALONE,))
}
SELECTS = re.compile(r"FOR (NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)(?: OF ([\w, ]+))?")
ANYBODY = None


@dataclass(frozen=True)
class Lock:
    """One table's row, or of accounts the row of one person."""

    table: str
    mode: str
    who: int | None = ANYBODY

    def conflicts(self, other: "Lock") -> bool:
        same = self.who == other.who or ANYBODY in (self.who, other.who)
        return self.table == other.table and same and frozenset((self.mode, other.mode)) in CONFLICTS


Transaction = list[Lock]


@contextmanager
def traced(engine: Engine) -> Iterator[list[Transaction]]:
    """The locks of each transaction, in the order in which they are taken."""
    done: list[Transaction] = [[]]
    made: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        rows = context.compiled_parameters if context is not None else None
        for lock in _locks(statement, rows or [{}], made):
            if lock not in done[-1]:
                done[-1].append(lock)

    def end(_connection: Any) -> None:
        done.append([])
        made.clear()

    listeners = (("before_cursor_execute", note), ("commit", end), ("rollback", end))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    yield done
    for name, listener in listeners:
        event.remove(engine, name, listener)


def _locks(statement: str, rows: list[dict[str, Any]], made: set[str]) -> Iterator[Lock]:
    """What one statement holds; rows that the transaction has just made are nobody else's to hold."""
    verb, _space, rest = statement.lstrip().partition(" ")
    if verb in ("SELECT", "WITH"):
        found = SELECTS.search(statement)
        if found:
            tables = (found[2] or re.search(r"FROM (\w+)", statement)[1]).split(",")  # type: ignore[index]
            for table in tables:
                yield Lock(table.strip(), found[1], _who(table.strip(), statement, rows[0]))
    elif verb == "INSERT":
        table = rest.split()[1]
        yield from (lock for row in rows for lock in _referred(table, row) if lock.table not in made)
        made.add(table)
    elif verb in ("UPDATE", "DELETE"):
        table = rest.split()[0 if verb == "UPDATE" else 1]
        if table not in made:
            names = set(re.findall(r"(\w+)=", statement.partition(" WHERE ")[0]))
            mode = ALONE if verb == "DELETE" or names & _keys(table) else CHANGE
            yield Lock(table, mode, _who(table, statement, rows[0]))
            referred = {name: rows[0].get(name) for name in names}
            yield from (lock for lock in _referred(table, referred) if lock.table not in made)


def _who(table: str, statement: str, row: dict[str, Any]) -> int | None:
    found = re.search(rf"{table}\.id = %\((\w+)\)s", statement)
    return row.get(found[1]) if table == "ab_user" and found else ANYBODY


def _referred(table: str, row: dict[str, Any]) -> Iterator[Lock]:
    for key in sorted(Model.metadata.tables[table].foreign_keys, key=lambda one: one.parent.name):
        value = row.get(key.parent.name)
        if value is not None:
            parent = key.column.table.name
            yield Lock(parent, KEY_SHARE, value if parent == "ab_user" else ANYBODY)


def _keys(table: str) -> set[str]:
    """Columns of a unique key without a condition: who changes one keeps out those who refer to the row."""
    found = Model.metadata.tables[table]
    return {column.name for column in found.columns if column.unique or column.primary_key}


def rings(one: Transaction, other: Transaction) -> list[str]:
    """Each way in which the two can wait for each other: two pairs held crosswise, with nothing before that parts them."""
    told = []
    for (i, first), (_, second) in combinations(enumerate(one), 2):
        for (k, third), (_, fourth) in combinations(enumerate(other), 2):
            if not (first.conflicts(fourth) and second.conflicts(third)):
                continue
            if any(before.conflicts(earlier) for before in one[: i + 1] for earlier in other[: k + 1]):
                continue  # the two cannot hold both at once: whoever comes second waits there
            told.append(" ".join(f"{lock.table}/{lock.mode}" for lock in (first, second, third, fourth)))
    return told
