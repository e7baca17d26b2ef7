"""The name under which a scan was uploaded: shown and given back on download, never used as a path."""

import re
import unicodedata

from app.storage.refusals import ScanError

MAX_NAME = 255
EXTENSION = ".pdf"
# Cc and Cf hold control, bidirectional and zero-width characters: they make a name read as another one.
HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean_name(raw: str | None) -> str:
    """Keep Chinese and the extension's spelling; drop folders (either slash) and characters nobody sees.

    Raises ScanError when nothing was chosen or the extension is not .pdf in any case.
    """
    last = re.split(r"[/\\]", raw or "")[-1]
    name = "".join(c for c in last if unicodedata.category(c) not in HIDDEN_CATEGORIES)
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
    return "".join(c for c in last if unicodedata.category(c) not in HIDDEN_CATEGORIES).strip()[:60]
