"""施工许可 pre-check (DOMAIN §5.1): what a permit asks for, and whether it is present, missing or expired.

The table names conditions as far as this console can know them; nothing here decides the permit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.matters import Matter
from app.domain.terms import N_


class Presence(StrEnum):
    """How a condition stands today, the best first: of several papers the best one counts."""

    PRESENT = "present"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    MISSING = "missing"


WORDS: Mapping[Presence, str] = {
    Presence.PRESENT: N_("已有"),
    Presence.NOT_YET_VALID: N_("未生效"),
    Presence.EXPIRED: N_("已过期"),
    Presence.REVOKED: N_("已撤销"),
    Presence.MISSING: N_("缺少"),
}
ORDER = tuple(Presence)


@dataclass(frozen=True)
class Paper:
    """One paper that was there: its number, from when and until when it holds, and whether it was taken back."""

    number: str
    valid_until: date | None = None
    valid_from: date | None = None
    is_revoked: bool = False

    def presence(self, today: date) -> Presence:
        """How it stands on this day; without a beginning it has begun, without an end it lasts."""
        if self.is_revoked:
            return Presence.REVOKED
        if self.valid_until is not None and self.valid_until < today:
            return Presence.EXPIRED
        if self.valid_from is not None and self.valid_from > today:
            return Presence.NOT_YET_VALID
        return Presence.PRESENT


@dataclass(frozen=True)
class Condition:
    """What is asked for: an input of the project, a record of a matter (of one of these kinds), or the letter."""

    word: str
    field: str = ""
    matter: Matter | None = None
    kinds: tuple[str, ...] = ()
    is_letter: bool = False


@dataclass(frozen=True)
class Finding:
    """A condition as it stands; of several papers the best one, and of these the one that holds longest."""

    condition: Condition
    presence: Presence
    paper: Paper | None = None


# In the order of the classes of 证明文件 (J15). The site, the funds and measures of safety are looked at by people.
CONDITIONS: tuple[Condition, ...] = (
    Condition(N_("立项批准或备案"), field="approval_document_number"),
    Condition(N_("用地批准手续"), field="land_permit_number"),
    Condition(N_("建设工程规划许可证"), field="planning_permit_number"),
    Condition(N_("施工图审查合格"), matter=Matter.DRAWING_REVIEW),
    Condition(N_("施工企业已确定（中标或直接发包）"), matter=Matter.TENDER, kinds=("003", "005", "006")),
    Condition(N_("施工合同备案"), matter=Matter.PROJECT_FILING, kinds=("301", "600")),
    Condition(N_("监理合同备案"), matter=Matter.PROJECT_FILING, kinds=("400",)),
    Condition(N_("质量监督手续"), matter=Matter.QUALITY_SUPERVISION),
    Condition(N_("安全监督手续"), matter=Matter.SAFETY_SUPERVISION),
    Condition(N_("法人授权委托书"), is_letter=True),
)


def findings(papers: Mapping[Condition, Sequence[Paper]], today: date) -> tuple[Finding, ...]:
    """How every condition stands on this day."""
    return tuple(_finding(condition, papers.get(condition, ()), today) for condition in CONDITIONS)


def is_complete(found: Iterable[Finding]) -> bool:
    """Does every condition hold today?"""
    return all(finding.presence == Presence.PRESENT for finding in found)


def _finding(condition: Condition, papers: Sequence[Paper], today: date) -> Finding:
    if not papers:
        return Finding(condition, Presence.MISSING)
    best = min(papers, key=lambda paper: (ORDER.index(paper.presence(today)), -_end_of(paper)))
    return Finding(condition, best.presence(today), best)


def _end_of(paper: Paper) -> int:
    return (paper.valid_until or date.max).toordinal()
