"""Many rows a few at a time: statements stay short, memory flat."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
SIZE = 500  # keys in one IN list


def in_chunks(items: Iterable[Item], size: int = SIZE) -> Iterator[list[Item]]:
    """Lists of at most `size`, in the order given."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
