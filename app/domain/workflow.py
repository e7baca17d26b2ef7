"""The life cycles of enterprise and project (SPEC §4): tables, and the function that reads them.

Buttons, refusals, the flow chart, docs and tests are derived from these tables; nothing else names a next state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.errors import Sentence, say
from app.domain.terms import N_, TERMS, Action, Kind, Role, Status


@dataclass(frozen=True)
class Need:
    """A claim that must hold for a transition, and what a person is told when it does not."""

    name: str
    sentence: str


OWNER = Need("is_owner", N_("只有本单位可以这样做。"))
COMPLETE = Need("is_complete", N_("还有必填内容或附件没有填好，请按提示补齐后再提交。"))
DECLARED = Need("is_declared", N_("请先勾选对所提供资料真实性负责的声明。"))
ITEMS_ANSWERED = Need("items_are_answered", N_("退回的事项还有没有回应的，暂不能提交。"))
ENTERPRISE_APPROVED = Need("enterprise_is_approved", N_("企业信息通过后才能提交和审核项目。"))
REGION_IN_FORCE = Need("region_is_in_force", N_("项目属地不在本系统的受理范围或已停用，请重新选择。"))
BUREAU_OPEN = Need("bureau_is_open", N_("受理机构尚未开放，暂不能提交。"))
UNCLAIMED = Need("is_unclaimed", N_("该件已有审核人员认领。"))
NOT_CLAIMED_BY_OTHER = Need("is_not_claimed_by_other", N_("该件已由其他审核人员认领，不能由您办理。"))
CLAIMED_BY_ACTOR = Need("is_claimed_by_actor", N_("该件不是由您认领的。"))
CLAIMED = Need("is_claimed", N_("该件尚未认领，无需收回。"))
ASSIGNEE = Need("assignee_may_decide", N_("请选择可以审核该件的审核人员。"))
ANOTHER_ASSIGNEE = Need("assignee_is_not_the_holder", N_("该件已由该审核人员认领，请选择其他审核人员。"))
NOT_OWN = Need("is_not_own_organization", N_("不能办理自己所在单位的记录，请由其他审核人员办理。"))
SAME_SNAPSHOT = Need("is_the_submitted_snapshot", N_("记录与提交时的内容不一致，不能据此作出决定。"))
ORIGINALS = Need("originals_are_checked", N_("尚未原件核验，不能通过。"))
DUPLICATE = Need("approval_document_is_numbered", N_("该立项没有发过号，不需要准予重复立项。"))
NO_DUPLICATE = Need("approval_document_is_unused", N_("该立项已发号，不能再次通过。"))
HAS_ITEMS = Need("has_return_items", N_("退回至少要有一项，每一项写明对象、原因和修改要求。"))
NEVER_SUBMITTED = Need("was_never_submitted", N_("提交过的草稿要作为作废记录保留。"))
WAS_SUBMITTED = Need("was_submitted_before", N_("这份草稿没有提交过。"))
NEVER_JUDGED = Need("was_never_judged", N_("已经审核或核验过的记录不能删除，请联系系统管理员作废。"))
OWN_BUREAU = Need("is_of_own_bureau", N_("该件由别的机构受理，您只能查看。"))
UNLOCK_LASTS = Need(
    "unlock_still_lasts", N_("开放修改的期限已过，不能再保存或提交。记录将恢复原内容。需要再改的，请联系系统管理员。")
)
UNLOCK_EXPIRED = Need("unlock_has_expired", N_("开放修改的期限还没有到。"))
WAS_APPROVED = Need("was_approved_before", N_("这份内容没有审核通过过。"))
WAS_WAITING = Need("was_waiting_for_review", N_("这份内容已经审核过。"))
AT_COUNTER = Need("is_at_the_counter", N_("窗口人员只能在原件核验时退回。"))
REASON = Need("has_reason", N_("请写明原因。"))
UNNUMBERED = Need("is_unnumbered", N_("已发号的项目不能这样做。"))
NUMBERED = Need("is_numbered", N_("项目还没有发号。"))
SECOND_PERSON = Need("second_person_agreed", N_("该操作需要另一位有权限的人员复核后才生效。"))
SCOPED_UNLOCK = Need("unlock_names_fields_and_time", N_("请选择要开放修改的内容和截止时间。"))
PROJECT_APPROVED = Need("project_is_approved", N_("项目审核通过、有编号后才能办理单体信息。"))
NOT_RECLAIMED = Need("code_was_not_reclaimed", N_("代码已由持证单位认领，不能重新登记。"))
RECLAIMED = Need("code_was_reclaimed", N_("只有代码被原单位认领后，原来的记录才由系统作废。"))
TARGET_BUREAU = Need("target_bureau_is_right", N_("请选择项目属地所在的受理机构。"))

NOT_ALLOWED = N_("您没有办理这一步的权限。")
ASSIGNMENTS = frozenset({Action.CLAIM, Action.RELEASE, Action.TAKE_BACK, Action.ASSIGN})
SYSTEM = "system"  # the worker's own acts: no person's role


@dataclass(frozen=True)
class Transition:
    """One row of a life cycle: who may do what in which state, where it leads, and what must hold."""

    source: Status
    action: Action
    target: Status | None  # None: the record is gone
    by: frozenset[str]
    needs: tuple[Need, ...] = ()

    @property
    def is_assignment(self) -> bool:
        """It says who works on the record, and leaves the record as it is."""
        return self.action in ASSIGNMENTS


def _t(source: Status, action: Action, target: Status | None, by: Iterable[str], *needs: Need) -> Transition:
    return Transition(source, action, target, frozenset(by), needs)


_A, _C, _R, _D = Role.APPLICANT, Role.COUNTER_CLERK, Role.REVIEWER, Role.ADMINISTRATOR
_DRAFT, _SUBMITTED, _RETURNED = Status.DRAFT, Status.SUBMITTED, Status.RETURNED
_APPROVED, _VOIDED = Status.APPROVED, Status.VOIDED

# An administrator moves a case on when its holder is away: an assignment, which leaves the record as it is.
_ASSIGNING = (
    _t(_SUBMITTED, Action.TAKE_BACK, _SUBMITTED, {_D}, OWN_BUREAU, NOT_OWN, CLAIMED, REASON),
    _t(_SUBMITTED, Action.ASSIGN, _SUBMITTED, {_D}, OWN_BUREAU, NOT_OWN, ASSIGNEE, ANOTHER_ASSIGNEE, REASON),
)

PROJECT: tuple[Transition, ...] = (
    _t(_DRAFT, Action.EDIT, _DRAFT, {_A}, OWNER),
    # What was handed in once is counted in its month: it stays, as void.
    _t(_DRAFT, Action.DELETE, None, {_A}, OWNER, NEVER_JUDGED, NEVER_SUBMITTED),
    _t(_DRAFT, Action.DELETE, _VOIDED, {_A}, OWNER, NEVER_JUDGED, WAS_SUBMITTED),
    _t(
        _DRAFT, Action.SUBMIT, _SUBMITTED, {_A},
        OWNER, ENTERPRISE_APPROVED, COMPLETE, REGION_IN_FORCE, BUREAU_OPEN, DECLARED, ITEMS_ANSWERED,
    ),
    _t(_DRAFT, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, UNNUMBERED, REASON),
    _t(_SUBMITTED, Action.WITHDRAW, _DRAFT, {_A}, OWNER, UNNUMBERED, UNCLAIMED),
    _t(_SUBMITTED, Action.CLAIM, _SUBMITTED, {_R}, OWN_BUREAU, NOT_OWN, UNCLAIMED),
    _t(_SUBMITTED, Action.RELEASE, _SUBMITTED, {_R}, CLAIMED_BY_ACTOR),
    *_ASSIGNING,
    _t(
        _SUBMITTED, Action.TRANSFER, _SUBMITTED, {_R},
        OWN_BUREAU, NOT_OWN, NOT_CLAIMED_BY_OTHER, REASON, TARGET_BUREAU,
    ),
    _t(_SUBMITTED, Action.TRANSFER, _SUBMITTED, {_D}, OWN_BUREAU, REASON, TARGET_BUREAU),
    _t(
        _SUBMITTED, Action.APPROVE, _APPROVED, {_R},
        OWN_BUREAU, NOT_OWN, NOT_CLAIMED_BY_OTHER, SAME_SNAPSHOT, ENTERPRISE_APPROVED, REGION_IN_FORCE, ORIGINALS,
        NO_DUPLICATE,
    ),
    _t(_SUBMITTED, Action.RETURN, _RETURNED, {_R}, OWN_BUREAU, NOT_OWN, NOT_CLAIMED_BY_OTHER, HAS_ITEMS),
    _t(_SUBMITTED, Action.RETURN, _RETURNED, {_C}, OWN_BUREAU, NOT_OWN, AT_COUNTER, HAS_ITEMS),
    _t(_SUBMITTED, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, UNNUMBERED, REASON),
    _t(_SUBMITTED, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, NUMBERED, REASON, SECOND_PERSON),
    _t(
        _SUBMITTED, Action.ALLOW_DUPLICATE, _SUBMITTED, {_D},
        OWN_BUREAU, NOT_OWN, DUPLICATE, REASON, SECOND_PERSON,
    ),
    _t(_RETURNED, Action.EDIT, _RETURNED, {_A}, OWNER, UNLOCK_LASTS),
    _t(
        _RETURNED, Action.SUBMIT, _SUBMITTED, {_A},
        OWNER, UNLOCK_LASTS, ENTERPRISE_APPROVED, COMPLETE, REGION_IN_FORCE, BUREAU_OPEN, DECLARED, ITEMS_ANSWERED,
    ),
    _t(_RETURNED, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, UNNUMBERED, REASON),
    _t(_RETURNED, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, NUMBERED, REASON, SECOND_PERSON),
    _t(
        _RETURNED, Action.UNLOCK, _RETURNED, {_D},
        OWN_BUREAU, REASON, SCOPED_UNLOCK, UNLOCK_EXPIRED, SECOND_PERSON,
    ),
    _t(_RETURNED, Action.RELOCK, _APPROVED, {SYSTEM}, UNLOCK_EXPIRED, NUMBERED),
    _t(_APPROVED, Action.UNLOCK, _RETURNED, {_D}, OWN_BUREAU, REASON, SCOPED_UNLOCK, SECOND_PERSON),
    _t(_APPROVED, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, REASON, SECOND_PERSON),
    *(
        _t(status, Action.VOID, _VOIDED, {SYSTEM}, UNNUMBERED, RECLAIMED)
        for status in (_DRAFT, _SUBMITTED, _RETURNED)
    ),
)  # fmt: skip

# 递交审核 locks the enterprise record and only an administrator's 人工退回 opens it again (notice N71):
# so its table has no withdrawal, and unlocks from both submitted and approved.
ENTERPRISE: tuple[Transition, ...] = (
    _t(_DRAFT, Action.EDIT, _DRAFT, {_A}, OWNER),
    _t(_DRAFT, Action.DELETE, None, {_A}, OWNER, NEVER_JUDGED, NEVER_SUBMITTED),
    _t(_DRAFT, Action.DELETE, _VOIDED, {_A}, OWNER, NEVER_JUDGED, WAS_SUBMITTED),
    _t(_DRAFT, Action.SUBMIT, _SUBMITTED, {_A}, OWNER, COMPLETE, BUREAU_OPEN, DECLARED),
    _t(_DRAFT, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, REASON),
    _t(_SUBMITTED, Action.CLAIM, _SUBMITTED, {_R}, OWN_BUREAU, NOT_OWN, UNCLAIMED),
    _t(_SUBMITTED, Action.RELEASE, _SUBMITTED, {_R}, CLAIMED_BY_ACTOR),
    *_ASSIGNING,
    _t(
        _SUBMITTED,
        Action.TRANSFER,
        _SUBMITTED,
        {_R},
        OWN_BUREAU,
        NOT_OWN,
        NOT_CLAIMED_BY_OTHER,
        REASON,
        TARGET_BUREAU,
    ),
    _t(_SUBMITTED, Action.TRANSFER, _SUBMITTED, {_D}, OWN_BUREAU, REASON, TARGET_BUREAU),
    _t(_SUBMITTED, Action.APPROVE, _APPROVED, {_R}, OWN_BUREAU, NOT_OWN, NOT_CLAIMED_BY_OTHER, SAME_SNAPSHOT),
    _t(_SUBMITTED, Action.RETURN, _RETURNED, {_R}, OWN_BUREAU, NOT_OWN, NOT_CLAIMED_BY_OTHER, HAS_ITEMS),
    _t(_SUBMITTED, Action.UNLOCK, _RETURNED, {_D}, OWN_BUREAU, REASON, SCOPED_UNLOCK),
    _t(_SUBMITTED, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, REASON),
    _t(_RETURNED, Action.EDIT, _RETURNED, {_A}, OWNER, UNLOCK_LASTS),
    _t(
        _RETURNED, Action.SUBMIT, _SUBMITTED, {_A}, OWNER, UNLOCK_LASTS, COMPLETE, BUREAU_OPEN, DECLARED, ITEMS_ANSWERED
    ),
    _t(_RETURNED, Action.VOID, _VOIDED, {_D}, OWN_BUREAU, REASON),
    _t(_RETURNED, Action.UNLOCK, _RETURNED, {_D}, OWN_BUREAU, REASON, SCOPED_UNLOCK, UNLOCK_EXPIRED),
    _t(_RETURNED, Action.RELOCK, _APPROVED, {SYSTEM}, UNLOCK_EXPIRED, WAS_APPROVED),
    _t(_RETURNED, Action.RELOCK, _SUBMITTED, {SYSTEM}, UNLOCK_EXPIRED, WAS_WAITING),
    _t(_APPROVED, Action.UNLOCK, _RETURNED, {_D}, OWN_BUREAU, REASON, SCOPED_UNLOCK),
    *(_t(status, Action.VOID, _VOIDED, {SYSTEM}, RECLAIMED) for status in (_DRAFT, _SUBMITTED, _RETURNED, _APPROVED)),
    _t(_VOIDED, Action.REOPEN, _DRAFT, {_A}, OWNER, NOT_RECLAIMED),  # an organization has one record, and goes on
)

# 单体信息 of a numbered project: the submit takes it into the municipal flow (notice N86), the bureau looks it through.
UNIT_WORKS: tuple[Transition, ...] = (
    _t(_DRAFT, Action.EDIT, _DRAFT, {_A}, OWNER, PROJECT_APPROVED),
    _t(_DRAFT, Action.SUBMIT, _SUBMITTED, {_A}, OWNER, PROJECT_APPROVED, COMPLETE, DECLARED),
    _t(_SUBMITTED, Action.APPROVE, _APPROVED, {_R}, OWN_BUREAU, NOT_OWN, PROJECT_APPROVED),
    _t(_SUBMITTED, Action.RETURN, _RETURNED, {_R}, OWN_BUREAU, NOT_OWN, REASON),
    _t(_RETURNED, Action.EDIT, _RETURNED, {_A}, OWNER, PROJECT_APPROVED),
    _t(_RETURNED, Action.SUBMIT, _SUBMITTED, {_A}, OWNER, PROJECT_APPROVED, COMPLETE, DECLARED),
    _t(_APPROVED, Action.UNLOCK, _RETURNED, {_D}, OWN_BUREAU, PROJECT_APPROVED, REASON),
    *(_t(status, Action.VOID, _VOIDED, {SYSTEM}) for status in (_DRAFT, _SUBMITTED, _RETURNED, _APPROVED)),
)

# Records under review, and all that live by a table.
LIFE_CYCLES: dict[Kind, tuple[Transition, ...]] = {Kind.PROJECT: PROJECT, Kind.ENTERPRISE: ENTERPRISE}
TABLES: dict[Kind, tuple[Transition, ...]] = {**LIFE_CYCLES, Kind.UNIT_WORK: UNIT_WORKS}


@dataclass(frozen=True)
class Refusal:
    """Why not: a value, shared by the greyed button, the message and the API."""

    sentence: Sentence
    code: str


def rows(kind: Kind, status: Status | str, action: Action | str, roles: Iterable[str]) -> list[Transition]:
    """The table's rows that could carry this act for one of these roles."""
    held = set(roles)
    return [t for t in TABLES[kind] if (t.source, t.action) == (status, action) and t.by & held]


