"""建设单位: who has registered, for staff; registered for somebody, corrected and renamed by administrators."""

from typing import Any

from flask import flash, g, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import load_only
from wtforms import HiddenField

from app.domain.clock import local_date
from app.domain.errors import Conflict, Sentence
from app.domain.fields import CONTACT, REGISTRATION, RENAME
from app.domain.permissions import may
from app.domain.terms import N_, RequestKind
from app.security.here import now, settings, time_limits
from app.services import account_requests, mandate, organization, registration
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.types import mask_mobile
from views import three_way
from views.account_requests import account_links
from views.base import NO_DOWNLOAD, EagerInterface, TrustedModelView, current_actor, db
from views.cells import local_time
from views.editing import attempt
from views.forms import RuleForm, choices, word
from views.interface import as_key
from views.lists import ListFilter
from views.registration import first_door, on_paper
from views.words import translate

AFTER_RENAME = N_(
    "另一位管理员确认后：账号、企业信息和项目上的单位名称随之改变；以前提交的内容保留原名；旧代码不能再登录，也不能再注册；短信告知联系人。"
)
REGISTERED_FORM, CONTACT_FORM, RENAME_FORM = (RuleForm.of(table) for table in (REGISTRATION, CONTACT, RENAME))


class OrganizationView(TrustedModelView):
    """Organizations in scope."""

    kind = record_kind = "organization"
    route_base = "/organizations"
    class_permission_name = "organizations"
    exclude_route_methods = NO_DOWNLOAD | {"delete", "action", "action_post"}
    datamodel = EagerInterface(
        Organization,
        list_options=(
            load_only(
                Organization.name, Organization.org_code, Organization.uscc, Organization.unit_kind,
                Organization.contact_name, Organization.registered_at,
            ),
        ),
    )  # fmt: skip
    show_template = "registers/organization.html"
    list_title = show_title = lazy_gettext("建设单位")
    add_title, add_label = lazy_gettext("代为注册"), N_("代为注册")
    edit_title = lazy_gettext("修改联系方式")
    search_hint = N_("单位名称（含曾用名）、组织机构代码、统一社会信用代码")
    search_columns = ["name", "org_code", "uscc"]
    filter_bar = (
        ListFilter(
            "unit_kind", lazy_gettext("单位性质"), "unit_kind", choices=choices(REGISTRATION.field("unit_kind"))
        ),
    )
    base_order = ("id", "desc")
    name_column = "name"
    list_columns = ["name", "org_code", "uscc", "unit_kind", "contact_name", "registered_at"]
    show_columns = [
        "name", "unit_kind", "org_code", "uscc", "contact_name", "contact_mobile", "contact_phone", "email",
        "registered_at", "privacy_notice_version",
    ]  # fmt: skip
    search_columns = ["name", "org_code", "uscc"]
    order_columns = ["name", "org_code", "registered_at"]
    column_classes = dict.fromkeys(("org_code", "uscc", "registered_at"), "nowrap")
    label_columns = {
        "name": lazy_gettext("单位名称"),
        "org_code": lazy_gettext("组织机构代码"),
        "uscc": lazy_gettext("统一社会信用代码"),
        "unit_kind": lazy_gettext("单位性质"),
        "contact_name": lazy_gettext("联系人"),
        "contact_mobile": lazy_gettext("手机"),
        "contact_phone": lazy_gettext("固定电话"),
        "email": lazy_gettext("邮箱"),
        "registered_at": lazy_gettext("注册时间"),
        "privacy_notice_version": lazy_gettext("同意的个人信息处理说明"),
    }
    formatters_columns = {
        "unit_kind": lambda value: word(REGISTRATION.field("unit_kind"), value),
        "contact_mobile": mask_mobile,
        "contact_phone": mask_mobile,
        "registered_at": local_time,
        "privacy_notice_version": lambda version: _("%(version)s 版", version=version),
    }

    def _init_forms(self) -> None:
        self.add_form = type("RegistrationForm", (REGISTERED_FORM,), {"version": HiddenField()})
        self.edit_form = type("ContactForm", (CONTACT_FORM,), {"version": HiddenField()})
        self.add_columns, self.edit_columns = list(REGISTRATION.names), list(CONTACT.names)
        super()._init_forms()

    # What the pages ask ------------------------------------------------------------------------

    def title_of(self, item: Organization) -> str:
        return item.name

    def row_step(self, item: Organization) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def row_refusal(self, item: Organization, verb: str) -> Sentence | None:
        return organization.why_not(db(), current_actor(), item)

    def allowed_actions(self, item: Organization) -> list[dict[str, Any]]:
        actor, at_counter = current_actor(), account_links(item)
        if self.row_refusal(item, "edit"):
            return at_counter
        acts = [
            ("edit", N_("修改联系方式"), self.url_of("edit", pk=item.id)),
            ("rename", N_("更名"), f"{self.route_base}/rename/{item.id}"),
        ]
        return [
            {"name": name, "label": label, "url": url, "css": "btn-default"}
            for name, label, url in acts
            if may(actor.roles, self.class_permission_name, name)
        ] + at_counter

    def changes(self, item: Organization) -> list[OrganizationChange]:
        """Its legal changes, newest first."""
        return organization.changes(db(), current_actor(), item)

    def letters(self, item: Organization) -> list[dict[str, Any]]:
        """Its latest letters of authority with how they stand, for those who may read letters."""
        if not may(current_actor().roles, "mandates", "show"):
            return []
        today = local_date(now())
        return [
            {
                "url": f"/mandates/show/{letter.id}", "agent": letter.agent_name, "agency": letter.agency_name or "",
                "span": _("%(first)s 至 %(last)s", first=letter.valid_from, last=letter.valid_to),
                "state": _(mandate.state_of(letter, today)),
            }
            for letter in mandate.latest(db(), current_actor(), item.id)
        ]  # fmt: skip

    def back_url(self, item: Organization | None) -> str:
        return self.list_url() if item is None else self.url_of("show", pk=item.id)

    def form_buttons(self, item: Organization | None) -> list[dict[str, Any]]:
        return [{"name": "save", "label": N_("注册") if item is None else N_("保存"), "css": "btn-primary"}]

    # Writing ------------------------------------------------------------------------------------

    def values_of(self, form: Any) -> dict[str, Any]:
        return form.raw()

    def draw_add(self, form: Any) -> Any:
        on_paper(form)
        return super().draw_add(form)

    def create_row(self, values: dict[str, Any]) -> Organization:
        return registration.register_at_counter(db(), current_actor(), values, first_door(), now=now())

    def after_add(self, row: Organization) -> Any:
        words = _(
            "已注册。用户名 %(code)s，初始密码 %(password)s，%(hours)s 小时内有效；"
            "首次登录须用发到联系人手机的验证码修改密码。",
            code=row.org_code, password=settings().initial_password, hours=settings().initial_password_hours,
        )  # fmt: skip
        flash(words, "success")
        return self.to_row(row)

    def update_row(self, row: Organization, values: dict[str, Any], version: int) -> Organization:
        return organization.save_contact(db(), current_actor(), row.id, values, version=version, now=now())

    @expose("/rename/<pk>", methods=["GET", "POST"])
    @has_access
    def rename(self, pk: str) -> Any:
        """更名, with the form and what is on file beside it."""
        row = self.scoped(pk)
        asked = account_requests.why_not(db(), current_actor(), RequestKind.RENAME, row)
        refusal = asked if request.method == "GET" else None
        if refusal:
            flash(translate(refusal), "warning")
            return self.to_row(row)
        if request.method == "GET":
            form = RENAME_FORM.refresh(obj=row)
            return self._draw_rename(form, row, 200)
        row_id, form = row.id, RENAME_FORM.refresh()
        version = as_key(form.version.data) or 0
        try:
            saved = attempt(
                form,
                lambda: account_requests.ask_rename(
                    db(), current_actor(), row_id, form.raw(), version=version, now=now(), limits=time_limits()
                ),
            )
        except Conflict as conflict:
            return self._show_what_stands(form, row_id, conflict)
        if saved is None:
            return self._draw_rename(form, self.scoped(row_id), 422)
        flash(_("已提请更名，等待另一位管理员确认。"), "success")
        return redirect(f"/accountrequests/show/{saved.id}")

    def _show_what_stands(self, form: Any, row_id: int, conflict: Conflict) -> Any:
        """What was typed, below what somebody else has just saved; saving again means it."""
        fresh = self.scoped(row_id)
        form.version.data = str(fresh.version)
        g.both = three_way.merge(form, RENAME_FORM.refresh(obj=fresh))
        flash(translate(conflict.sentence), "danger")
        return self._draw_rename(form, fresh, 409)

    def _draw_rename(self, form: Any, row: Organization, code: int) -> Any:
        page = self.render_template(
            "registers/organization_act.html",
            title=_("更名"),
            deed=_("提请更名"),
            form=form,
            item=row,
            view=self,
            after=_(AFTER_RENAME),
        )
        return make_response(page, code)
