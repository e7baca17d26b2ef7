"""Is a damaged PDF the same document to everybody who repairs it? Runs only inside the limited child.

Programs mend a slip in their own ways: by the table of objects, or by looking for the objects themselves. A file
is taken when both ways show the same pages, nothing is missing, and nothing stands in it that a page does not show.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator

import pikepdf

# Slips of common writers that leave no object in doubt.
HARMLESS = re.compile(r"is missing or invalid; repairing|extraneous whitespace|accepting invalid xref")
# What qpdf says of slips that it mends without guessing.
MENDED = re.compile(
    r"file is damaged|can't find startxref|xref not found|Attempting to reconstruct cross-reference table"
    r"|expected n n obj|object has offset 0|expected endobj|expected endstream|attempting to recover stream length"
    r"|recovered stream length|stream dictionary lacks /Length key|/Length key in stream dictionary is not an integer"
    r"|recovered trailer has no /Root entry|unable to find trailer dictionary while recovering damaged file"
    r"|reported number of objects|invalid xref entry|xref syntax invalid|invalid character \(.*\) in hex string"
    r"|stream keyword followed by carriage return only|stream keyword followed by extraneous whitespace"
)
HEADER = re.compile(rb"%PDF-[0-9]")
OBJECT = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \t\r\n\f\0]+([0-9]{1,5})[ \t\r\n\f\0]+obj(?![a-z])")
REFERENCE = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \t\r\n\f\0]+([0-9]{1,5})[ \t\r\n\f\0]+R(?![A-Za-z0-9])")
STREAM = re.compile(rb"stream\r?\n.*?endstream|stream\r(?!\n).*?endstream", re.DOTALL)
LENGTH = re.compile(rb"/Length [0-9]+( [0-9]+ R)?")
BOUNDARY = re.compile(rb"[0-9]+[ \t\r\n\f\0]+[0-9]+[ \t\r\n\f\0]+obj(?![a-z])|\bxref\b|\btrailer\b|startxref|%%EOF")
COMPLETE = (b"endobj", b"endstream", b">>", b"]")
BLANK = b" \t\r\n\f\0"
OBJECT_STREAM = pikepdf.Name.ObjStm
Name = tuple[int, int]  # number and generation of an object
MOST_VERSIONS = 20  # of one object, by updates appended to the file


def is_harmless(warning: str) -> bool:
    """Is it no slip that two programs would mend in two ways?"""
    return bool(HARMLESS.search(warning))


def is_mended(warning: str) -> bool:
    """A slip that leaves no object in doubt once it is mended."""
    return is_harmless(warning) or bool(MENDED.search(warning))


def is_joined(data: bytes) -> bool:
    """Does a second document stand behind the first?"""
    return len(HEADER.findall(_without_streams(data))) > 1


def views(data: bytes) -> Iterator[bytes]:
    """The file as other repairs see it: by its last objects alone, and by each earlier version of its objects."""
    rebuilt = data.replace(b"startxref", b"startxrex")
    yield rebuilt
    versions = Counter(found[1] for found in OBJECT.finditer(_without_streams(data)))
    for kept in range(min(max(versions.values(), default=1), MOST_VERSIONS) - 1):
        yield _with_version(rebuilt, kept)


def is_whole(data: bytes) -> bool:
    """Is every object written to its end, and replaced only by an update behind an end mark?"""
    text = _without_streams(data)
    found = list(BOUNDARY.finditer(text))
    seen: set[bytes] = set()
    for mark, following in zip(found, [*found[1:], None], strict=True):
        if mark[0] == b"%%EOF":
            seen.clear()
        if not mark[0].endswith(b"obj"):
            continue
        name = mark[0].split()[0]
        rest = text[mark.end() : following.start() if following else len(text)].rstrip(BLANK)
        if name in seen or not (rest.endswith(COMPLETE) or rest.strip(BLANK).isdigit()):
            return False
        if following is None and not rest.endswith(b"endobj"):
            return False
        seen.add(name)
    return True


def is_same_document(one: bytes, other: bytes) -> bool:
    """The same pages in the same order, made of the same objects."""
    first = pikepdf.open(io.BytesIO(one), inherit_page_attributes=False)  # inheriting would add objects
    second = pikepdf.open(io.BytesIO(other), inherit_page_attributes=False)
    with first, second:
        ours, theirs = _contents(first), _contents(second)
        if any(ours[name] != theirs[name] for name in ours.keys() & theirs.keys()):
            return False
        return [page.objgen for page in first.pages] == [page.objgen for page in second.pages]


def hides_something(pdf: pikepdf.Pdf, data: bytes, *, is_table_whole: bool) -> bool:
    """A page outside the page tree, a second catalog, an object that is spoken of or written and not there.

    With a whole table an object that no byte defines is simply free.
    """
    shown = {page.objgen for page in pdf.pages}
    catalogs = 0
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary):
            kind = found.get("/Type")
            if kind == pikepdf.Name.Page and found.objgen not in shown:
                return True
            catalogs += kind == pikepdf.Name.Catalog
    written, told = _names(pdf, data)
    wanted = written if is_table_whole else written | told
    return catalogs > 1 or any(pdf.get_object(name) is None for name in wanted)


def _names(pdf: pikepdf.Pdf, data: bytes) -> tuple[set[Name], set[Name]]:
    """Each object that the file defines, and each that it refers to, from inside object streams too."""
    text = _without_streams(data)
    written = {(int(m[1]), int(m[2])) for m in OBJECT.finditer(text)}
    packed = [o.read_bytes() for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Type") == OBJECT_STREAM]
    told = {(int(m[1]), int(m[2])) for part in (text, *packed) for m in REFERENCE.finditer(part)}
    return written, told


def _contents(pdf: pikepdf.Pdf) -> dict[Name, bytes]:
    """What each object says; a stream's stated length is no part of it."""
    contents = {}
    for found in pdf.objects:
        if isinstance(found, pikepdf.Stream):
            entries = LENGTH.sub(b"", found.stream_dict.unparse(resolved=True))
            contents[found.objgen] = entries + found.read_raw_bytes()
        elif isinstance(found, pikepdf.Object):
            contents[found.objgen] = found.unparse(resolved=True)
    return contents


def _with_version(data: bytes, kept: int) -> bytes:
    """The file with this version of each object only (from 0); those that have fewer keep their last."""
    places: dict[bytes, list[int]] = {}
    for found in OBJECT.finditer(_without_streams(data)):
        places.setdefault(found[1], []).append(found.end() - 1)
    out = bytearray(data)
    for versions in places.values():
        for number, place in enumerate(versions):
            if number != min(kept, len(versions) - 1):
                out[place] = ord("x")
    return bytes(out)


def _without_streams(data: bytes) -> bytes:
    """The file with the inside of its streams blank, every other byte where it was."""
    return STREAM.sub(lambda found: b"stream\n" + b" " * (len(found[0]) - 16) + b"endstream", data)
