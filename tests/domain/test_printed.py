"""What the fields refuse is what the papers cannot print: the table against the font itself."""

import struct
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.domain import printed
from app.papers.typeset import FONTS

FORMAT_OF_ALL = 12  # the sub-table of a cmap that holds every plane


def characters_of_the_font() -> set[int]:
    """All that the cmap of the first face names; the faces of the collection share it."""
    found = find_spec(FONTS)
    assert found is not None and found.origin is not None
    data = next(Path(found.origin).parent.glob("*.ttc")).read_bytes()
    face = struct.unpack(">I", data[12:16])[0]
    tables = struct.unpack(">H", data[face + 4 : face + 6])[0]
    entries = [struct.unpack(">4sIII", data[face + 12 + 16 * n : face + 28 + 16 * n]) for n in range(tables)]
    base = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    known: set[int] = set()
    for n in range(struct.unpack(">H", data[base + 2 : base + 4])[0]):
        start = base + struct.unpack(">I", data[base + 8 + 8 * n : base + 12 + 8 * n])[0]
        if struct.unpack(">H", data[start : start + 2])[0] != FORMAT_OF_ALL:
            continue
        for group in range(struct.unpack(">I", data[start + 12 : start + 16])[0]):
            first, last, _glyph = struct.unpack(">III", data[start + 16 + 12 * group : start + 28 + 12 * group])
            known.update(range(first, last + 1))
    return known


def test_the_table_is_the_font() -> None:
    told = {code for first, last in printed.ranges_of(printed.RANGES) for code in range(first, last + 1)}

    assert told == characters_of_the_font()


@pytest.mark.parametrize("mark", "江㙟𠮷·〔〕㎡℃①Ⅳ№éễΩД～￥%a")
def test_what_bureaus_write_is_printed(mark: str) -> None:
    assert printed.is_printed(mark)


@pytest.mark.parametrize("mark", "😀ع\ue000\ufe0f\U000e0100\u0378")
def test_what_the_font_lacks_is_not(mark: str) -> None:
    assert printed.unprinted(f"演示{mark}工程\n") == mark
