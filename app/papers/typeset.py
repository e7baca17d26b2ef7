"""A paper as PDF, set by typst in Noto Sans CJK from an installed package. It asks neither network nor system fonts."""

import io
import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from app.domain.printed import unprinted
from app.domain.spelling import is_unseen
from app.papers.blocks import Code, Paper, plain

TEMPLATE = Path(__file__).with_name("paper.typ")
GETA = "〓"  # what printers set for a character that they do not have
FONTS = "manimgx_fonts_cjk"  # the package whose folder holds the font


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read once per process."""
    found = find_spec(FONTS)
    assert found is not None and found.origin is not None  # pinned in requirements
    return typst.Fonts(include_system_fonts=False, font_paths=[Path(found.origin).parent])


def pdf(paper: Paper) -> bytes:
    """The paper as PDF."""
    made = _set(paper, "pdf")
    assert isinstance(made, bytes)
    return made


def drawings(paper: Paper) -> list[bytes]:
    """The same pages as SVG, for a page that prints them itself."""
    made = _set(paper, "svg")
    return [made] if isinstance(made, bytes) else [bytes(page) for page in made or ()]


def _set(paper: Paper, form: Literal["pdf", "svg"]) -> Any:
    return typst.compile(
        str(TEMPLATE), font_paths=_fonts(), ignore_system_fonts=True, format=form,
        sys_inputs={"paper": _printed(json.dumps(plain(paper), ensure_ascii=False))},
    )  # fmt: skip


def _printed(text: str) -> str:
    """The text as the font can print it: older records may hold marks that no field takes today."""
    lacking = unprinted(text)
    return text.translate({ord(mark): "" if is_unseen(mark) else GETA for mark in lacking}) if lacking else text


def qr(address: str, caption: str, code: str) -> Code:
    """A block with the address as QR code, error correction M."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=1, xmldecl=False)
    return Code(drawn.getvalue().decode(), caption, code, address)
