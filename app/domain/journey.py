"""What comes next (下一步): each place on the way with a sentence, who has it, which limit runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Sentence, say
from app.domain.terms import N_, TERMS, Action, Kind, Status
from app.domain.workflow import UNLOCK_LASTS


class Place(StrEnum):
    """Where a record stands, as finely as its owner needs to know."""

    DRAFT = "draft"
    READY = "ready"  # a draft that lacks nothing
    RETURNED = "returned"
    UNLOCKED = "unlocked"  # 人工退回
    UNLOCK_OVER = "unlock_over"  # its time ran out, and it is about to be locked again
    AT_COUNTER = "at_counter"  # submitted, originals not seen yet
    IN_REVIEW = "in_review"
    APPROVED = "approved"  # an enterprise
    TO_COLLECT = "to_collect"  # numbered, not handed over
    NUMBERED = "numbered"
    PUSH_REFUSED = "push_refused"  # 省厅退回
    VOIDED = "voided"


class Hand(StrEnum):
    """Who has it."""

    APPLICANT = "applicant"
    AGENT = "agent"
    REVIEWER = "reviewer"
    NOBODY = "nobody"  # all is done
    ENDED = "ended"  # nothing will be done any more


HANDS: Mapping[Hand, str] = {
    Hand.APPLICANT: N_("您单位"),
    Hand.AGENT: N_("您单位的经办人"),
    Hand.REVIEWER: N_("审核人员"),
}
# Whole sentences, since languages put such words together each in its own way.
_WITH: Mapping[Hand, str] = {
    Hand.APPLICANT: N_("当前办理：您单位"),
    Hand.AGENT: N_("当前办理：您单位的经办人"),
    Hand.REVIEWER: N_("当前办理：审核人员"),
    Hand.NOBODY: N_("已办结"),
    Hand.ENDED: N_("已终止"),
}
_WITH_TO_STAFF: Mapping[Hand, str] = {
    **_WITH,
    Hand.APPLICANT: N_("当前办理：建设单位"),
    Hand.AGENT: N_("当前办理：建设单位的经办人"),
}


def with_whom(hand: Hand, *, is_owner: bool, bureau: str = "") -> Sentence:
    """Who has the record now, in a sentence; with the bureau's name where it is the bureau's."""
    if hand is Hand.REVIEWER and bureau:
        return say(N_("当前办理：%(bureau)s审核人员"), bureau=bureau)
    return say((_WITH if is_owner else _WITH_TO_STAFF)[hand])


PLACES: Mapping[Place, str] = {
    Place.DRAFT: TERMS[Status.DRAFT],
    Place.READY: N_("草稿，已填齐"),
    Place.RETURNED: TERMS[Status.RETURNED],
    Place.UNLOCKED: N_("待修改（人工退回）"),
    Place.UNLOCK_OVER: N_("待修改（期限已过）"),
    Place.AT_COUNTER: N_("待审核，原件未核验"),
    Place.IN_REVIEW: TERMS[Status.SUBMITTED],
    Place.APPROVED: TERMS[Status.APPROVED],
    Place.TO_COLLECT: N_("已发号，未领取"),
    Place.NUMBERED: N_("已发号，已领取"),
    Place.PUSH_REFUSED: N_("省厅退回"),
    Place.VOIDED: TERMS[Status.VOIDED],
}


@dataclass(frozen=True)
class Next:
    """One step: what to do, in whose hand, how long (a limit of TimeLimits in working days, or words)."""

    sentence: str
    hand: Hand
    limit: str | None = None
    takes: str | None = None


@dataclass(frozen=True)
class Standing:
    """What the place depends on beside kind and status."""

    missing_count: int = 0
    sees_counter: bool = True  # its bureau asks for 原件核验
    originals_checked: bool = False
    unlocked: bool = False
    handed_over: bool = False
    push: str = ""  # "", waiting, received or refused
    unlock_over: bool = False


@dataclass(frozen=True)
class Step:
    """One mark of the stepper: done, now, back or later."""

    label: str
    state: str
    note: Sentence | None = None


_E, _P, _U = Kind.ENTERPRISE, Kind.PROJECT, Kind.UNIT_WORK
_ABOUT_20 = N_("约 20 分钟，可分次填写")
_NO_CLOCK = N_("不计审核时限")

NOT_BEGUN = Next(N_("登记企业信息，并上传证照扫描件；审核通过后才能登记项目。"), Hand.APPLICANT, takes=_ABOUT_20)

NEXT: Mapping[tuple[Kind, Place], Next] = {
    (_E, Place.DRAFT): Next(N_("补齐必填内容和证照扫描件，递交审核。"), Hand.APPLICANT, takes=_ABOUT_20),
    (_E, Place.READY): Next(N_("内容已填齐，请核对后递交审核。递交后不能自行修改。"), Hand.APPLICANT),
    (_E, Place.RETURNED): Next(N_("按退回事项逐项修改，保存后递交审核。"), Hand.APPLICANT, takes=_NO_CLOCK),
    (_E, Place.UNLOCKED): Next(N_("管理员已开放修改，请在期限内改好，保存后递交审核。"), Hand.APPLICANT),
    (_E, Place.UNLOCK_OVER): Next(UNLOCK_LASTS.sentence, Hand.APPLICANT),
    (_E, Place.IN_REVIEW): Next(
        N_("等待审核，结果会发短信到联系人手机。需要修改的，请联系管理员办理人工退回。"),
        Hand.REVIEWER, "enterprise_review",
    ),
    (_E, Place.APPROVED): Next(N_("可以登记项目了。以后的项目用同一账号新添即可。"), Hand.NOBODY),
    (_E, Place.VOIDED): Next(N_("企业信息已作废，请核对后重新登记。"), Hand.APPLICANT),
    (_P, Place.DRAFT): Next(N_("补齐必填内容和立项批文扫描件，提交审核。"), Hand.APPLICANT, takes=_ABOUT_20),
    (_P, Place.READY): Next(N_("内容已填齐，请核对后提交审核。"), Hand.APPLICANT),
    (_P, Place.RETURNED): Next(N_("按退回事项逐项修改，保存后转审核。"), Hand.APPLICANT, takes=_NO_CLOCK),
    (_P, Place.UNLOCKED): Next(N_("管理员已开放修改，请在期限内改好，保存后转审核。"), Hand.APPLICANT),
    (_P, Place.UNLOCK_OVER): Next(UNLOCK_LASTS.sentence, Hand.APPLICANT),
    (_P, Place.AT_COUNTER): Next(
        N_("请经办人带全部扫描件的原件和法人授权委托书，到窗口核验。"), Hand.AGENT, "counter"
    ),
    (_P, Place.IN_REVIEW): Next(N_("等待审核，结果会发短信到经办人手机。"), Hand.REVIEWER, "project_review"),
    (_P, Place.TO_COLLECT): Next(N_("请经办人带法人授权委托书到窗口领取编号。"), Hand.AGENT),
    (_P, Place.NUMBERED): Next(N_("凭编号办理后续事项。"), Hand.NOBODY),
    (_P, Place.PUSH_REFUSED): Next(
        N_("省厅退回了报送的信息。需要更正的，请联系管理员解锁后修改。"), Hand.APPLICANT
    ),
    (_P, Place.VOIDED): Next(N_("项目登记已作废。需要时请新添项目信息。"), Hand.ENDED),
    (_U, Place.DRAFT): Next(
        N_("填写各单体，与项目总量核对后提交；提交后项目进入市审批流程。"), Hand.APPLICANT, takes=_ABOUT_20
    ),
    (_U, Place.IN_REVIEW): Next(N_("项目已进入市审批流程，受理机构正在核对单体信息。"), Hand.REVIEWER, "unit_works"),
    (_U, Place.RETURNED): Next(N_("按退回原因修改单体信息，改好后重新提交。"), Hand.APPLICANT, takes=_NO_CLOCK),
    (_U, Place.VOIDED): Next(N_("项目编号已作废。"), Hand.ENDED),
    (_U, Place.APPROVED): Next(N_("单体信息已审核通过，凭项目编号办理后续事项。"), Hand.NOBODY),
}  # fmt: skip

_COUNTER = N_("窗口核验")
STEPS: Mapping[Kind, tuple[str, ...]] = {
    _E: (N_("填写"), TERMS["hand_in"], N_("审核"), N_("登记项目")),
    _P: (N_("填写"), TERMS[Action.SUBMIT], _COUNTER, N_("审核"), N_("发号"), N_("报送省厅")),
}
_AT: Mapping[tuple[Kind, Place], int] = {  # index of the step at hand
    (_E, Place.DRAFT): 0, (_E, Place.READY): 1, (_E, Place.RETURNED): 1, (_E, Place.UNLOCKED): 1,
    (_E, Place.UNLOCK_OVER): 1, (_P, Place.UNLOCK_OVER): 1,
    (_E, Place.IN_REVIEW): 2, (_E, Place.APPROVED): 3,
    (_P, Place.DRAFT): 0, (_P, Place.READY): 1, (_P, Place.RETURNED): 1, (_P, Place.UNLOCKED): 1,
    (_P, Place.AT_COUNTER): 2, (_P, Place.IN_REVIEW): 3, (_P, Place.TO_COLLECT): 5, (_P, Place.NUMBERED): 5,
    (_P, Place.PUSH_REFUSED): 5,
}  # fmt: skip
_GONE_BACK = frozenset({Place.RETURNED, Place.UNLOCKED, Place.UNLOCK_OVER, Place.PUSH_REFUSED})
_NOTES: Mapping[Place, str] = {
    Place.READY: N_("已填齐"),
    Place.RETURNED: N_("待修改，不计时"),
    Place.UNLOCKED: N_("已开放修改"),
    Place.UNLOCK_OVER: N_("修改期限已过"),
    Place.AT_COUNTER: N_("请带原件到窗口"),
    Place.PUSH_REFUSED: N_("省厅退回"),
}


_OF_UNIT_WORKS: Mapping[Status, Place] = {
    Status.DRAFT: Place.DRAFT,
    Status.SUBMITTED: Place.IN_REVIEW,
    Status.RETURNED: Place.RETURNED,
    Status.APPROVED: Place.APPROVED,
    Status.VOIDED: Place.VOIDED,
}


def place_of(kind: Kind, status: Status | str, standing: Standing) -> Place:
    """The place of a record in this state."""
    if kind == Kind.UNIT_WORK:
        return _OF_UNIT_WORKS[Status(status)]
    if status == Status.DRAFT:
        return Place.DRAFT if standing.missing_count else Place.READY
    if status == Status.RETURNED and standing.unlock_over:
        return Place.UNLOCK_OVER
    if status == Status.RETURNED:
        return Place.UNLOCKED if standing.unlocked else Place.RETURNED
    if status == Status.VOIDED:
        return Place.VOIDED
    if kind == Kind.ENTERPRISE:
        return Place.APPROVED if status == Status.APPROVED else Place.IN_REVIEW
    if status == Status.SUBMITTED:
        return Place.AT_COUNTER if standing.sees_counter and not standing.originals_checked else Place.IN_REVIEW
    if standing.push == "refused":
        return Place.PUSH_REFUSED
    return Place.NUMBERED if standing.handed_over else Place.TO_COLLECT


def next_step(kind: Kind, status: Status | str, standing: Standing) -> Next:
    """What comes next for a record, who has it and how long it may take."""
    return NEXT[kind, place_of(kind, status, standing)]


def steps(kind: Kind, status: Status | str, standing: Standing) -> tuple[Step, ...]:
    """The stepper; without the counter where the bureau does not ask for it, empty once void."""
    place = place_of(kind, status, standing)
    if (kind, place) not in _AT:
        return ()
    at, received = _AT[kind, place], standing.push == "received"
    found = [
        Step(label, _state(n, at, place, received), _note(place, standing) if n == at else None)
        for n, label in enumerate(STEPS[kind])
    ]
    return tuple(step for step in found if step.label != _COUNTER or standing.sees_counter)


def _state(n: int, at: int, place: Place, received: bool) -> str:
    if n < at or (received and place != Place.PUSH_REFUSED):
        return "done"
    if n > at:
        return "later"
    return "back" if place in _GONE_BACK else "now"


def _note(place: Place, standing: Standing) -> Sentence | None:
    if place == Place.DRAFT:
        return say(N_("还差 %(count)s 项"), count=standing.missing_count)
    return say(_NOTES[place]) if place in _NOTES else None
