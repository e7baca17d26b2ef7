"""What people are told when something happens to their record: one table, named placeholders only.

No personal data in a text: an SMS is read on locked screens.
A bureau may word a notice its own way, within the rules here.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import Sentence, say
from app.domain.terms import N_

SIGNATURE = "【一号通】"  # the gateway sends nothing that is not signed
LONGEST = 500  # characters, also with the longest values filled in
ONE_MESSAGE, PART_OF_MANY = 70, 67  # characters of one SMS, and of each part of a longer one
SECRETS = ("code", "password")  # one-time: for the phone alone
KEPT_ALWAYS = (*SECRETS, "number")  # without it the notice is pointless
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# Whoever builds causes these as often as it likes: beyond so many a day they go to the inbox alone.
OF_OWN_ACTS = frozenset({"enterprise:submit", "project:submit", "project:submit_again", "project:withdraw"})
MOST_OF_OWN_ACTS = 50
COVERED = "······"  # stands for a one-time code wherever somebody else may read
_BESIDE = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ%－-]"  # beside a code it would be read as part of it
TOUCHED_CODE = re.compile(rf"{_BESIDE}%\((?:code|password)\)s|%\((?:code|password)\)s{_BESIDE}")
# What may be filled in: a word for it, a sample, and how long it can get. Nothing personal is among them.
FILLED_IN: dict[str, tuple[str, str, int]] = {
    "name": (N_("项目名称或单位名称"), "演示中学迁建工程", 200),
    "code": (N_("验证码"), "123456", 6),
    "password": (N_("一次性密码"), "abcd-efgh-jkmn", 14),
    "day": (N_("日期"), "2026-12-31", 10),
    "count": (N_("退回事项数"), "2", 3),
    "number": (N_("项目统一编号"), "3202812611230101", 19),
    "org_code": (N_("组织机构代码"), "PDY00001-X", 10),
    "matter": (N_("事项"), "施工许可证", 9),
    "bureau": (N_("受理机构"), "江阴市住房和城乡建设局", 100),
}


@dataclass(frozen=True)
class Notice:
    """One event's text; `by_sms` says whether a phone gets it, `expires_in` after when it is pointless."""

    event: str
    text: str
    by_sms: bool = True
    expires_in: timedelta = timedelta(days=3)


