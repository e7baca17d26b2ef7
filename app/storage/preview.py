"""A page as a picture: what staff look at, so that their browser never receives the PDF itself."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import Refused, Sentence
from app.storage.child import NO_SUCH_PAGE
from app.storage.limits import MEGABYTE, ChildLimits
from app.storage.refusals import NOT_SHOWN
from app.storage.sandbox import CHILD_COMMAND, DeadlineError, OverloadedError, run_child
from app.storage.store import Storage
from models import owner_only

WIDTH_PIXELS = 900
NARROWEST, WIDEST = 100, 2400
RENDER_LIMITS = ChildLimits(memory_bytes=1024 * MEGABYTE, output_bytes=32 * MEGABYTE)


def preview_page(
    storage: Storage,
    sha256: str,
    page: int,
    *,
    width: int = WIDTH_PIXELS,
    limits: ChildLimits = RENDER_LIMITS,
    child: tuple[str, ...] = CHILD_COMMAND,
) -> bytes | None:
    """Page `page` (from 1) as PNG; None when there is no such page.

    Raises Refused when the scan is missing or corrupted, or cannot be drawn within the limits.
    """
    width = min(max(width, NARROWEST), WIDEST)
    with storage.open(sha256) as scan:  # before the cache: a corrupted scan is not shown from it either
        cached = storage.preview_folder(sha256) / f"{page}-{width}.png"
        with suppress(FileNotFoundError):
            return cached.read_bytes()
        image = _draw(scan, page, width, limits, child)
    if image is not None:
        _remember(cached, image)
    return image


def _draw(scan: BinaryIO, page: int, width: int, limits: ChildLimits, child: tuple[str, ...]) -> bytes | None:
    not_shown = Refused(Sentence(NOT_SHOWN), code="scan_not_shown")
    try:
        finished = run_child(child, "render", {"page": page, "width": width}, scan, limits)
    except (DeadlineError, OverloadedError):
        raise not_shown from None
    if finished.returncode == NO_SUCH_PAGE:
        return None
    if finished.returncode != 0 or not finished.output.startswith(b"\x89PNG"):
        raise not_shown
    return finished.output


def _remember(cached: Path, image: bytes) -> None:
    """Keep the picture for the next reader; without room for it there is simply no cache."""
    with suppress(OSError):
        owner_only.make_folder(cached.parent)
        with tempfile.NamedTemporaryFile(dir=cached.parent, delete=False) as file:
            file.write(image)
        os.replace(file.name, cached)  # noqa: PTH105 - the name is a string here
