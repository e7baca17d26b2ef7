"""接口密钥: the keys of other systems, issued and shown once, looked at, withdrawn."""

from collections.abc import Iterator
from typing import Any

from flask import flash, make_response, redirect
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app.domain.api import SCOPE_WORDS, KeyScope
from app.domain.errors import Refused
from app.domain.fields.api_key import API_KEY
from app.domain.matters import KINDS, known
from app.domain.permissions import may
from app.domain.terms import N_
from app.security.here import now
from app.services import api_keys
from models.api_key import ApiKey
from views.base import NO_DOWNLOAD, EagerInterface, TrustedModelView, current_actor, db
from views.cells import label, local_day, local_time
from views.forms import RuleForm
from views.words import translate

REVOKING = N_("使用它的系统从下一次请求起不能再读写，停用后不能恢复，只能另发新的密钥。")


class IssueForm(RuleForm):
    """The form of a new key."""

    @classmethod
    def refresh(cls, obj: Any = None) -> "IssueForm":
        form = cls()
        form.offer()
        return form


class ApiKeyView(TrustedModelView):
    """/apikeys."""

    record_kind = "api_key"
    route_base = "/apikeys"
    class_permission_name = "api_keys"
    exclude_route_methods = NO_DOWNLOAD | {"edit", "delete", "action", "action_post"}
    datamodel = EagerInterface(
        ApiKey,
        list_options=(joinedload(ApiKey.bureau), joinedload(ApiKey.issued_by), joinedload(ApiKey.revoked_by)),
    )
    list_title = show_title = lazy_gettext("接口密钥")
    add_title = lazy_gettext("发给新的密钥")
    base_order = ("id", "desc")
    at_once = True
    name_column = "name"
    list_columns = ["name", "prefix", "bureau_id", "scopes", "state", "expires_on", "last_used_at"]
    show_columns = [
        "name", "prefix", "state", "bureau_id", "scopes", "matters", "expires_on", "last_used_at", "issued_at",
        "issued_by", "revoked_at", "revoked_by",
    ]  # fmt: skip
    order_columns = []
    label_columns = {
        **{rule.name: lazy_gettext(rule.label) for rule in API_KEY},
        "prefix": lazy_gettext("密钥前缀"),
        "state": lazy_gettext("状态"),
        "last_used_at": lazy_gettext("最近使用"),
        "issued_at": lazy_gettext("发给时间"),
        "issued_by": lazy_gettext("发给人"),
        "revoked_at": lazy_gettext("停用时间"),
        "revoked_by": lazy_gettext("停用人"),
    }
    column_classes = {"prefix": "nowrap", "expires_on": "nowrap", "last_used_at": "nowrap"}

    def _init_forms(self) -> None:
        self.add_form = self.edit_form = IssueForm.of(API_KEY)
        self.add_columns = list(API_KEY.names)
        super()._init_forms()

    # Issuing and withdrawing ------------------------------------------------------------------------------

    def values_of(self, form: Any) -> dict[str, Any]:
        return form.raw()

    def draw_add(self, form: Any) -> Any:
        if not form.is_submitted():
            form.bureau_id.data = str(current_actor().bureau_id)
        return super().draw_add(form)

    def create_row(self, values: dict[str, Any]) -> tuple[ApiKey, str]:
        """The key and its text, which is shown once."""
        return api_keys.issue(db(), current_actor(), values, now=now())

    def after_add(self, row: tuple[ApiKey, str]) -> Any:
        key, text = row
        page = self.render_template(
            "pages/api_key_issued.html", title=_("新的接口密钥"), view=self, item=key, text=text,
            ends_on=local_day(api_keys.last_day(key)),
        )  # fmt: skip
        return make_response(page)

    @expose("/revoke/<pk>", methods=["POST"])
    @has_access
    @permission_name("revoke")
    def revoke(self, pk: str) -> Any:
        """停用."""
        key_id = self.scoped(pk).id
        try:
            api_keys.revoke(db(), current_actor(), key_id, now=now())
        except Refused as refusal:
            flash(translate(refusal.sentence), "warning")
        else:
            flash(_("密钥已停用。"), "success")
        return redirect(self.url_of("show", pk=key_id))

    # What the pages ask ---------------------------------------------------------------------------------

    def allowed_actions(self, item: ApiKey) -> list[dict[str, Any]]:
        """停用, while it opens anything."""
        if item.revoked_at is not None or not may(current_actor().roles, "api_keys", "revoke"):
            return []
        confirm = (_("停用密钥"), _(REVOKING))
        url = self.url_of("revoke", pk=item.id)
        return [{"name": "revoke", "label": N_("停用"), "method": "post", "url": url, "confirm": confirm}]

    def row_step(self, item: ApiKey) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def title_of(self, item: ApiKey) -> str:
        return item.name

    def empty_state(self) -> dict[str, Any]:
        text = _("给别的系统发一个密钥，它就能按项目编号读取项目、回写事项。")
        return {"title": _("还没有接口密钥。"), "text": text, "url": self.url_of("add"), "label": self.add_title}

    def list_scope(self) -> Any:
        """Where a system's people read how to call."""
        return Markup('<a href="/api/v1/openapi.json" download>{}</a>').format(_("接口说明（OpenAPI）"))

    def _values(self, items: list[Any]) -> Iterator[list[Any]]:
        return ([shown(item, column) for column in self.list_columns] for item in items)

    def _get_show_widget(self, pk: Any, item: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        widgets = super()._get_show_widget(pk, item, *args, **kwargs)
        drawn = widgets["show"].template_args
        drawn["value_columns"] = [shown(item, column) for column in drawn["include_columns"]]
        return widgets


def shown(key: ApiKey, column: str) -> Any:
    """One value in words."""
    if column == "bureau_id":
        return key.bureau.name
    if column == "scopes":
        return [_(SCOPE_WORDS[KeyScope(scope)]) for scope in key.scopes if scope in set(KeyScope)]
    if column == "matters":
        return [_(KINDS[matter].word) for matter in known(key.matters or ())]
    if column == "state":
        return state_label(key)
    if column == "expires_on":
        return local_day(api_keys.last_day(key))
    if column in ("issued_by", "revoked_by"):
        person = getattr(key, column)
        return person.display_name if person else ""
    if column in ("issued_at", "revoked_at", "last_used_at"):
        return local_time(getattr(key, column)) if getattr(key, column) else ""
    return getattr(key, column)


def state_label(key: ApiKey) -> Markup:
    """Whether it opens anything now."""
    if key.revoked_at is not None:
        return label("state-voided", _("已停用"))
    if key.expires_at <= now():
        return label("state-returned", _("已到期"))
    return label("state-approved", _("有效"))
