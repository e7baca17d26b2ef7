"""Expat with the doors closed: document types and entities are refused, elements counted.

Runs inside the limited child.
"""

import zipfile
from xml.parsers import expat  # declarations are refused below

CHUNK = 256 * 1024
MOST_ELEMENTS = 2_500_000


class TooMuchError(Exception):
    """More than a workbook of ours may hold; the word says what."""


class NotAllowedError(Exception):
    """A declaration that a worksheet never needs."""


class StopReading(Exception):
    """What follows is empty and does not count."""


class Parser:
    """One part of a workbook, element by element; subclasses say what they take."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._elements = 0
        self._kept: list[str] | None = None  # text is gathered while this is a list

    def run(self, archive: zipfile.ZipFile, part: str) -> None:
        """Read the part to its end, or to where nothing counts any more."""
        with archive.open(part) as stream:
            try:
                while chunk := stream.read(CHUNK):
                    self._parser.Parse(chunk, False)
                self._parser.Parse(b"", True)
            except StopReading:
                return

    def _refuse(self, *_: object) -> None:
        raise NotAllowedError

    def _start(self, name: str, given: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise TooMuchError("unfolds")
        self.begin(name.rpartition(":")[2], given)

    def _end(self, name: str) -> None:
        self.end(name.rpartition(":")[2])

    def _text(self, text: str) -> None:
        if self._kept is not None:
            self._kept.append(text)

    def begin(self, name: str, given: dict[str, str]) -> None:
        """An element opens, by its local name."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """An element closes."""


def is_true(text: str | None) -> bool:
    """A boolean of the file format."""
    return text in ("1", "true", "on")
