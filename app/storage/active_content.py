"""What in a PDF acts instead of being looked at (SECURITY row 15); runs only inside the limited child.

Every object is searched, reachable or not: a scanner writes none of this.
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

# Action types, ISO 32000-1 table 198; /GoTo, /Named and web links stay allowed.
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "form_submission",
    "/ImportData": "form_submission",
    "/GoToR": "external_file",
    "/GoToE": "embedded_file",
    "/Rendition": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
    "/RichMediaExecute": "multimedia",
    "/GoTo3DView": "multimedia",
}
ANNOTATIONS = {
    "/RichMedia": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
    "/Screen": "multimedia",
    "/3D": "multimedia",
    "/FileAttachment": "embedded_file",
}
KEYS = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/XFA": "xfa",
    "/EmbeddedFiles": "embedded_file",
    "/EF": "embedded_file",
    "/RichMediaContent": "multimedia",
    "/AA": "automatic_action",
}
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def active_content(pdf: pikepdf.Pdf) -> str | None:
    """The first reason found, or None for a file that only shows pages."""
    for found in _dictionaries(pdf):
        if reason := _acts(found):
            return reason
    return None


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Each dictionary once: direct children are followed here, referenced ones are objects themselves."""
    for start in (pdf.trailer, *pdf.objects):
        waiting = [start]
        while waiting:
            found = waiting.pop()
            if isinstance(found, pikepdf.Array):
                children = list(found)
            elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                yield found
                children = [value for _, value in found.items()]
            else:
                continue
            waiting += [c for c in children if isinstance(c, pikepdf.Object) and not c.is_indirect]


def _acts(found: Any) -> str | None:
    action = ACTIONS.get(_name(found.get("/S")))
    if reason := action or ANNOTATIONS.get(_name(found.get("/Subtype"))):
        return reason
    for key, reason in KEYS.items():
        if key in found and not _is_empty(found[key]):
            return reason
    if isinstance(found, pikepdf.Stream) and "/F" in found:
        return "external_file"  # the stream's bytes would come from another file
    return _opens(found.get("/OpenAction")) or _links(found)


def _opens(action: Any) -> str | None:
    """On opening, a document may go to a page and nothing else."""
    if not isinstance(action, pikepdf.Dictionary):
        return None
    kind = _name(action.get("/S"))
    return None if kind == "/GoTo" else ACTIONS.get(kind, "automatic_action")


def _links(found: Any) -> str | None:
    """A link to the web is fine; one to a local or shared file, or to a script, is not."""
    target = found.get("/URI")
    if isinstance(target, pikepdf.Dictionary):
        target = target.get("/Base")
    if not isinstance(target, pikepdf.String):
        return None
    address = re.sub(r"[\x00-\x20]", "", str(target)).lower()
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", address)
    if scheme and scheme[1] not in LINK_SCHEMES:
        return "javascript" if scheme[1].endswith("script") else "external_file"
    return "external_file" if re.match(r"[/\\]{2}", address) else None


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _is_empty(value: Any) -> bool:
    """Some writers leave empty name trees behind."""
    if isinstance(value, pikepdf.Array):
        return len(value) == 0
    if isinstance(value, pikepdf.Dictionary):
        return all(_is_empty(child) for _, child in value.items())
    return False