NOTICES: dict[str, Notice] = {
    notice.event: notice
    for notice in (
        Notice(
            "registration:done",
            N_("【一号通】%(name)s已注册，用户名为组织机构代码。首次登录请修改密码，换浏览器时的验证码：%(code)s。"),
        ),
        Notice(
            "password:code",
            N_("【一号通】验证码：%(code)s，用于修改登录密码。如非本人操作请联系窗口。"),
            expires_in=timedelta(minutes=30),
        ),
        Notice(
            "password:reset",
            N_("【一号通】%(name)s的密码已在窗口重置，一次性密码：%(password)s，请在 24 小时内登录修改。"),
            expires_in=timedelta(hours=24),
        ),
        Notice("password:changed", N_("【一号通】%(name)s的登录密码已修改。如非本人操作请立即联系窗口。")),
        Notice(
            "organization:edit",
            N_("【一号通】%(name)s的联系手机已由管理员更改，以后的短信发往新号码。如非本单位要求请立即联系窗口。"),
        ),
        Notice(
            "organization:rename",
            N_("【一号通】更名已登记：%(name)s，用户名 %(org_code)s，密码不变。如非本单位申请请立即联系窗口。"),
        ),
        Notice(
            "organization:reclaim",
            N_("【一号通】%(org_code)s 已由持原件的单位在窗口认领，您用这个代码的登记已停用，填写的内容不会转给对方。"),
        ),
        Notice(
            "mandate:ends", N_("【一号通】%(name)s的授权委托书将于 %(day)s 到期，此后到窗口办理请带新的委托书。")
        ),
        Notice("enterprise:submit", N_("【一号通】企业信息已递交审核，审核结果将短信告知。")),
        Notice("enterprise:approve", N_("【一号通】企业信息已审核通过，可以登记项目了。")),
        Notice("enterprise:approve_correction", N_("【一号通】企业信息的更正已审核通过。")),
        Notice("enterprise:return", N_("【一号通】企业信息被退回，共 %(count)s 项需要修改，请登录查看。")),
        Notice("enterprise:unlock", N_("【一号通】企业信息已由管理员退回修改，请登录修改后重新递交审核。")),
        Notice(
            "enterprise:relock",
            N_("【一号通】企业信息的修改期限已到，没有提交的修改不生效，已恢复原内容并锁定。"),
            by_sms=False,
        ),
        Notice("enterprise:void", N_("【一号通】企业信息已作废，请登录查看原因，可以重新登记。")),
        Notice("enterprise:transfer", N_("【一号通】企业信息已转由%(bureau)s受理。"), by_sms=False),
        Notice(
            "project:submit", N_("【一号通】项目「%(name)s」已提交审核，请经办人带原件和授权委托书到窗口核验。")
        ),
        Notice("project:submit_again", N_("【一号通】项目「%(name)s」已提交审核，审核结果将短信告知。")),
        Notice("project:withdraw", N_("【一号通】项目「%(name)s」已撤回为草稿。")),
        Notice("project:return", N_("【一号通】项目「%(name)s」被退回，共 %(count)s 项需要修改，请登录查看。")),
        Notice(
            "project:approve",
            N_("【一号通】项目「%(name)s」审核通过，项目统一编号 %(number)s，请到窗口领取。"),
        ),
        Notice(
            "project:approve_correction",
            N_("【一号通】项目「%(name)s」的更正已审核通过，项目统一编号 %(number)s 不变。"),
        ),
        Notice("project:hand_over", N_("【一号通】项目「%(name)s」的统一编号已在窗口领取。")),
        Notice("project:unlock", N_("【一号通】项目「%(name)s」已由管理员退回修改，请登录修改后转审核。")),
        Notice(
            "project:relock",
            N_("【一号通】项目「%(name)s」的修改期限已到，没有提交的修改不生效，已恢复原内容并锁定。"),
            by_sms=False,
        ),
        Notice("project:void", N_("【一号通】项目「%(name)s」已作废，请登录查看原因。")),
        Notice("matter:accept", N_("【一号通】项目「%(name)s」的%(matter)s已受理。")),
        Notice("matter:supplement", N_("【一号通】项目「%(name)s」的%(matter)s需要补正，请登录查看要求。")),
        Notice("matter:record", N_("【一号通】项目「%(name)s」的%(matter)s已办结，请登录查看结果。")),
        Notice("matter:reject", N_("【一号通】项目「%(name)s」的%(matter)s未通过，请登录查看原因。")),
        Notice("unit_work:submit", N_("【一号通】项目「%(name)s」的单体信息已提交，进入市审批流程。"), by_sms=False),
        Notice("unit_work:approve", N_("【一号通】项目「%(name)s」的单体信息已审核通过。")),
        Notice("unit_work:return", N_("【一号通】项目「%(name)s」的单体信息被退回，请登录查看原因，改好后重新提交。")),
        Notice("unit_work:unlock", N_("【一号通】项目「%(name)s」的单体信息已由管理员退回修改，请改好后重新提交。")),
        Notice("project:transfer", N_("【一号通】项目「%(name)s」已转由%(bureau)s受理。"), by_sms=False),
    )
}  # fmt: skip


