"""A row as the text that a target reads: envelope, letter case and encoding are each target's own (DOMAIN §8)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

ENVELOPES: Mapping[str, tuple[str, str]] = {
    "bare": ("", ""),  # what Wuxi sent: one record, no root
    "rows": ("<dataTable><row>", "</row></dataTable>"),
    "body": ("<body><data>", "</data></body>"),
}


@dataclass(frozen=True)
class Wire:
    """How a target wants its rows; `base64` packs each value, which is how rare characters get through."""

    envelope: str = "bare"
    letters: str = "pascal"  # or camel
    encoding: str = "gb18030"
    base64: bool = True

    def pack(self, row: Mapping[str, str]) -> str:
        """The row for the target. Raises UnicodeEncodeError where a character has no place in its encoding."""
        return self._written({name: self._value(text) for name, text in row.items()})

    def readable(self, row: Mapping[str, str]) -> str:
        """The same for a person to read: values in clear."""
        return self._written({name: escape(text) for name, text in row.items()})

    def _value(self, text: str) -> str:
        octets = text.encode(self.encoding)
        return base64.b64encode(octets).decode("ascii") if self.base64 else escape(text)

    def _written(self, values: Mapping[str, str]) -> str:
        before, after = ENVELOPES[self.envelope]
        return before + "".join(f"<{tag}>{text}</{tag}>" for tag, text in self._tagged(values).items()) + after

    def _tagged(self, values: Mapping[str, str]) -> Mapping[str, str]:
        if self.letters == "camel":
            return {name[:1].lower() + name[1:]: text for name, text in values.items()}
        return values
