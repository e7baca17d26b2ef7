"""Numbers of personal documents by kind of document (证件类型), as data: the shapes that each bears, with an example.

Only the resident's number has a public check. Of every other document the shape alone is judged, and of a kind that an
administrator added, nothing but its characters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain import identifiers
from app.domain.errors import Sentence, say
from app.domain.terms import N_

RESIDENT = "1"
ANY = re.compile(r"[0-9A-Z()\u4e00-\u9fff]{4,30}")
_UNIT = r"([\u4e00-\u9fff]{1,8}字)?第?\(?[0-9]{5,9}\)?号?"  # 南字第01234567号, and the digits alone
_PERMIT = r"[HM][0-9]{8}([0-9]{2})?"  # 港澳居民来往内地通行证
_RESIDENCE = r"8[123]0000[0-9]{11}[0-9X]"  # 港澳台居民居住证


@dataclass(frozen=True)
class Document:
    """One kind: the shapes of its number, one that is right, and what is said of one that has none of them."""

    shapes: tuple[str, ...]
    example: str
    wrong: str

    def fits(self, number: str) -> bool:
        """Whether the number has one of the shapes."""
        return any(re.fullmatch(shape, number) for shape in self.shapes)


DOCUMENTS: Mapping[str, Document] = {
    "2": Document((_UNIT,), "南字第01234567号", N_("军官证号码格式错误，应如 %(example)s。请对照证件检查。")),
    "3": Document(
        (r"(?=.*[0-9])[0-9A-Z]{5,15}",), "E12345678",
        N_("护照号码格式错误，应如 %(example)s。请对照证件检查。"),
    ),
    "4": Document(
        (r"[A-Z][0-9A-D][0-9]{8}", r"[0-9]{8}([0-9]{2}|\([0-9A-Z]\))?", _RESIDENCE), "A123456789",
        N_("台湾居民证件号码格式错误，应如 %(example)s。请对照证件检查。"),
    ),
    "5": Document(
        (r"[A-Z]{1,2}[0-9]{6}(\([0-9A]\)|[0-9A])", _PERMIT, _RESIDENCE), "C123456(9)",
        N_("香港居民证件号码格式错误，应如 %(example)s。请对照证件检查。"),
    ),
    "6": Document((_UNIT,), "公刑字第012345号", N_("警官证号码格式错误，应如 %(example)s。请对照证件检查。")),
}  # fmt: skip
# Of what counts as 其他: 外国人永久居留身份证 old and new, 台胞证, 通行证, 户口簿. Any other number is taken, too.
EXAMPLES_OF_OTHER = ("USA320000000001", "932682198501010017", "12345678", "H12345678", "320281000")


def fault(kind: object, number: str, today: date) -> Sentence | None:
    """What is wrong with the number of a document of this kind; None for a kind whose numbers we do not know."""
    if kind == RESIDENT:
        return identifiers.resident_id_fault(number, today)
    document = DOCUMENTS.get(str(kind))
    return None if document is None or document.fits(number) else say(document.wrong, example=document.example)
