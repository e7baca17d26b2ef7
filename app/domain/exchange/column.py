"""One column of another system's table: where its value comes from, and what that system asks of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Source:
    """What a row is made from: plain values by input name (FIELDS), the facts beside them, region codes there."""

    values: Mapping[str, Any]
    facts: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)  # our code -> theirs, where it differs


@dataclass(frozen=True)
class Column:
    """`name` as the standard writes it; `source` is an input, or a fact where `is_fact`.

    `digits` cuts a region code down to the district, the city (4) or the province (2) above it.
    """

    name: str
    label: str
    source: str
    required: bool = False
    width: int = 0  # most characters; 0 for none asked
    is_fact: bool = False
    is_date: bool = False
    dictionary: str | None = None
    digits: int = 0