# When each is sent, in words for the administrator's list.
OCCASIONS: dict[str, str] = {
    "registration:done": N_("注册成功"),
    "password:code": N_("发送验证码"),
    "password:reset": N_("窗口重置密码"),
    "password:changed": N_("密码已修改"),
    "organization:edit": N_("联系手机更改"),
    "organization:rename": N_("更名登记"),
    "organization:reclaim": N_("代码认领"),
    "mandate:ends": N_("委托书即将到期"),
    "enterprise:submit": N_("企业信息递交审核"),
    "enterprise:approve": N_("企业信息审核通过"),
    "enterprise:approve_correction": N_("企业信息更正审核通过"),
    "enterprise:return": N_("企业信息退回"),
    "enterprise:unlock": N_("企业信息解锁（人工退回）"),
    "enterprise:relock": N_("企业信息到期重新锁定"),
    "enterprise:void": N_("企业信息作废"),
    "enterprise:transfer": N_("企业信息移交"),
    "project:submit": N_("项目提交审核（原件待核验）"),
    "project:submit_again": N_("项目提交审核（原件已核验）"),
    "project:withdraw": N_("项目撤回"),
    "project:return": N_("项目退回"),
    "project:approve": N_("项目审核通过并发号"),
    "project:approve_correction": N_("项目更正审核通过，编号不变"),
    "project:hand_over": N_("项目编号领取"),
    "project:unlock": N_("项目解锁（人工退回）"),
    "project:relock": N_("项目到期重新锁定"),
    "project:void": N_("项目作废"),
    "project:transfer": N_("项目移交"),
    "matter:accept": N_("事项受理"),
    "matter:supplement": N_("事项需要补正"),
    "matter:record": N_("事项办结"),
    "matter:reject": N_("事项未通过"),
    "unit_work:submit": N_("单体信息提交"),
    "unit_work:approve": N_("单体信息审核通过"),
    "unit_work:return": N_("单体信息退回"),
    "unit_work:unlock": N_("单体信息解锁（人工退回）"),
}


def placeholders(event: str) -> tuple[str, ...]:
    """What a wording of the event may have filled in: the name always, and what its own text has."""
    return tuple(dict.fromkeys(("name", *PLACEHOLDER.findall(NOTICES[event].text))))


def has_code(event: str) -> bool:
    """Whether the event's text carries a one-time code."""
    return event in NOTICES and not set(SECRETS).isdisjoint(placeholders(event))


def wording_fault(event: str, text: str) -> Sentence | None:
    """Why this wording cannot be used for the event, or None."""
    if "\n" in text:
        return say(N_("短信写成一段，请去掉换行。"))
    known, used = placeholders(event), PLACEHOLDER.findall(text)
    unknown = next((name for name in used if name not in known), None)
    if unknown is not None:
        return say(N_("这条通知没有占位符「%(name)s」可用，请从下方列出的占位符中选用。"), name=unknown)
    if "%" in PLACEHOLDER.sub("", text):
        return say(N_("除占位符外不能使用百分号，请改写为文字。"))
    lost = next((n for n in KEPT_ALWAYS if n in known and n not in used), None)
    if lost is not None:
        return say(N_("请保留占位符「%(name)s」，没有它这条通知就没有用处。"), name=lost)
    if TOUCHED_CODE.search(text):
        return say(N_("验证码的前后不要紧接字母、数字、短横或其他占位符，请用标点或文字隔开。"))
    if not text.startswith(SIGNATURE):
        return say(N_("请以签名「%(signature)s」开头，短信平台按签名放行。"), signature=SIGNATURE)
    longest = len(text % {name: "字" * FILLED_IN[name][2] for name in known})
    if longest > LONGEST:
        return say(N_("填入最长的名称后有 %(length)s 字，超过 %(limit)s 字，请精简。"), length=longest, limit=LONGEST)
    return None


def sample_of(event: str, text: str) -> str:
    """The text as somebody would read it, with made-up values; only for a wording without fault."""
    return text % {name: FILLED_IN[name][1] for name in placeholders(event)}


def segments(text: str) -> int:
    """How many SMS a text is charged as."""
    return 1 if len(text) <= ONE_MESSAGE else -(-len(text) // PART_OF_MANY)
