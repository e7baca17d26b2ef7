"""Where a redirect may lead: a path of our own, never another host in any disguise."""

import re
from urllib.parse import unquote

LONGEST = 500
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]|[^\x00-\x7f]")
_DECODINGS = 3  # a path is judged as written and as what it may become when decoded again


def local_path(wanted: str | None, host_url: str = "") -> str | None:
    """The path and query to go to, or None. An address on our own host counts as its path."""
    if not wanted or len(wanted) > LONGEST:
        return None
    path = "/" + wanted[len(host_url) :] if host_url and wanted.startswith(host_url) else wanted
    return path if all(_is_local(form) for form in _readings(path)) else None


def _readings(path: str) -> list[str]:
    """The path part as written and decoded; a query cannot lead away."""
    readings = [path]
    before_query = path.partition("?")[0].partition("#")[0]
    for _ in range(_DECODINGS):
        before_query = unquote(before_query)
        readings.append(before_query)
    return readings


def _is_local(path: str) -> bool:
    return path.startswith("/") and not path.startswith("//") and not _UNSAFE.search(path)
