"""用户: staff accounts of one's bureau and below to keep, the accounts of organizations in reach to look at."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import joinedload, selectinload
from wtforms import HiddenField

from app.domain.errors import Sentence, say
from app.domain.fields.account import STAFF
from app.domain.terms import N_, TERMS, Role
from app.security.here import now
from app.services import account_rules, accounts, holders
from app.services.upkeep import fingerprint
from models.user import User
from views.accounts.acts import NOT_HERE, ActsOnAccounts, is_locked, one_time
from views.base import EagerInterface, TrustedModelView, current_actor, db
from views.cells import local_time
from views.forms import RuleForm

TABS = (("", N_("工作人员")), ("applicants", N_("建设单位账号")))


class AccountForm(RuleForm):
    """A form over a staff account; its version is made of the account's values."""

    @classmethod
    def refresh(cls, obj: Any = None) -> "AccountForm":
        form = cls()
        form.offer()
        if obj is not None:
            values = account_rules.values_of(obj)
            form.fill(values)
            form.version.data = str(fingerprint(values))
        return form


class UserView(ActsOnAccounts, TrustedModelView):
    """/users."""

    record_kind = "user"
    route_base = "/users"
    class_permission_name = "users"
    exclude_route_methods = frozenset({"download", "delete", "action", "action_post"})
    datamodel = EagerInterface(
        User, list_options=(selectinload(User.roles), joinedload(User.bureau), joinedload(User.organization))
    )
    list_title = show_title = lazy_gettext("用户")
    add_title, edit_title = lazy_gettext("新添用户"), lazy_gettext("编辑用户")
    base_order = ("username", "asc")
    at_once = True
    page_size = 50
    name_column = "display_name"
    small_relations = frozenset({"roles"})
    search_hint = N_("姓名或账号")
    list_columns = ["display_name", "username", "bureau_id", "roles", "state", "last_login"]
    show_columns = [
        "display_name", "username", "bureau_id", "roles", "organization_code", "state", "last_login",
        "password_changed_at", "sessions",
    ]  # fmt: skip
    order_columns = ["username", "display_name"]
    search_columns = ["username", "display_name"]
    label_columns = {
        **{rule.name: lazy_gettext(rule.label) for rule in STAFF},
        "state": lazy_gettext("状态"),
        "last_login": lazy_gettext("最近登录"),
        "password_changed_at": lazy_gettext("修改密码时间"),
        "sessions": lazy_gettext("正在登录"),
    }

    def _init_forms(self) -> None:
        form = AccountForm.of(STAFF)
        self.add_form = self.edit_form = type(form.__name__, (form,), {"version": HiddenField()})
        self.add_columns = self.edit_columns = list(STAFF.names)
        super()._init_forms()

    # Lists ------------------------------------------------------------------------------------------------

    def list_tabs(self) -> list[dict[str, Any]]:
        chosen = request.args.get("kind", "")
        base = self.url_of("list")
        return [
            {"label": label, "url": f"{base}?kind={kind}" if kind else base, "active": chosen == kind}
            for kind, label in TABS
        ]

    def narrow(self) -> list[Any]:
        """Staff, or the accounts of organizations."""
        of_organizations = request.args.get("kind", "") == "applicants"
        return [User.bureau_id.is_(None) if of_organizations else User.bureau_id.is_not(None)]

    def _values(self, items: list[Any]) -> Iterator[list[Any]]:
        return ([shown(item, column) for column in self.list_columns] for item in items)

    def _get_show_widget(self, pk: Any, item: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        widgets = super()._get_show_widget(pk, item, *args, **kwargs)
        drawn = widgets["show"].template_args
        drawn["value_columns"] = [shown(item, column) for column in drawn["include_columns"]]
        return widgets

    def title_of(self, item: User) -> str:
        return item.display_name or item.username

    def row_refusal(self, item: Any, verb: str) -> Sentence | None:
        return say(NOT_HERE) if item.bureau_id is None else accounts.why_not(current_actor(), item)

    def row_step(self, item: User) -> dict[str, str]:
        if self.row_refusal(item, "edit"):
            return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}
        return {"label": N_("编辑"), "url": self.url_of("edit", pk=item.id)}

    # Writing ----------------------------------------------------------------------------------------------

    def values_of(self, form: Any) -> dict[str, Any]:
        return form.raw()

    def version_of(self, row: User) -> int:
        return fingerprint(account_rules.values_of(row))

    def draw_add(self, form: Any) -> Any:
        if not form.is_submitted():
            form.active.data, form.bureau_id.data = True, str(current_actor().bureau_id)
        return super().draw_add(form)

    def draw_edit(self, form: Any, row: User, other: Any = None) -> Any:
        form.username.locked, form.username.shown = True, row.username
        return super().draw_edit(form, row, other)

    def closed_inputs(self, row: User) -> tuple[str, ...]:
        """The account name is for good."""
        return ("username",)

    def create_row(self, values: dict[str, Any]) -> tuple[User, str]:
        """The account and its one-time password, which is shown once."""
        secret, door = one_time()
        return accounts.add(db(), current_actor(), values, door, now=now()), secret

    def after_add(self, row: tuple[User, str]) -> Any:
        return self._handed_over(*row)

    def update_row(self, row: User, values: dict[str, Any], version: int) -> User:
        key, held = row.id, holders.held_by(db(), row.id)
        changed = accounts.change(db(), current_actor(), key, values, version, now=now())
        ended = held - holders.held_by(db(), key)
        if ended > 0:
            flash(_("该账号认领的 %(count)s 件已回到待办。", count=ended), "info")
        return changed


def shown(user: User, column: str) -> Any:
    """One value in words."""
    if column == "bureau_id":
        return user.bureau.name if user.bureau else user.organization.name if user.organization else ""
    if column == "roles":
        return [_(TERMS[Role(role.name)]) for role in user.roles if role.name in set(Role)]
    if column == "state":
        return state_of(user)
    if column == "organization_code":
        return user.organization.name if user.organization else ""
    if column == "sessions":
        return _("%(count)s 处", count=accounts.open_sessions(db(), user.id, now=now()))
    if column == "last_login":
        return local_time(user.last_login.replace(tzinfo=UTC)) if user.last_login else _("尚未登录")
    return local_time(user.password_changed_at) if column == "password_changed_at" else getattr(user, column)


def state_of(user: User) -> str:
    """Whether one can sign in with it, and what stands in the way."""
    if not user.active:
        return _("已停用")
    if is_locked(user):
        return _("锁定至 %(time)s", time=local_time(user.locked_until))
    if user.must_change_password:
        ends = user.initial_password_expires_at
        return _("初始密码已过期") if ends is not None and ends <= now() else _("初始密码未修改")
    return _("正常")
