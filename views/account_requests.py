"""账号办理: a new password or a code's re-claim, taken in at the counter and decided by an administrator."""

from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import joinedload

from app.domain.errors import Invalid, Refused
from app.domain.fields.account_request import RECLAIM, RESET
from app.domain.permissions import may
from app.domain.terms import N_, TERMS, RequestKind
from app.scope import fetch
from app.security.here import now, settings, time_limits
from app.services import account_requests, reset
from models.account_request import AccountRequest
from models.organization import Organization
from models.types import mask_mobile
from views import once
from views.accounts.acts import forgive, one_time
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.cells import local_day, local_time
from views.editing import attempt
from views.forms import RuleForm
from views.interface import as_key
from views.registration import on_paper
from views.second_person import DecidesForTwo
from views.words import translate

STATES = {"pending": N_("待确认"), "confirmed": N_("已办理"), "refused": N_("已拒绝"), "lapsed": N_("已失效")}
FORMS = {RequestKind.RESET: RuleForm.of(RESET), RequestKind.RECLAIM: RuleForm.of(RECLAIM)}
EFFECTS = {
    RequestKind.RESET: (
        N_("原密码和已登录的会话立即失效。"),
        N_("单位用一次性密码登录后只能修改密码，改好才能办理业务。"),
    ),
    RequestKind.RECLAIM: (
        N_("原登记停用：已登录的会话立即结束，企业信息和项目作废封存，不转给新的单位。"),
        N_("以新的单位信息重新注册这个代码，一次性密码当面交给经办人。"),
        N_("原联系人手机收到短信通知。"),
    ),
    RequestKind.RENAME: (
        N_("账号、企业信息和项目上的单位名称随之改变，以前提交的内容保留原名。"),
        N_("旧代码不能再登录，也不能再注册；短信告知联系人。"),
        N_("已编号的项目以新的名称和代码重新报送。"),
    ),
}
NOTHING_HAPPENED = {
    "refused": N_("该申请已驳回，账号和单位信息未作变动。"),
    "lapsed": N_("该申请已超过期限失效，账号和单位信息未作变动。需要办理的，请重新申请。"),
}
AFTER_ASKING = {
    RequestKind.RESET: N_("管理员确认以后，原密码和已登录的会话失效；一次性密码发到联系人手机，或当面交给经办人。"),
    RequestKind.RECLAIM: N_("管理员确认以后，原登记停用并封存，这个代码按下面的信息重新注册；什么也不会转给对方。"),
}


