"""Right values in the clothes that keyboards, telephones and copied pages give them: a Hypothesis strategy."""

from typing import Any

from hypothesis import strategies as st

UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202d\u2060\u2066\u2069\ufeff\u180e\u3164")
BLANKS = frozenset(" \t\u00a0\u2002\u2003\u2009\u202f\u205f\u3000")
DASHES = frozenset(
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d\u30fc\uff70\u2500\u301c"
)  # fmt: skip


def wide(mark: str) -> str:
    """The full-width form of a printable ASCII mark."""
    return chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark


def dressed(value: str) -> Any:
    """Spellings that mean the value: other widths and dashes, unseen marks anywhere, blanks at both ends."""
    return st.tuples(st.tuples(*map(_mark, value)), _around(), _around()).map(
        lambda parts: parts[1] + "".join(parts[0]) + parts[2]
    )


def _mark(mark: str) -> Any:
    forms = DASHES if mark == "-" else {mark, wide(mark)}
    hidden = st.sampled_from(["", "", "", *sorted(UNSEEN)])
    return st.tuples(st.sampled_from(sorted(forms)), hidden).map("".join)


def _around() -> Any:
    return st.lists(st.sampled_from(sorted(BLANKS | UNSEEN)), max_size=3).map("".join)
