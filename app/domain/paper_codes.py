"""Codes on papers (回执, 编号通知单, 委托书) that anybody can look up: which paper, and a proof that we printed it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain import spelling
from app.domain.terms import N_


class PaperKind(StrEnum):
    """Papers that carry a code; the first letter of the code tells which."""

    RECEIPT = "r"
    CERTIFICATE = "c"
    LETTER_OWN_STAFF = "a"
    LETTER_TENDER_AGENCY = "b"


WORDS = {
    PaperKind.RECEIPT: N_("原件核验回执"),
    PaperKind.CERTIFICATE: N_("项目统一编号通知单"),
    PaperKind.LETTER_OWN_STAFF: N_("法人授权委托书（附件1）"),
    PaperKind.LETTER_TENDER_AGENCY: N_("法人授权委托书（附件2）"),
}
LETTERS = frozenset({PaperKind.LETTER_OWN_STAFF, PaperKind.LETTER_TENDER_AGENCY})  # of an organization, not a project
PROOF = 20  # hex digits of the proof: 80 bits that nobody guesses
_SHAPE = re.compile(rf"(?:.*[/:：=])?([rcab])([1-9][0-9]{{0,8}})([0-9a-f]{{{PROOF}}})(?:[/?#&].*)?")


@dataclass(frozen=True)
class PaperCode:
    """`<kind><key of the project or organization>-<proof>`."""

    kind: PaperKind
    key: int
    proof: str

    def __str__(self) -> str:
        return f"{self.kind}{self.key}-{self.proof}"


def read(text: str) -> PaperCode | None:
    """What was scanned or typed, in any spelling, with or without its address; None for what is no code of ours."""
    shape = _SHAPE.fullmatch(spelling.bare(text).lower().strip(".,;。、"))
    return PaperCode(PaperKind(shape[1]), int(shape[2]), shape[3]) if shape else None