class AccountRequestView(DecidesForTwo, TrustedModelView):
    """/accountrequests."""

    record_kind = "account_request"
    route_base = "/accountrequests"
    class_permission_name = "account_requests"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    show_template = "registers/account_request.html"
    datamodel = EagerInterface(
        AccountRequest,
        list_options=(joinedload(AccountRequest.organization), joinedload(AccountRequest.requested_by)),
    )
    list_title = show_title = lazy_gettext("账号办理")
    base_order = ("id", "desc")
    at_once = True
    name_column = "organization"
    list_columns = ["organization", "kind", "requested_by.display_name", "requested_at", "lapses_on", "state"]
    show_columns = list_columns
    order_columns = []
    column_classes = {"requested_at": "nowrap", "lapses_on": "nowrap", "state": "nowrap"}
    label_columns = {
        "organization": lazy_gettext("建设单位"),
        "kind": lazy_gettext("办理事项"),
        "requested_by.display_name": lazy_gettext("受理人"),
        "requested_at": lazy_gettext("受理时间"),
        "lapses_on": lazy_gettext("确认期限"),
        "state": lazy_gettext("情况"),
    }
    formatters_columns = {
        "kind": lambda kind: _(TERMS[RequestKind(kind)]),
        "requested_at": local_time,
        "lapses_on": lambda day: local_day(day) or _("待公布日历"),
        "state": lambda state: _(STATES[state]),
    }

    # Taking in ------------------------------------------------------------------------------------

    @expose("/reset/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    @once.makes_a_row
    def reset(self, pk: str) -> Any:
        """密码重置 for an organization; `pk` is the organization's."""
        return self._ask(RequestKind.RESET, pk)

    @expose("/reclaim/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    @once.makes_a_row
    def reclaim(self, pk: str) -> Any:
        """代码认领 of an organization's code."""
        return self._ask(RequestKind.RECLAIM, pk)

    def _ask(self, kind: RequestKind, pk: str) -> Any:
        unit = fetch(db(), current_actor(), Organization, as_key(pk))
        refusal = account_requests.why_not(db(), current_actor(), kind, unit)
        if refusal is not None:
            flash(translate(refusal), "warning")
            return redirect(f"/organizations/show/{unit.id}")
        form, key = FORMS[kind].refresh(), unit.id
        if kind == RequestKind.RECLAIM:
            on_paper(form)
        if request.method == "GET":
            if kind == RequestKind.RECLAIM:
                form.org_code.data, form.name.data = unit.org_code, ""
            return self._draw(form, kind, unit, 200)
        row = attempt(
            form,
            lambda: account_requests.ask(db(), current_actor(), kind, key, form.raw(), now=now(), limits=time_limits()),
        )
        if row is None:
            return self._draw(form, kind, fetch(db(), current_actor(), Organization, key), 422)
        flash(_("已受理，等待管理员确认。"), "success")
        return redirect(self.url_of("show", pk=row.id))

    def _draw(self, form: Any, kind: RequestKind, unit: Organization, code: int) -> Any:
        page = self.render_template(
            "registers/account_request_form.html", title=_(TERMS[kind]), form=form, item=unit, view=self,
            deed=_("受理"), after=_(AFTER_ASKING[kind]),
            further=[
                (_("联系人手机"), "now_mobile", mask_mobile(unit.contact_mobile)),
                (_("注册时间"), "now_registered", local_time(unit.registered_at)),
            ],
        )  # fmt: skip
        return make_response(page, code)

    # Deciding -------------------------------------------------------------------------------------

    @expose("/confirm/<pk>", methods=["POST"])
    @has_access
    @permission_name("confirm")
    def confirm(self, pk: str) -> Any:
        """确认: it happens; a password that is handed over in person is shown once."""
        row_id, delivery = self.scoped(pk).id, request.form.get("delivery", "")
        secret, door = one_time(settings().reset_password_hours)
        try:
            row = account_requests.confirm(db(), current_actor(), row_id, door, secret, delivery, now=now())
        except Refused as refusal:
            return self.back(row_id, translate(refusal.sentence))
        except Invalid as invalid:
            return self.again(row_id, invalid)
        if row.kind == RequestKind.RENAME:
            flash(_("已更名。以前提交的内容和已发出的文书保留原名。"), "success")
            return redirect(self.url_of("show", pk=row_id))
        unit = row.successor or row.organization
        for account in reset.accounts_read(db(), unit):
            forgive(account)
        if row.delivery == "sms":
            flash(_("已确认，一次性密码已发到单位联系人手机。"), "success")
            return redirect(self.url_of("show", pk=row_id))
        page = self.render_template(
            "pages/accounts/one_time_slip.html", title=_("一次性密码"), view=self, item=row, unit=unit, secret=secret,
            ends_at=local_time(door.expires_at),
        )  # fmt: skip
        return make_response(page)

    @expose("/refuse/<pk>", methods=["POST"])
    @has_access
    @permission_name("refuse")
    def refuse(self, pk: str) -> Any:
        return self.refuse_row(pk, account_requests.refuse, _("已拒绝，账号没有变动。"))

    @expose("/acknowledge/<pk>", methods=["POST"])
    @has_access
    @permission_name("show")
    def acknowledge(self, pk: str) -> Any:
        """已阅: the one who asked knows how it ended."""
        row_id = self.scoped(pk).id
        try:
            account_requests.acknowledge(db(), current_actor(), row_id, now=now())
        except Refused as refusal:
            return self.back(row_id, translate(refusal.sentence))
        return redirect(self.list_url())

    # What the pages ask ---------------------------------------------------------------------------

    def title_of(self, item: AccountRequest) -> str:
        return _("%(act)s：%(name)s", act=_(TERMS[RequestKind(item.kind)]), name=item.organization.name)

    def row_step(self, item: AccountRequest) -> dict[str, str]:
        mine = item.state == "pending" and may(current_actor().roles, self.class_permission_name, "confirm")
        return {"label": N_("办理") if mine else N_("查看"), "url": self.url_of("show", pk=item.id)}

    def row_status(self, item: AccountRequest) -> str:
        return item.state

    def empty_state(self) -> dict[str, Any]:
        text = _("窗口在建设单位页面受理的密码重置和代码认领会出现在这里。")
        return {"title": _("没有账号办理申请"), "text": text, "url": None}

    def may_decide(self, item: AccountRequest) -> bool:
        return item.state == "pending" and may(current_actor().roles, self.class_permission_name, "confirm")

    def why_not(self, item: AccountRequest) -> str:
        """Why this person cannot decide it; empty when the buttons are open."""
        sentence = account_requests.why_not_decide(db(), current_actor(), item, now=now())
        return translate(sentence) if sentence else ""

    def effects(self, item: AccountRequest) -> list[str]:
        """What confirming does or did; of one that ended without, that nothing happened."""
        if item.state in NOTHING_HAPPENED:
            return [_(NOTHING_HAPPENED[item.state])]
        return [_(text) for text in EFFECTS[RequestKind(item.kind)]]

    def is_news(self, item: AccountRequest) -> bool:
        """It has ended, and whoever asked for it, the reader, has not said to have read so."""
        mine = item.requested_by_id == current_actor().user_id
        return mine and item.state != "pending" and item.outcome_seen_at is None

    def deliveries(self, item: AccountRequest) -> list[tuple[str, str]]:
        """How the one-time password may go out; a re-claimed code's only in person."""
        if item.kind != RequestKind.RESET:
            return []
        mobile = mask_mobile(item.organization.contact_mobile)
        words = {key: _(word) for key, word in account_requests.DELIVERIES.items()}
        return [(key, f"{word} {mobile}" if key == "sms" else word) for key, word in words.items()]

    def facts_of(self, item: AccountRequest) -> list[tuple[Any, ...]]:
        """The rows of the page's table: label, name, value, wide."""
        rows: list[tuple[Any, ...]] = [
            (_("办理事项"), "kind", _(TERMS[RequestKind(item.kind)])),
            (_("情况"), "state", _(STATES[item.state])),
            (_("经办人"), "brought_by", item.brought_by),
            (_("现联系人手机"), "contact_mobile", mask_mobile(item.organization.contact_mobile)),
            (_("收存和核对的材料"), "basis", item.basis, True),
            (_("受理人"), "requested_by", item.requested_by.display_name),
            (_("受理时间"), "requested_at", local_time(item.requested_at)),
            (_("确认期限"), "lapses_on", local_day(item.lapses_on) or _("待公布日历"), True),
        ]
        if item.kind == RequestKind.RENAME:
            rows = [row for row in rows if row[1] not in ("brought_by", "contact_mobile")]
            rows += [
                (_("变更后名称"), "given_name", item.given["name"], True),
                (_("变更后组织机构代码"), "given_org_code", item.given["org_code"]),
                (_("变更后统一社会信用代码"), "given_uscc", item.given["uscc"] or ""),
                (_("变更日期"), "given_effective_on", item.given["effective_on"]),
            ]
        elif item.given:
            rows += [
                (_("重新注册的单位"), "given_name", item.given["name"], True),
                (_("新联系人"), "given_contact", item.given["contact_name"]),
                (_("新联系人手机"), "given_mobile", mask_mobile(item.given["contact_mobile"])),
            ]
        if item.state != "pending":
            rows.append((_("确认人"), "decided_by", item.decided_by.display_name if item.decided_by else ""))
            rows.append((_("办结时间"), "decided_at", local_time(item.decided_at)))
        if item.delivery:
            rows.append((_("一次性密码的交付"), "delivery", _(account_requests.DELIVERIES[item.delivery]), True))
        if item.decision_note:
            rows.append((_("拒绝的原因"), "decision_note", item.decision_note, True))
        return rows


def account_links(unit: Organization) -> list[dict[str, Any]]:
    """What a clerk may take in for the organization, for its page."""
    if not may(current_actor().roles, "account_requests", "add"):
        return []
    return [
        {
            "name": str(kind), "label": TERMS[kind], "css": "btn-default",
            "url": f"{AccountRequestView.route_base}/{kind}/{unit.id}",
        }
        for kind in account_requests.AT_THE_COUNTER
        if account_requests.why_not(db(), current_actor(), kind, unit) is None
    ]  # fmt: skip
