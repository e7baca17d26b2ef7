"""Letters of authority (法人授权委托书) to look at: recorded at the counter, changed by nobody."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup, escape
from sqlalchemy.orm import joinedload

from app.domain.clock import local_date
from app.domain.errors import Refused
from app.domain.permissions import may
from app.domain.terms import N_, TERMS, MandateForm
from app.security.here import now
from app.services import audit, mandate, mandate_ends
from models.mandate import Mandate
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.cells import local_time
from views.forms import label_of
from views.lists import ListFilter, worded
from views.words import translate

MASKED = ("agent_id_number", "agent_mobile")


class MandateView(TrustedModelView):
    """Read-only: personal data only masked."""

    datamodel = EagerInterface(
        Mandate, list_options=(joinedload(Mandate.organization), joinedload(Mandate.recorded_by))
    )
    route_base = "/mandates"
    class_permission_name = "mandates"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    record_kind = "mandate"
    filter_bar = (
        ListFilter("agent", lazy_gettext("受委托人"), "agent_name", "ct"),
        ListFilter("organization", lazy_gettext("建设单位"), "organization.name", "ct"),
        ListFilter("agency", lazy_gettext("代理机构"), "agency_name", "ct"),
        ListFilter("state", lazy_gettext("状态"), choices=worded({state: state for state in mandate.STATES})),
        ListFilter("form", lazy_gettext("形式"), "form", choices=worded({str(f): TERMS[f] for f in MandateForm})),
    )
    list_title = lazy_gettext("授权委托书")
    show_title = lazy_gettext("授权委托书")
    base_order = ("id", "desc")
    name_column = "agent_name"
    list_columns = ["agent_name", "organization", "form", "agency_name", "valid_from", "valid_to", "state"]
    order_columns = ["agent_name", "valid_from", "valid_to"]
    search_columns = ["agent_name"]
    show_columns = [
        "organization", "form", "agent_name", "agent_id_type", "agent_id_number", "agent_mobile", "agency_name",
        "agency_code", "valid_from", "valid_to", "signed_on", "state", "stamps", "scans", "recorded_by", "recorded_at",
    ]  # fmt: skip
    label_columns = {
        "organization": lazy_gettext("建设单位"),
        "form": lazy_gettext("形式"),
        "agent_name": lazy_gettext("受委托人"),
        "agent_id_type": lazy_gettext("证件类型"),
        "agent_id_number": lazy_gettext("证件号"),
        "agent_mobile": lazy_gettext("手机"),
        "agency_name": lazy_gettext("代理机构"),
        "agency_code": lazy_gettext("代理机构代码"),
        "valid_from": lazy_gettext("委托起"),
        "valid_to": lazy_gettext("委托止"),
        "signed_on": lazy_gettext("签署日期"),
        "state": lazy_gettext("状态"),
        "stamps": lazy_gettext("签章"),
        "scans": lazy_gettext("扫描件"),
        "recorded_by": lazy_gettext("登记人"),
        "recorded_at": lazy_gettext("登记时间"),
    }

    @expose("/revoke/<pk>", methods=["POST"])
    @has_access
    @permission_name("revoke")
    def revoke(self, pk: str) -> Any:
        """撤销: the organization took it back."""
        row_id = self.scoped(pk).id
        try:
            mandate_ends.revoke(db(), current_actor(), row_id, now=now())
        except Refused as refusal:
            flash(translate(refusal.sentence), "warning")
        else:
            flash(gettext("委托书已撤销，今后不能再用它办理。"), "success")
        return redirect(self.url_of("show", pk=row_id))

    def allowed_actions(self, item: Mandate) -> list[dict[str, Any]]:
        """撤销, while it could still be used."""
        over = mandate.state_of(item, local_date(now())) in (mandate.ENDED, mandate.REVOKED)
        if over or not may(current_actor().roles, "mandates", "revoke"):
            return []
        confirm = (gettext("撤销委托书"), gettext("委托单位书面收回委托的，撤销后受委托人不能再办理；已办的不受影响。"))
        url = self.url_of("revoke", pk=item.id)
        return [{"name": "revoke", "label": N_("撤销"), "method": "post", "url": url, "confirm": confirm}]

    def title_of(self, item: Mandate) -> str:
        return item.agent_name

    def row_step(self, item: Mandate) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def narrow(self) -> list[Any]:
        """How a letter stands depends on the day."""
        state = self.asked_word("state")
        return [mandate.in_state(state, local_date(now()))] if state in mandate.STATES else []

    def row_status(self, item: Mandate) -> str:
        """How it stands today, in our words."""
        return mandate.state_of(item, local_date(now()))

    def _values(self, items: list[Any]) -> Iterator[list[Any]]:
        return ([shown(item, column) for column in self.list_columns] for item in items)

    def _get_show_widget(self, pk: Any, item: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        widgets = super()._get_show_widget(pk, item, *args, **kwargs)
        drawn = widgets["show"].template_args
        drawn["value_columns"] = [shown(item, column) for column in drawn["include_columns"]]
        return widgets


def shown(item: Mandate, column: str) -> Any:
    """One value for reading."""
    if column in MASKED:
        return (audit.masked({column: getattr(item, column)}) or {})[column]
    if column == "form":
        return gettext(TERMS[MandateForm(item.form)])
    if column == "state":
        return gettext(mandate.state_of(item, local_date(now())))
    if column == "agent_id_type":
        return label_of("id_type", item.agent_id_type)
    if column == "stamps":
        words = dict(mandate.STAMPS[MandateForm(item.form)])
        return [gettext(words.get(code, code)) for code in item.stamps]
    if column == "scans":
        return escape(gettext("、")).join(_link(scan) for scan in item.attachments if scan.superseded_at is None)
    if column == "recorded_by":
        return item.recorded_by.display_name
    return local_time(item.recorded_at) if column == "recorded_at" else getattr(item, column)


def _link(scan: Any) -> Markup:
    return Markup('<a href="/attachments/{}" target="_blank" rel="noopener">{}</a>').format(
        scan.id, escape(scan.original_name)
    )
