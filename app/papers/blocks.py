"""What a paper is made of: a title and blocks of plain text. It knows no record and no file format."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

Pair = tuple[str, str]


@dataclass(frozen=True)
class Rows:
    """Labels with their values, one under the other."""

    rows: Sequence[Pair]
    title: str = ""
    kind: str = "rows"


@dataclass(frozen=True)
class Items:
    """A numbered list in two columns below their heads."""

    heads: tuple[str, str, str]
    items: Sequence[Pair]
    title: str = ""
    kind: str = "items"


@dataclass(frozen=True)
class Plate:
    """A number in its segments, each above its word."""

    segments: Sequence[Pair]
    title: str = ""
    kind: str = "plate"


@dataclass(frozen=True)
class Code:
    """A QR code with what it is for, and its text to be typed by hand."""

    svg: str
    caption: str
    code: str
    address: str
    title: str = ""
    kind: str = "qr"


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    text: str
    title: str = ""
    kind: str = "text"


@dataclass(frozen=True)
class Signatures:
    """Places to sign, side by side."""

    lines: Sequence[str]
    title: str = ""
    kind: str = "sign"


Block = Rows | Items | Plate | Code | Prose | Signatures


@dataclass(frozen=True)
class Paper:
    """One paper; `footer` says on every page what it is and when it was made."""

    title: str
    issuer: str
    footer: str
    blocks: Sequence[Block]
    subtitle: str = ""


def plain(paper: Paper) -> dict[str, Any]:
    """The paper as JSON."""
    return asdict(paper)
