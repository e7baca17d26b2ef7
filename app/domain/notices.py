"""What people are told when something happens to their record: one table, named placeholders only.

No personal data in a text: an SMS is read on locked screens.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.terms import N_


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
        Notice("password:changed", N_("【一号通】%(name)s的登录密码已修改。如非本人操作请立即联系窗口。")),
        Notice("enterprise:submit", N_("【一号通】企业信息已递交审核，审核结果将短信告知。")),
        Notice("enterprise:approve", N_("【一号通】企业信息已审核通过，可以登记项目了。")),
        Notice("enterprise:return", N_("【一号通】企业信息被退回，共 %(count)s 项需要修改，请登录查看。")),
        Notice("enterprise:unlock", N_("【一号通】企业信息已由管理员退回修改，请登录修改后重新递交审核。")),
        Notice("enterprise:relock", N_("【一号通】企业信息的修改期限已到，内容未改动，已恢复锁定。"), by_sms=False),
        Notice("enterprise:void", N_("【一号通】企业信息已作废，请联系受理机构。")),
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
        Notice("project:hand_over", N_("【一号通】项目「%(name)s」的统一编号已在窗口领取。")),
        Notice("project:unlock", N_("【一号通】项目「%(name)s」已由管理员退回修改，请登录修改后转审核。")),
        Notice("project:relock", N_("【一号通】项目「%(name)s」的修改期限已到，未改动，已恢复锁定。"), by_sms=False),
        Notice("project:void", N_("【一号通】项目「%(name)s」已作废，请登录查看原因。")),
        Notice("project:transfer", N_("【一号通】项目「%(name)s」已转由%(bureau)s受理。"), by_sms=False),
    )
}  # fmt: skip


def text_of(event: str, **values: object) -> str:
    """The notice's text with its placeholders filled."""
    return NOTICES[event].text % values
