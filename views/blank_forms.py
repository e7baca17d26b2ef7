"""空白表单: the letters of authorization (附件1, 附件2) and the request for a new password, to be filled in by hand.

For everybody; for a signed-in organization with its own name and legal representative in them.
"""

from collections.abc import Callable
from typing import Any

from flask import abort
from flask_appbuilder import expose
from flask_babel import force_locale
from flask_babel import gettext as _

from app.domain.terms import MandateForm, Role
from app.papers.blocks import Block, Paper, Prose, Rows, Signatures
from app.papers.typeset import qr
from app.papers.word import MIME, docx
from app.services import approved, enterprise, verify
from models.enterprise import Enterprise
from views.base import TrustedBaseView, current_actor, db
from views.papers import ISSUER, address_of, as_file, inline_pdf

WORD = ".docx"
GAP = "＿" * 8
DAY = "＿＿＿＿年＿＿月＿＿日"


class BlankFormView(TrustedBaseView):
    """`/forms/<name>`."""

    route_base = "/forms"
    default_view = "show"

    @expose("/<name>", methods=["GET"])
    def show(self, name: str) -> Any:
        """One form: as PDF to print, or with `.docx` behind its name to fill in."""
        as_word = name.endswith(WORD)
        maker = FORMS.get(name.removesuffix(WORD))
        if maker is None:
            abort(404)
        with force_locale("zh"):
            made = maker(_own_record())
        name = f"{made.title}{made.subtitle}"
        if as_word:
            return as_file(docx(made), MIME, name + WORD, "attachment")
        return inline_pdf(made, name)


def _own_record() -> Enterprise | None:
    """The enterprise record of whoever builds; nothing for everybody else."""
    actor = current_actor()
    if Role.APPLICANT not in actor.roles or actor.organization_id is None:
        return None
    return enterprise.of_organization(db(), actor.organization_id)


def _letter(record: Enterprise | None, *, agency: bool) -> Paper:
    """What the notice's annexes have the legal representative declare (N23 to N46)."""
    who = {
        "person": (approved.told(db(), record).get("legal_representative") if record else None) or GAP,
        "unit": record.organization.name if record else GAP,
        "gap": GAP,
        "day": DAY,
    }
    grants = (
        _("本人 %(person)s 系 %(unit)s（单位）法人代表，现授权 %(gap)s（招标代理机构）的 %(gap)s", **who)
        if agency
        else _("本人 %(person)s 系 %(unit)s（单位）法人代表，现授权我单位 %(gap)s", **who)
    )
    scope = _("负责处理“无锡市建设工程项目审批管理信息系统”（简称“一号通”）有关一切事务。")
    truth = _("其提供的所有资料，我均予以承认，并对资料的真实性负责。")
    blocks: list[Block] = [
        Prose(_("本授权委托书声明：") + f"{grants}，{scope}{truth}"),
        Prose(_("委托日期自 %(day)s 起，至 %(day)s 止。代理人无转委权，特此委托。", **who)),
    ]
    asked = (
        [_("委托单位法人代表（签章）："), _("委托单位公章：")] if agency else [_("法人代表（签章）："), _("单位公章：")]
    )
    asked += [_("受委托人（签章）："), _("身份证号码："), _("手机：")]
    asked += [_("受委托人单位公章：")] if agency else []
    blocks += [Signatures([line]) for line in (*asked, _("日期："))]
    if record is not None:
        form = MandateForm.TENDER_AGENCY if agency else MandateForm.OWN_STAFF
        code = str(verify.letter_code(record.organization, form))
        caption = _("窗口扫码找到本单位，或在 %(address)s 输入：", address=address_of(""))
        blocks.append(qr(address_of(code), caption, code))
    note = _("附件2，经办人为招标代理机构人员") if agency else _("附件1，经办人为本单位人员")
    return Paper(_("法人授权委托书"), ISSUER, ISSUER, blocks, note)


def _password(record: Enterprise | None) -> Paper:
    """密码重置申请: brought to the counter with the stamp on it."""
    rows = [
        (_("单位名称"), record.organization.name if record else ""),
        (_("组织机构代码"), record.organization.org_code if record else ""),
        (_("申请原因"), ""),
        (_("经办人姓名和手机"), ""),
        (_("接收验证码的手机"), ""),
    ]
    blocks = [
        Rows(rows),
        Prose(_("本单位申请重置“一号通”登录密码，原密码和已登录的会话同时失效。")),
        Signatures([_("单位盖章："), _("经办人签字："), _("日期：")]),
    ]
    return Paper(_("密码重置申请"), ISSUER, ISSUER, blocks)


FORMS: dict[str, Callable[[Enterprise | None], Paper]] = {
    "letter-1": lambda record: _letter(record, agency=False),
    "letter-2": lambda record: _letter(record, agency=True),
    "password-reset": _password,
}
