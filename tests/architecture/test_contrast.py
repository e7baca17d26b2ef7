"""Colours that pages put on each other can be read: text 4.5 to 1, edges and marks 3 to 1 (WCAG 1.4.3, 1.4.11)."""

import re
from itertools import product

import pytest

from config import ROOT

CSS = (ROOT / "app" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("page", "paper", "wash", "hover", "picked")
STATES = ("draft", "submitted", "returned", "approved", "voided", "numbered")
PUSHES = ("waiting", "received", "refused")

TEXTS = [
    *product(("ink", "ink-2", "ink-3", "brand", "ok", "warn", "bad"), GROUNDS),
    *((f"st-{state}", f"st-{state}-wash") for state in STATES),
    *((f"px-{push}", f"px-{push}-wash") for push in PUSHES),
    *((tone, f"{tone}-wash") for tone in ("ok", "warn", "bad", "info")),
    *product(("ink", "brand", "warn", "bad"), ("st-returned-wash",)),
    ("brand", "brand-wash"), ("warn", "brand-wash"), ("on-brand", "brand"), ("on-brand", "brand-strong"),
    ("on-bar", "bar"), ("on-bar-2", "bar"), ("on-bar-2", "bar-field"), ("paper", "ok"), ("paper", "warn"),
    ("ink-2", "diff-old-wash"), ("ink", "diff-new-wash"), ("ink", "line"),
]  # fmt: skip
MARKS = [
    ("line-2", "paper"), ("line-2", "page"), ("bad", "paper"), ("brand", "paper"), ("ch-1", "paper"),
    ("ch-bad", "paper"), ("focus-out", "bar"),
]  # fmt: skip


def colours_under(selector: str) -> dict[str, str]:
    body = CSS[CSS.index(f"{selector} {{") :].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body))


LIGHT = colours_under(":root")
THEMES = {
    "light": LIGHT,
    "dark": LIGHT | colours_under('html[data-theme="dark"]'),
    "high contrast": LIGHT | colours_under('html[data-contrast="more"]'),
}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (MARKS, 3.0)], ids=["text", "marks"])
def test_each_pair_can_be_read(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = THEMES[theme]

    found = {f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2) for ink, ground in pairs}

    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_contrast_is_what_the_standard_says() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_the_dark_theme_is_the_same_by_choice_and_by_system() -> None:
    by_system = colours_under('  html[data-theme="auto"]')

    assert by_system == colours_under('html[data-theme="dark"]')
