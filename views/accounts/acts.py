"""What an administrator does with an account beside editing it: unlock, sign out everywhere, a new first password."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, make_response, redirect
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.errors import Refused
from app.domain.terms import N_
from app.security import signin
from app.security.here import now, settings
from app.security.passwords import hash_password
from app.services import accounts
from models.user import User
from views.base import current_actor, db
from views.cells import local_time
from views.words import translate

NOT_HERE = N_("建设单位的账号由单位自己使用，这里只能查看。")
RESETTING = N_("原密码立即失效，登录全部结束。新密码只显示一次，请当面交给本人。")


class ActsOnAccounts:
    """Mixin of the view of accounts."""

    route_base: str

    def allowed_actions(self, item: User) -> list[dict[str, Any]]:
        """What may be done with the account beside editing it."""
        if item.bureau_id is None or accounts.why_not(current_actor(), item):
            return []
        base, key = self.route_base, item.id
        editing = {"name": "edit", "label": N_("编辑"), "method": "get", "url": f"{base}/edit/{key}"}
        acts: list[dict[str, Any]] = [{**editing, "css": "btn-primary"}]
        if is_locked(item) or is_counted_out(item):
            acts.append({"name": "unlock", "label": N_("解除锁定"), "method": "post", "url": f"{base}/unlock/{key}"})
        if item.id != current_actor().user_id:
            acts.append(
                {
                    "name": "password", "label": N_("重发初始密码"), "method": "post", "url": f"{base}/password/{key}",
                    "confirm": (_("重发初始密码"), _(RESETTING)),
                }
            )  # fmt: skip
        ending = (_("结束全部登录"), _("这个账号在各处的登录立即结束，需要重新登录。"))
        acts.append(
            {
                "name": "end_sessions", "label": N_("结束全部登录"), "method": "post",
                "url": f"{base}/end_sessions/{key}", "confirm": ending,
            }
        )  # fmt: skip
        return acts

    @expose("/unlock/<pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def unlock(self, pk: str) -> Any:
        return self._act(pk, "unlock")

    @expose("/end_sessions/<pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def end_sessions(self, pk: str) -> Any:
        return self._act(pk, "end_sessions")

    @expose("/password/<pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def password(self, pk: str) -> Any:
        row_id = self._staff(pk)
        if row_id is None:
            return redirect(self.url_of("show", pk=pk))
        secret, door = one_time()
        try:
            user = accounts.reset_password(db(), current_actor(), row_id, door, now=now())
        except Refused as refusal:
            flash(translate(refusal.sentence), "warning")
            return redirect(self.url_of("show", pk=row_id))
        forgive(user)
        return self._handed_over(user, secret)

    def _act(self, pk: str, name: str) -> Any:
        row_id = self._staff(pk)
        if row_id is not None:
            try:
                flash(_(ACTS[name](row_id)), "success")
            except Refused as refusal:
                flash(translate(refusal.sentence), "warning")
        return redirect(self.url_of("show", pk=pk))

    def _staff(self, pk: str) -> int | None:
        """The key of a staff account in reach; an organization's account is told to be nobody's to change."""
        row = self.scoped(pk)
        if row.bureau_id is None:
            flash(_(NOT_HERE), "warning")
            return None
        return int(row.id)

    def _handed_over(self, user: User, secret: str) -> Any:
        page = self.render_template(
            "pages/accounts/handed_over.html", title=_("初始密码"), view=self, item=user, secret=secret,
            ends_at=local_time(user.initial_password_expires_at),
        )  # fmt: skip
        return make_response(page)


def one_time(hours: int | None = None) -> tuple[str, accounts.OneTime]:
    """A one-time password and how it is kept; hashing is slow by design, so it happens before the write begins.

    It lives as long as a first password unless `hours` says otherwise.
    """
    secret, chosen = accounts.one_time_password(), settings()
    ends_at = now() + timedelta(hours=hours or chosen.initial_password_hours)
    return secret, accounts.OneTime(hash_password(secret, chosen.password_hash), ends_at)


def is_locked(user: User) -> bool:
    return accounts.is_locked(user, now=now())


def is_counted_out(user: User) -> bool:
    """Whether its tries are spent, with or without a lock."""
    return signin.is_counted_out(user.username, accounts.places_of(db(), user.id))


def forgive(user: User) -> None:
    """Forget the tries that were counted beside the database, after what the service did."""
    signin.forgive(user.username, accounts.places_of(db(), user.id))


def _unlock(key: int) -> str:
    before = db().get(User, key)
    spent = before is not None and is_counted_out(before)
    forgive(accounts.unlock(db(), current_actor(), key, now=now(), is_counted_out=spent))
    return N_("已解除锁定。")


def _end_sessions(key: int) -> str:
    accounts.end_sessions(db(), current_actor(), key, now=now())
    return N_("这个账号在各处的登录都已结束。")


ACTS: dict[str, Callable[[int], str]] = {"unlock": _unlock, "end_sessions": _end_sessions}
