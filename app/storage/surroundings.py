"""What may stand before and behind a PDF: what printers, mail and transfers leave there, nothing that runs."""

import re

MOST = 1024  # bytes; readers look no further for the header
BLANK = "\0\t\n\f\r \x1a\ufeff"
LINES = (
    re.compile(r"(\x1b%-12345X)*@PJL[ -~]*|\x1b%-12345X"),  # a printer's job around the page
    re.compile(r"HTTP/\d\.\d [ -~]*|[A-Za-z][A-Za-z-]*: ?[^<>]*|--[\w'()+,./:=?-]+"),  # a transfer's own lines
    re.compile(r"[\w .,:;+/=-]*"),  # words
)
# By these a program knows its file, whatever follows.
BEGINNINGS = (
    "MZ",
    "PK",
    "GIF8",
    "BM",
    "RIFF",
    "ID3",
    "OggS",
    "Rar",
    "7z",
    "FWS",
    "CWS",
    "ZWS",
    "FORM",
    "wOF",
    "II",
    "MM",
)


def is_harmless(around: bytes) -> bool:
    """Whether no program reads these bytes as something of its own."""
    rest = around.strip(b"\0\t\n\f\r ")
    if len(rest) > MOST:
        return False
    try:
        text = rest.decode("utf-8").strip(BLANK)
    except UnicodeDecodeError:
        return False
    if text.startswith(BEGINNINGS):
        return False
    return all(any(line.fullmatch(row.strip(BLANK)) for line in LINES) for row in re.split(r"[\r\n]+", text))