def needs_of(kind: Kind, status: Status | str, action: Action | str, roles: Iterable[str]) -> frozenset[str]:
    """Names of the claims a caller must look up before it asks `decide`."""
    return frozenset(need.name for t in rows(kind, status, action, roles) for need in t.needs)


def decide(
    kind: Kind,
    status: Status | str,
    action: Action | str,
    roles: Iterable[str],
    facts: Mapping[str, bool | Sentence],
) -> Transition | Refusal:
    """The transition that may happen, or why it may not. A claim nobody vouched for does not hold.

    Of several rows that could carry the act, the one that holds furthest says what is missing.
    A fact may be a `Sentence`: it does not hold, and this says so more precisely than the table does.
    """
    candidates = rows(kind, status, action, roles)
    if not candidates:
        return _not_in_table(kind, status, action)
    refusals: list[tuple[int, Refusal]] = []
    for transition in candidates:
        unmet = _first_unmet(transition, facts)
        if unmet is None:
            return transition
        refusals.append(unmet)
    return max(refusals, key=lambda unmet: unmet[0])[1]


def offered(kind: Kind, status: Status | str, roles: Iterable[str]) -> list[Action]:
    """Actions the table has for these roles in this state, in table order, whatever the facts."""
    held = set(roles)
    found = [t.action for t in TABLES[kind] if t.source == status and t.by & held]
    return list(dict.fromkeys(found))


def _first_unmet(transition: Transition, facts: Mapping[str, bool | Sentence]) -> tuple[int, Refusal] | None:
    """The first claim that does not hold, after how many that do."""
    for place, need in enumerate(transition.needs):
        held = facts.get(need.name, False)
        if held is not True:
            return place, Refusal(held if isinstance(held, Sentence) else say(need.sentence), need.name)
    return None


def _not_in_table(kind: Kind, status: Status | str, action: Action | str) -> Refusal:
    if any((t.source, t.action) == (status, action) for t in TABLES[kind]):
        return Refusal(say(NOT_ALLOWED), "role")
    return Refusal(
        say(
            N_("当前状态为「%(status)s」，不能%(action)s。"),
            status=TERMS[Status(status)],
            action=TERMS[Action(action)],
        ),
        "state",
    )
