"""The name under which a scan was uploaded: shown and given back on download, never used as a path."""

import re

from app.domain.fields.text import visible
from app.storage.refusals import ScanError

MAX_NAME = 255
EXTENSION = ".pdf"


def clean_name(raw: str | None) -> str:
    """Keep Chinese and the extension's spelling; drop folders (either slash) and characters nobody sees.

    Raises ScanError when nothing was chosen or the extension is not .pdf in any case.
    """
    last = re.split(r"[/\\]", raw or "")[-1]
    name = visible(last)
    name = re.sub(r"\s+", " ", name).strip().rstrip(". ")
    if not name:
        raise ScanError("no_file")
    stem, dot, extension = name.rpartition(".")
    if f"{dot}{extension}".lower() != EXTENSION:
        raise ScanError("extension")
    stem = stem.strip(" ") or "未命名"
    return f"{stem[: MAX_NAME - len(EXTENSION)]}.{extension}"


def shown_name(raw: str | None) -> str:
    """A name fit for a sentence although it was refused."""
    last = re.split(r"[/\\]", raw or "")[-1]
    return visible(last).strip()[:60]
