"""注册: an organization names itself. The service judges; the form keeps what was typed."""

from datetime import timedelta
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.domain.clock import local_date
from app.domain.errors import Invalid
from app.domain.fields import PRIVACY_NOTICE_VERSION, REGISTRATION, CodeTables, clean
from app.domain.terms import N_, TERMS, Kind, UnitKind
from app.domain.tries import Tries
from app.security import claim, text_messages, tries
from app.security.actor import current_actor, signed_in_user
from app.security.here import db, now, place, settings
from app.security.passwords import hash_password
from app.security.throttle import TooMany
from app.services import registration
from models.dictionary import RequiredDocument
from views.base import TrustedBaseView
from views.editing import blame
from views.entry import entry_facts
from views.forms import RuleForm
from views.words import in_language

REGISTERED_FORM = RuleForm.of(REGISTRATION)
CONSENT = N_("已阅读并同意个人信息处理说明")
CONSENT_ON_PAPER = N_("申请单位已在书面材料上同意个人信息处理说明（%(version)s 版），材料已核对。")


class RegistrationView(TrustedBaseView):
    """/register/, open to everybody who is not signed in."""

    route_base = "/register"
    default_view = "register"

    @expose("/", methods=["GET", "POST"])
    def register(self) -> Any:
        if signed_in_user() is not None:
            return redirect("/")
        form = _form()
        if request.method == "GET":
            self.update_redirect()
            return self._page(form, 200)
        try:
            return _registered(form)
        except TooMany as spent:
            minutes = -(-spent.retry_after // 60)
            form.form_errors.append(_("从您这里注册的次数太多，请 %(minutes)s 分钟后再试。", minutes=minutes))
            return self._page(form, 429, {"Retry-After": str(spent.retry_after)})
        except Invalid as invalid:
            blame(form, invalid)
            return self._page(form, 422)

    def _page(self, form: RuleForm, code: int, headers: dict[str, str] | None = None) -> Response:
        page = self.render_template(
            "pages/register.html",
            title=_("注册"),
            form=form,
            scans=_scans_by_kind(),
            privacy_version=PRIVACY_NOTICE_VERSION,
            initial_password_hours=settings().initial_password_hours,
            **entry_facts(),
        )
        return make_response(page, code, headers or {})


def _form() -> RuleForm:
    """The form over the rule set; nothing that is not in the table can be sent through it."""
    form: RuleForm = REGISTERED_FORM()
    del form.version
    form.offer()
    form.unit_kind.control = "radio"
    form.privacy_consent.label.text, form.privacy_consent.sentence = _("个人信息处理"), CONSENT
    return form


def _registered(form: RuleForm) -> Response:
    """Register, hand out the claim and lead to the sign-in page. Raises Invalid and TooMany."""
    raw, chosen = form.raw(), settings()
    outcome = clean(REGISTRATION, raw, codes=CodeTables({}), today=local_date(now()))
    if outcome.problems:  # asked first, so that only what reaches the database counts as a try
        raise Invalid(outcome.problems)
    tries.spend(Tries.REGISTER, chosen.register_limit, place())
    text_messages.spend(str(outcome.values["contact_mobile"]))
    nonce = claim.new_nonce()
    organization = registration.register(db(), current_actor(), raw, first_door(), claim_nonce=nonce, now=now())
    words = _(
        "注册成功。用户名为组织机构代码 %(code)s，初始密码为 %(password)s。请马上登录并修改密码，"
        "以免被他人利用；初始密码 %(hours)s 小时内有效。",
        code=organization.org_code, password=chosen.initial_password, hours=chosen.initial_password_hours,
    )  # fmt: skip
    flash(words, "success")
    response = redirect("/login/")
    claim.give(response, nonce)  # type: ignore[arg-type]
    return response


def on_paper(form: RuleForm) -> None:
    """The same inputs where staff fill them in from papers, which bear the consent."""
    form.unit_kind.control = "radio"
    form.privacy_consent.sentence = _(CONSENT_ON_PAPER, version=PRIVACY_NOTICE_VERSION)


def first_door() -> registration.FirstDoor:
    """How a new account is opened, as the settings say."""
    chosen = settings()
    return registration.FirstDoor(
        chosen.initial_password,
        timedelta(hours=chosen.initial_password_hours),
        lambda secret: hash_password(secret, chosen.password_hash),
    )


def _scans_by_kind() -> list[tuple[str, list[str]]]:
    """Per unit kind the scans that its enterprise record will ask for, as the root bureau keeps them."""
    query = select(RequiredDocument).where(
        RequiredDocument.record_kind == Kind.ENTERPRISE, RequiredDocument.min_count > 0
    )
    rows = list(db().scalars(query.order_by(RequiredDocument.sort, RequiredDocument.id)))
    return [(_(TERMS[kind]), [_label(row) for row in rows if row.unit_kind in (None, kind)]) for kind in UnitKind]


def _label(row: RequiredDocument) -> str:
    label = in_language(row)
    return _("%(label)s（有统一社会信用代码的不需要）", label=label) if row.waived_with_uscc else label
