"""Signing in and out, the language and the way back."""

from typing import Any

from flask import abort, redirect, request, session
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext, refresh
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from app.security import signin
from app.security.actor import signed_in_user
from app.security.gate import PASSWORD_PAGE
from app.security.redirects import local_path
from models.user import User
from views import kept
from views.base import TrustedBaseView
from views.entry import entry_facts

NOT_AFTER_SIGN_IN = ("/login/", "/logout/")


class SignInForm(FlaskForm):
    """What the sign-in page asks."""

    username = StringField(lazy_gettext("账号（组织机构代码或工作人员账号）"))
    password = PasswordField(lazy_gettext("密码"))


class AuthDBView(TrustedBaseView):
    """登录 and 退出. It bears FAB's name because FAB's decorators build addresses from it."""

    route_base = ""
    default_view = "login"
    template = "console/login.html"

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Any:
        if request.method == "GET" and signed_in_user() is not None:
            return redirect(_wanted_page())
        form, problem = SignInForm(), ""
        if request.method == "POST" and form.validate():
            user = signin.sign_in(form.username.data or "", form.password.data or "")
            if user is not None:
                return redirect(PASSWORD_PAGE if user.must_change_password else _page_after(user))
            problem = _refused_in_words()
        return self.render_template(
            self.template, title=_("登录"), form=form, problem=problem, next=_wanted_page(), **entry_facts()
        )

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        signin.sign_out()
        return redirect("/")


def _wanted_page() -> str:
    """Where the person was going, if that is a page of ours."""
    path = local_path(request.values.get("next"), request.host_url) or "/"
    return "/" if path.startswith(NOT_AFTER_SIGN_IN) else path


def _page_after(user: User) -> str:
    """The page that was asked for; else the one on which something that came too late waits."""
    waiting, wanted = kept.look_out(user), _wanted_page()
    return waiting if waiting and wanted == "/" else wanted


def _refused_in_words() -> str:
    """One answer for every cause, so that it tells nothing about the account."""
    return _(
        "账号或密码不正确。连续输错会暂时锁定账号，请稍后再试；初始密码过期未改的，请携带《密码重置申请》到窗口办理。"
    )


class LocaleView(TrustedBaseView):
    """The language of this browser."""

    route_base = "/lang"
    default_view = "index"

    @expose("/<string:locale>")
    def index(self, locale: str) -> Response:
        if locale not in self.appbuilder.bm.languages:
            abort(404)
        session["locale"] = locale
        refresh()
        return redirect(self.get_redirect())


class UtilView(TrustedBaseView):
    """The page before this one. It bears FAB's name because FAB's templates link to it."""

    route_base = ""
    default_view = "back"

    @expose("/back")
    def back(self) -> Response:
        return redirect(self.get_redirect())
