"""The seven matters (事项) that a number opens (notice N52): what each is, its life, and the numbers of its records.

Tables that an officer could read; buttons, refusals, list filters and tests are derived from them (DOMAIN §1.2, §5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Sentence, say
from app.domain.fields.field import Label
from app.domain.terms import N_


class Matter(StrEnum):
    """One of the seven, by the name that the API has for it (SPEC §7)."""

    SURVEY_DESIGN_CONTRACT = "survey_design_contract"
    DRAWING_REVIEW = "drawing_review"
    TENDER = "tender"
    PROJECT_FILING = "project_filing"
    SAFETY_SUPERVISION = "safety_supervision"
    QUALITY_SUPERVISION = "quality_supervision"
    CONSTRUCTION_PERMIT = "construction_permit"


class MatterStatus(StrEnum):
    """Where a matter of one project stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SUPPLEMENT = "supplement"
    DONE = "done"
    REJECTED = "rejected"
    CLOSED = "closed"  # the number is void


class MatterAction(StrEnum):
    """What may be done with it; `record` writes what it leaves and ends it."""

    ACCEPT = "accept"
    SUPPLEMENT = "supplement"
    RECORD = "record"
    REJECT = "reject"
    CLOSE = "close"


@dataclass(frozen=True)
class Kind:
    """What a matter is called and what it leaves; `letters` of its record numbers by the record's kind code."""

    word: str
    record_word: str
    letters: Mapping[str, str]
    number_label: str  # of the number in the system that keeps the record


# The letters of DOMAIN §1.2. Safety and quality supervision have none there: their records keep the agency's number.
NO_KIND = ""
KINDS: Mapping[Matter, Kind] = {
    Matter.SURVEY_DESIGN_CONTRACT: Kind(
        N_("勘察设计合同备案"), N_("合同备案"), {"100": "HB", "200": "HA", "500": "HC"}, N_("备案系统编号")
    ),
    Matter.DRAWING_REVIEW: Kind(N_("施工图审查合格证"), N_("审查合格证"), {NO_KIND: "TX"}, N_("审图系统编号")),
    Matter.TENDER: Kind(
        N_("招投标"), N_("中标通知书"),
        {"001": "BB", "002": "BA", "003": "BD", "004": "BE", "005": "BC", "006": "BG", "007": "BM"},
        N_("招标系统编号"),
    ),
    Matter.PROJECT_FILING: Kind(
        N_("项目备案"), N_("合同备案"),
        {"301": "HZ", "302": "HF", "303": "HL", "400": "HE", "600": "HG", "700": "HM"}, N_("备案系统编号"),
    ),
    Matter.SAFETY_SUPERVISION: Kind(N_("安全监督"), N_("安全监督登记"), {}, N_("安全监督编码")),
    Matter.QUALITY_SUPERVISION: Kind(N_("质量监督"), N_("质量监督登记"), {}, N_("监督注册号")),
    Matter.CONSTRUCTION_PERMIT: Kind(N_("施工许可证"), N_("施工许可证"), {NO_KIND: "SX"}, N_("许可系统编号")),
}  # fmt: skip

STATUS_WORDS: Mapping[MatterStatus, str] = {
    MatterStatus.OPEN: N_("可办理"),
    MatterStatus.ACCEPTED: N_("已受理"),
    MatterStatus.SUPPLEMENT: N_("待补正"),
    MatterStatus.DONE: N_("已办结"),
    MatterStatus.REJECTED: N_("未通过"),
    MatterStatus.CLOSED: N_("已关闭"),
}
ACTION_WORDS: Mapping[MatterAction, str] = {
    MatterAction.ACCEPT: N_("受理"),
    MatterAction.SUPPLEMENT: N_("要求补正"),
    MatterAction.RECORD: N_("登记办理结果"),
    MatterAction.REJECT: N_("不予通过"),
    MatterAction.CLOSE: N_("关闭"),
}
NEEDS_WORDS = frozenset({MatterAction.SUPPLEMENT, MatterAction.REJECT})  # the applicant is told why

_S, _A = MatterStatus, MatterAction
TRANSITIONS: Mapping[tuple[MatterStatus, MatterAction], MatterStatus] = {
    (_S.OPEN, _A.ACCEPT): _S.ACCEPTED,
    (_S.OPEN, _A.RECORD): _S.DONE,
    (_S.ACCEPTED, _A.SUPPLEMENT): _S.SUPPLEMENT,
    (_S.ACCEPTED, _A.RECORD): _S.DONE,
    (_S.ACCEPTED, _A.REJECT): _S.REJECTED,
    (_S.SUPPLEMENT, _A.ACCEPT): _S.ACCEPTED,
    (_S.SUPPLEMENT, _A.REJECT): _S.REJECTED,
    (_S.REJECTED, _A.ACCEPT): _S.ACCEPTED,
    (_S.DONE, _A.RECORD): _S.DONE,  # a further contract, or a correction of the same
    **{(status, _A.CLOSE): _S.CLOSED for status in _S if status != _S.CLOSED},
}

# What a matter's system may not do by itself: its `accept` may be an old one that was on its way for long.
# A matter that was not passed is taken up again by its clerk, who sees it.
NOT_BY_SYSTEMS = frozenset({(_S.REJECTED, _A.ACCEPT)})

REACHED_BY: Mapping[MatterAction, MatterStatus] = {action: reached for (_, action), reached in TRANSITIONS.items()}

NOT_YOURS = N_("您不经办「%(matter)s」。")
NOT_NOW = N_("「%(matter)s」%(status)s，不能%(action)s。")
NOT_NUMBERED = N_("项目还没有发号，或编号已作废，不能办理事项。")
NOT_RECEIVED = N_("省厅还没有接收这个项目，「%(matter)s」要等接收以后办理。")


def target(status: MatterStatus | str, action: MatterAction) -> MatterStatus | None:
    """Where the act leads; None when the table does not have it."""
    return TRANSITIONS.get((MatterStatus(status), action))


def refusal(matter: Matter, status: MatterStatus | str, action: MatterAction) -> Sentence:
    """Why the table does not have it."""
    return say(
        NOT_NOW,
        matter=Label(KINDS[matter].word),
        status=STATUS_WORDS[MatterStatus(status)],
        action=Label(ACTION_WORDS[action]),
    )


def offered(status: MatterStatus | str) -> list[MatterAction]:
    """What people may do in this state, in the order of the table."""
    return [action for (source, action) in TRANSITIONS if source == status and action != MatterAction.CLOSE]


def letters_of(matter: Matter, kind_code: str | None) -> str | None:
    """The letters in a record's number; None where the records of the matter have none."""
    return KINDS[matter].letters.get(kind_code or NO_KIND)


def record_number(project_number: str, letters: str, sequence: int) -> str:
    """`PrjNum-XX-NNN`; the sequence counts from 001 in each project and letters (DOMAIN §1.2)."""
    if not 1 <= sequence <= LAST_SEQUENCE:
        raise ValueError(f"a record number counts from 1 to {LAST_SEQUENCE}, not {sequence}")
    return f"{project_number}-{letters}-{sequence:03}"


LAST_SEQUENCE = 999


def known(names: Iterable[str]) -> list[Matter]:
    """Those of the names that are matters, in the order of the seven."""
    held = set(names)
    return [matter for matter in Matter if matter in held]
