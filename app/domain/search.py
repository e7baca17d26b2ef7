"""Contains-search over short texts: how a text is folded, and the grams it is found by. Pure, no I/O.

One gram stands at each position that holds a letter or a figure: two characters where it holds a Chinese (or any
other non-ASCII) one, three where it holds an ASCII one, shorter at the end of its run. Whatever contains a query
holds the grams of the query, so they narrow; the literal comparison of the folded texts decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain import spelling
from app.domain.number import canonical_number

ASCII_WIDTH, OTHER_WIDTH = 3, 2
LONGEST_GRAM = ASCII_WIDTH
LAST = "\U0010ffff"  # no text of ours goes on with it


@dataclass(frozen=True, order=True)
class Piece:
    """A gram that a found text must hold: exactly this one, or any that begins with it."""

    text: str
    whole: bool


def folded(text: str) -> str:
    """One width, one case and one form of each kind of sign, without blanks."""
    return spelling.alike(text)


def searched(values: Iterable[str | None]) -> str:
    """The one text in which a row is found: its values, folded, each in a line of its own."""
    return "\n".join("".join(folded(value).split("\n")) for value in values if value)


def asked(query: str) -> tuple[str, ...]:
    """The texts that a query may stand for: itself, and a number or code pasted with its separators."""
    plain = spelling.query(query)
    number = folded(canonical_number(plain))
    if not plain:
        return ()
    digits = "一" not in plain and number.isascii() and number.isalnum() and any(mark.isdigit() for mark in number)
    return tuple(dict.fromkeys((plain, number))) if digits else (plain,)


def grams(text: str) -> frozenset[str]:
    """The grams of a folded text, one per position."""
    return frozenset(gram for run in _runs(text) for gram in _of_run(run))


def pieces(query: str) -> tuple[Piece, ...]:
    """What every text that contains this folded query must hold; empty for a query of signs alone."""
    found: dict[Piece, None] = {}
    for run in _runs(query):
        width = _width(run[0])
        whole = [Piece(gram, True) for gram in _of_run(run) if len(gram) == width]
        found.update(dict.fromkeys(whole or [Piece(run, False)]))
    return tuple(found)


def is_exact(query: str) -> bool:
    """Whether holding the query's one gram is the same as containing the query."""
    return len(query) > 0 and [(p.text, p.whole) for p in pieces(query)] in ([(query, True)], [(query, False)])


def _of_run(run: str) -> Iterator[str]:
    width = _width(run[0])
    return (run[place : place + width] for place in range(len(run)))


def _width(mark: str) -> int:
    return ASCII_WIDTH if mark.isascii() else OTHER_WIDTH


def _runs(text: str) -> Iterator[str]:
    """Stretches of one kind: ASCII letters and figures, or others; signs and blanks part them."""
    run = ""
    for mark in text:
        kept = mark.isalnum()
        if run and (not kept or mark.isascii() != run[-1].isascii()):
            yield run
            run = ""
        if kept:
            run += mark
    if run:
        yield run
