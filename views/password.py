"""修改密码: the gate of a first sign-in, and every later change. The service judges."""

from typing import Any

from flask import flash, make_response, redirect, request, session
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from app.domain.errors import Invalid, Refused
from app.domain.passwords import APPLICANT_LENGTH, STAFF_LENGTH
from app.domain.tries import Tries
from app.security import sessions, signin, text_messages, tries
from app.security.actor import current_actor, signed_in_user
from app.security.here import db, now, place, settings
from app.security.passwords import hash_password, matches
from app.security.throttle import TooMany
from app.services import password
from models.types import mask_mobile
from models.user import User
from views.base import TrustedBaseView
from views.cells import local_time
from views.editing import blame
from views.words import translate

NEEDS_CODE = "needs_sms_code"  # the mark that sign-in puts into the session


class PasswordForm(FlaskForm):
    """What the page asks; the code only in a browser that did not register."""

    sms_code = StringField(
        lazy_gettext("短信验证码"),
        description=lazy_gettext("6 位数字，发到注册时填写的联系人手机"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )
    current_password = PasswordField(lazy_gettext("原密码"), render_kw={"autocomplete": "current-password"})
    new_password = PasswordField(lazy_gettext("新密码"), render_kw={"autocomplete": "new-password"})
    confirm_password = PasswordField(lazy_gettext("再输入一次新密码"), render_kw={"autocomplete": "new-password"})


class PasswordView(TrustedBaseView):
    """/password/, for everybody who is signed in, also before anything else is open to them."""

    route_base = "/password"
    default_view = "change"

    @expose("/", methods=["GET", "POST"])
    def change(self) -> Any:
        user = signed_in_user()
        if user is None:
            return redirect("/login/?next=/password/")
        form = _form(user)
        if request.method == "GET":
            return self._page(user, form, 200)
        if request.form.get("action") == "send_code":
            return _send_code(user)
        try:
            tries.spend(Tries.PASSWORD, settings().login_limit_account, str(user.id), place(), account=user.username)
            return _changed(form)
        except TooMany as spent:
            form.form_errors.append(_too_often(spent))
            return self._page(user, form, 429, {"Retry-After": str(spent.retry_after)})
        except Invalid as invalid:
            blame(form, invalid)
            return self._page(signed_in_user() or user, form, 422)

    def _page(self, user: User, form: PasswordForm, code: int, headers: dict[str, str] | None = None) -> Response:
        page = self.render_template(
            "pages/password.html",
            title=_("请先修改密码") if user.must_change_password else _("修改密码"),
            form=form,
            is_gate=user.must_change_password,
            is_staff=user.bureau_id is not None,
            code_sent_to=_mobile(user) if "sms_code" in form else None,
            ends_at=local_time(user.initial_password_expires_at) if user.must_change_password else "",
        )
        return make_response(page, code, headers or {})


def _form(user: User) -> PasswordForm:
    form = PasswordForm()
    if not session.get(NEEDS_CODE):
        del form.sms_code
    least = APPLICANT_LENGTH if user.bureau_id is None else STAFF_LENGTH
    form.new_password.description = _(
        "至少 %(count)s 位，不要用单位名称、代码、电话或常见密码；可以用几个词连成一句。", count=least
    )
    for field in form:
        if field.type != "CSRFTokenField":
            field.required = True
    return form


def _changed(form: PasswordForm) -> Response:
    """Change it, go on in a session of its own. Raises Invalid."""
    chosen = settings()
    needs_code = "sms_code" in form
    wanted = password.Change(
        current=form.current_password.data or "",
        new=form.new_password.data or "",
        confirm=form.confirm_password.data or "",
        sms_code=(form.sms_code.data or "") if needs_code else "",
        needs_code=needs_code,
    )
    tokens: list[str] = []
    password.change(
        db(), current_actor(), wanted,
        initial_password=chosen.initial_password,
        hash_password=lambda plain: hash_password(plain, chosen.password_hash),
        opens=lambda stored, given: matches(stored, given, chosen.password_hash),
        alongside=lambda user: tokens.append(signin.start_anew(user)),
        now=now(),
    )  # fmt: skip
    sessions.carry(*tokens)
    flash(_("密码已修改，其他浏览器上的登录都已退出。请妥善保管新密码。"), "success")
    return redirect("/")


def _send_code(user: User) -> Response:
    """A fresh code for a session that needs one; counted per mobile, whose owner would be bothered."""
    chosen = settings()
    try:
        if user.organization is not None:
            text_messages.spend(user.organization.contact_mobile)
        password.send_code(
            db(),
            current_actor(),
            hash_password=lambda plain: hash_password(plain, chosen.password_hash),
            now=now(),
        )
    except Refused as refusal:
        flash(translate(refusal.sentence), "warning")
    except TooMany as spent:
        flash(_too_often(spent), "warning")
    else:
        flash(_("验证码已发送，30 分钟内有效。"), "success")
    return redirect("/password/")


def _too_often(spent: TooMany) -> str:
    return _("尝试次数太多，请 %(minutes)s 分钟后再试。", minutes=-(-spent.retry_after // 60))


def _mobile(user: User) -> str | None:
    return mask_mobile(user.organization.contact_mobile) if user.organization else None
