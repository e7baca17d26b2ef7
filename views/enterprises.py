"""企业信息: an organization's one record, and the bureau's list of them."""

from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access
from flask_babel import lazy_gettext
from sqlalchemy.orm import joinedload, load_only

from app.domain.fields import DECLARATION, ENTERPRISE
from app.domain.terms import N_, TERMS, Action, Kind, Role, Status
from app.security.here import now, time_limits
from app.services import enterprise, review
from models.enterprise import Enterprise
from models.organization import Organization
from views.administration import ActsOnRecords
from views.base import EagerInterface, current_actor, db
from views.cells import enterprise_state, local_day
from views.decisions import DecidesRecords
from views.excel.exporting import ExportsRows
from views.forms import choices, region_choices, word
from views.interface import as_key
from views.lists import ListFilter, between
from views.many import ActsOnMany
from views.notes import KeepsNotes
from views.papers import PrintsPapers
from views.records import OF_BUREAU, OF_ORGANIZATION, RecordView


class EnterpriseView(ExportsRows, DecidesRecords, ActsOnRecords, ActsOnMany, KeepsNotes, PrintsPapers, RecordView):
    """Enterprise records in scope; an applicant is led to its own."""

    kind = Kind.ENTERPRISE
    export_kind = "enterprises"
    record_kind = "enterprise"
    record_table = ENTERPRISE
    route_base = "/enterprises"
    class_permission_name = "enterprises"
    datamodel = EagerInterface(
        Enterprise,
        list_options=(
            load_only(
                Enterprise.name, Enterprise.org_code, Enterprise.unit_kind, Enterprise.status, Enterprise.submitted_at,
                Enterprise.due_on, Enterprise.decided_at, Enterprise.submission_id,
            ),
        ),
        row_options=(
            joinedload(Enterprise.organization).load_only(*OF_ORGANIZATION),
            joinedload(Enterprise.bureau).load_only(*OF_BUREAU),
            joinedload(Enterprise.submission),
        ),
    )  # fmt: skip
    search_hint = N_("单位名称、组织机构代码、统一社会信用代码")
    filter_bar = (
        ListFilter("region", lazy_gettext("注册所在地"), "region_code", choices=region_choices),
        ListFilter("unit_kind", lazy_gettext("单位性质"), "unit_kind", choices=choices(ENTERPRISE.field("unit_kind"))),
        *between("due", "due_on", lazy_gettext("审核期限起"), lazy_gettext("审核期限止"), more=True),
    )
    list_title = lazy_gettext("企业信息")
    add_title = lazy_gettext("登记企业信息")
    edit_title = lazy_gettext("编辑企业信息")
    show_title = lazy_gettext("企业信息")
    add_label = N_("登记企业信息")
    list_columns = ["name", "org_code", "unit_kind", "status", "submitted_at", "due_on", "decided_at"]
    name_column = "name"
    order_columns = ["name", "org_code", "status", "submitted_at", "due_on", "decided_at"]
    label_columns = {
        "name": lazy_gettext("单位名称"),
        "org_code": lazy_gettext("组织机构代码"),
        "unit_kind": lazy_gettext("单位性质"),
        "status": lazy_gettext("状态"),
        "submitted_at": lazy_gettext("递交"),
        "due_on": lazy_gettext("审核期限"),
        "decided_at": lazy_gettext("审核日期"),
    }
    column_classes = dict.fromkeys(("org_code", "submitted_at", "due_on", "decided_at"), "nowrap")
    formatters_columns = {
        "unit_kind": lambda value: word(ENTERPRISE.field("unit_kind"), value),
        "status": enterprise_state,
        "submitted_at": local_day,
        "due_on": local_day,
        "decided_at": local_day,
    }

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        """Staff see the list; an applicant its own record, or the form that opens it."""
        actor = current_actor()
        if actor.roles == {Role.APPLICANT} and actor.organization_id and not request.args:
            record = enterprise.of_organization(db(), actor.organization_id)
            return redirect(self.url_of("show", pk=record.id) if record else self.url_of("add"))
        return super().list()

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """登记企业信息; whoever has the record already goes on with it."""
        own = current_actor().organization_id
        record = enterprise.of_organization(db(), own) if own else None
        if record is not None and record.status != Status.VOIDED and request.method == "GET":
            return redirect(self.url_of("edit", pk=record.id))
        return super().add()

    def draw_add(self, form: Any) -> Any:
        """What the registration said stands in the form already."""
        organization = db().get(Organization, current_actor().organization_id)
        for field in form:
            rule = getattr(field, "rule", None)
            if rule is not None and organization is not None and hasattr(Organization, rule.name):
                value = getattr(organization, rule.name)
                field.shown = word(rule, value)
                if request.method == "GET" and not rule.locked and not rule.personal:
                    field.data = value or ""
        return super().draw_add(form)

    def create_row(self, values: dict[str, Any]) -> Enterprise:
        return enterprise.create(db(), current_actor(), values, now=now())

    def update_row(self, row: Enterprise, values: dict[str, Any], version: int) -> Enterprise:
        sent, answers = self.open_values(row, values), self.answers(row)
        return enterprise.save(db(), current_actor(), row.id, sent, version=version, answers=answers, now=now())

    def delete_row(self, row: Enterprise) -> None:
        enterprise.delete(db(), current_actor(), row.id, now=now())

    def submit_row(self, row_id: int, *, declared: bool) -> None:
        enterprise.submit(
            db(), current_actor(), row_id,
            declared=declared, answers=self.answers(self.scoped(row_id)), now=now(), limits=time_limits(),
        )  # fmt: skip

    @action("submit", TERMS["hand_in"], DECLARATION, None)
    def submit(self, item: Enterprise) -> None:
        self.submit_row(item.id, declared=bool(request.form.get("truthfulness_declared")))

    @action("approve", TERMS[Action.APPROVE], N_("通过后该单位可以登记项目，短信告知联系人。"), None)
    def approve(self, item: Enterprise) -> None:
        seen = as_key(request.form.get(f"seen-{item.id}"))
        review.approve(db(), current_actor(), self.kind, item.id, submission_id=seen, now=now())
