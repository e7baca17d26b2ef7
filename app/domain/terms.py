"""The vocabulary (SPEC §2): one Chinese term, one English identifier. It knows no rule and no framework."""

from enum import StrEnum


def N_(message: str) -> str:
    """Mark a sentence for the catalogue; views translate it when they show it."""
    return message


class Role(StrEnum):
    """Who acts. One person may hold several staff roles."""

    APPLICANT = "applicant"
    COUNTER_CLERK = "counter_clerk"
    REVIEWER = "reviewer"
    MATTER_CLERK = "matter_clerk"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Kind(StrEnum):
    """What is acted on."""

    ORGANIZATION = "organization"
    ENTERPRISE = "enterprise"
    PROJECT = "project"
    UNIT_WORK = "unit_work"


class Status(StrEnum):
    """Where a record stands in its life cycle."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    VOIDED = "voided"


class Action(StrEnum):
    """What may be done with a record. `edit` changes values, all others change where it stands."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    RELEASE = "release"
    TAKE_BACK = "take_back"
    ASSIGN = "assign"
    APPROVE = "approve"
    RETURN = "return"
    UNLOCK = "unlock"
    RELOCK = "relock"
    VOID = "void"
    TRANSFER = "transfer"
    ALLOW_DUPLICATE = "allow_duplicate"
    DELETE = "delete"
    REOPEN = "reopen"


class UnitKind(StrEnum):
    """单位性质: decides which scans an enterprise record needs."""

    ENTERPRISE = "enterprise"
    GOVERNMENT = "government"
    INSTITUTION = "institution"
    ASSOCIATION = "association"
    OTHER = "other"


class ApprovalKind(StrEnum):
    """立项方式."""

    APPROVAL = "approval"
    RATIFICATION = "ratification"
    FILING = "filing"


class OriginalResult(StrEnum):
    """What the counter found when it held an original beside its scan (原件核验)."""

    MATCH = "match"
    DIFFERS = "differs"
    MISSING = "missing"


class RequestKind(StrEnum):
    """账号办理: what an organization asks for at the counter about its account."""

    RESET = "reset"
    RECLAIM = "reclaim"
    RENAME = "rename"


class MandateForm(StrEnum):
    """法人授权委托书: 附件1 for own staff, 附件2 for a tender agency."""

    OWN_STAFF = "own_staff"
    TENDER_AGENCY = "tender_agency"


TERMS: dict[str, str] = {
    # who
    Role.APPLICANT: N_("建设单位"),
    Role.COUNTER_CLERK: N_("窗口人员"),
    Role.REVIEWER: N_("审核人员"),
    Role.MATTER_CLERK: N_("事项经办"),
    Role.MANAGER: N_("统计管理"),
    Role.ADMINISTRATOR: N_("系统管理员"),
    Role.AUDITOR: N_("审计员"),
    # what
    Kind.ORGANIZATION: N_("建设单位"),
    Kind.PROJECT: N_("项目登记"),
    Kind.UNIT_WORK: N_("单体"),
    # where it stands
    Status.DRAFT: N_("草稿"),
    Status.SUBMITTED: N_("待审核"),
    Status.RETURNED: N_("待修改"),
    Status.APPROVED: N_("审核通过"),
    Status.VOIDED: N_("作废"),
    # what is done
    Action.EDIT: N_("编辑"),
    Action.SUBMIT: N_("提交审核"),
    Action.WITHDRAW: N_("撤回"),
    Action.CLAIM: N_("认领"),
    Action.RELEASE: N_("放回待办"),
    Action.TAKE_BACK: N_("收回"),
    Action.ASSIGN: N_("改派"),
    Action.APPROVE: N_("审核通过"),
    Action.RETURN: N_("退回"),
    Action.UNLOCK: N_("解锁（人工退回）"),
    Action.RELOCK: N_("到期重新锁定"),
    Action.VOID: N_("作废"),
    Action.TRANSFER: N_("移交"),
    Action.ALLOW_DUPLICATE: N_("准予重复立项"),
    Action.DELETE: N_("删除草稿"),
    Action.REOPEN: N_("重新登记"),
    "resubmit": N_("转审核"),
    "approve_correction": N_("更正审核通过"),
    "hand_in": N_("递交审核"),
    # unit kinds; `enterprise` is also the record's own word
    UnitKind.ENTERPRISE: N_("企业"),
    UnitKind.GOVERNMENT: N_("行政机关"),
    UnitKind.INSTITUTION: N_("事业单位"),
    UnitKind.ASSOCIATION: N_("社会团体"),
    UnitKind.OTHER: N_("其他"),
    # kinds of project approval; `approval` 审批 is not the act 审核通过
    ApprovalKind.APPROVAL: N_("审批"),
    ApprovalKind.RATIFICATION: N_("核准"),
    ApprovalKind.FILING: N_("备案"),
    OriginalResult.MATCH: N_("相符"),
    OriginalResult.DIFFERS: N_("不符"),
    OriginalResult.MISSING: N_("缺原件"),
    MandateForm.OWN_STAFF: N_("附件1（本单位人员）"),
    MandateForm.TENDER_AGENCY: N_("附件2（招标代理机构人员）"),
    RequestKind.RESET: N_("密码重置"),
    RequestKind.RECLAIM: N_("代码认领"),
    RequestKind.RENAME: N_("更名"),
    # nouns of the journey (SPEC §2)
    "org_code": N_("组织机构代码"),
    "uscc": N_("统一社会信用代码"),
    "enterprise_record": N_("企业信息"),
    "project_number": N_("项目统一编号"),
    "approval_document": N_("立项批文"),
    "review": N_("审核记录"),
    "return_item": N_("退回事项"),
    "hand_over": N_("领取"),
    "note": N_("内部备注"),
    "originals_check": N_("原件核验"),
    "mandate": N_("法人授权委托书"),
    "matter": N_("事项"),
    "push": N_("报送（省厅）"),
    "notice": N_("短信通知"),
    "number_register": N_("编号登记簿"),
    "worklist": N_("待办"),
    "pending_act": N_("待复核"),
}


def term(identifier: str) -> str:
    """The Chinese word for an identifier."""
    return TERMS[identifier]


def status_word(status: Status | str, *, numbered: bool = False) -> str:
    """The label of a record's state; an approved project shows its number's state, 已发号 (DESIGN §5)."""
    return N_("已发号") if numbered and status == Status.APPROVED else TERMS[Status(status)]


def submit_word(kind: Kind | str, status: Status | str) -> str:
    """递交审核 for an enterprise, 提交审核 for a project, 转审核 for a project after a return (SPEC §2)."""
    if kind == Kind.ENTERPRISE:
        return TERMS["hand_in"]
    return TERMS["resubmit"] if status == Status.RETURNED else TERMS[Action.SUBMIT]
