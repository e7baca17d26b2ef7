"""项目信息管理: the applicant's projects, and the bureau's. Drawn by FAB, written by the services."""

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import joinedload, load_only

from app.domain import exchange
from app.domain.errors import Problem
from app.domain.fields import CARRIED_OVER, DECLARATION, PROJECT
from app.domain.permissions import may
from app.domain.pushes import REFUSED, STANDINGS
from app.domain.terms import N_, TERMS, Action, Kind, Role, Status, submit_word
from app.security.here import now, settings, time_limits
from app.services import duplicates, enterprise, lookups, project, review
from models.organization import Organization
from models.project import Project
from views.administration import AllowsRepeats
from views.base import EagerInterface, current_actor, db, on_rows
from views.cells import coded, local_day, money, number, project_state
from views.decisions import DecidesRecords
from views.excel.exporting import ExportsRows
from views.forms import codes, region_choices
from views.interface import as_key
from views.lists import ListFilter, between
from views.many import ActsOnMany
from views.matters import seven_of
from views.notes import KeepsNotes
from views.papers import PrintsPapers
from views.records import OF_BUREAU, OF_ENTERPRISE, OF_ORGANIZATION, RecordView
from views.sent_words import reworded
from views.unit_standing import standing_of
from views.unsaved import LIKE

ON_APPROVAL = N_("未发号的通过后立即发号，已发号的编号不变；发短信给经办人，并报送省厅。")


class ProjectView(ExportsRows, DecidesRecords, AllowsRepeats, ActsOnMany, KeepsNotes, PrintsPapers, RecordView):
    """Projects in scope."""

    kind = Kind.PROJECT
    export_kind = "projects"
    record_kind = "project"
    record_table = PROJECT
    route_base = "/projects"
    class_permission_name = "projects"
    datamodel = EagerInterface(
        Project,
        list_options=(
            load_only(
                Project.number, Project.name, Project.builder_name, Project.category_code, Project.status,
                Project.investment_10k_cny, Project.submitted_at, Project.due_on, Project.submission_id,
                Project.numbered_at,
            ),
        ),
        row_options=(
            joinedload(Project.organization).load_only(*OF_ORGANIZATION),
            joinedload(Project.organization).joinedload(Organization.enterprise).load_only(*OF_ENTERPRISE),
            joinedload(Project.bureau).load_only(*OF_BUREAU),
            joinedload(Project.submission),
        ),
    )  # fmt: skip
    search_hint = N_("编号、项目名称、建设单位、机构代码、立项文号")
    filter_bar = (
        ListFilter("region", lazy_gettext("项目属地"), "region_code", choices=region_choices),
        ListFilter("category", lazy_gettext("项目分类"), "category_code", choices=codes("category_code")),
        ListFilter(
            "level", lazy_gettext("立项级别"), "approval_level_code", choices=codes("approval_level_code"), more=True
        ),
        *between("submitted", "submitted_at", lazy_gettext("提交日期起"), lazy_gettext("提交日期止"), more=True),
        *between("due", "due_on", lazy_gettext("审核期限起"), lazy_gettext("审核期限止"), more=True),
        *between("numbered", "numbered_at", lazy_gettext("发号日期起"), lazy_gettext("发号日期止"), more=True),
    )
    list_title = lazy_gettext("项目信息管理")
    add_title = lazy_gettext("新添项目信息")
    edit_title = lazy_gettext("编辑项目信息")
    show_title = lazy_gettext("项目信息")
    add_label = N_("新添项目信息")
    list_columns = [
        "number", "name", "builder_name", "category_code", "status", "investment_10k_cny", "submitted_at", "due_on",
    ]  # fmt: skip
    name_column = "name"
    order_columns = ["number", "name", "builder_name", "status", "investment_10k_cny", "submitted_at", "due_on"]
    label_columns = {
        "number": lazy_gettext("项目统一编号"),
        "name": lazy_gettext("项目名称"),
        "builder_name": lazy_gettext("建设单位"),
        "category_code": lazy_gettext("分类"),
        "status": lazy_gettext("状态"),
        "investment_10k_cny": lazy_gettext("总投资（万元）"),
        "submitted_at": lazy_gettext("提交"),
        "due_on": lazy_gettext("审核期限"),
    }
    column_classes = {
        "investment_10k_cny": "num",
        "category_code": "nowrap",
        "builder_name": "clip",
        "number": "nowrap",
        "submitted_at": "nowrap",
        "due_on": "nowrap",
    }
    formatters_columns = {
        "number": number,
        "category_code": coded("category_code"),
        "status": project_state,
        "investment_10k_cny": money,
        "submitted_at": local_day,
        "due_on": local_day,
    }

    words_again = {"submit": submit_word(Kind.PROJECT, Status.RETURNED)}  # on the bulk bar, for returned rows

    # Writing ------------------------------------------------------------------------------------

    def create_row(self, values: dict[str, Any]) -> Project:
        source = self.source()
        return project.create(db(), current_actor(), values, like=source.id if source else None, now=now())

    def draw_add(self, form: Any) -> Any:
        """The form of a new project, begun with what an earlier one has in common with it."""
        source = self.source()
        if source is not None and request.method == "GET":
            form.fill({name: getattr(source, name) for name in CARRIED_OVER})
            flash(_("已带入「%(name)s」的共同内容，请核对，并填写本项目的立项和规模。", name=source.name), "info")
        return super().draw_add(form)

    def update_row(self, row: Project, values: dict[str, Any], version: int) -> Project:
        sent, answers = self.open_values(row, values), self.answers(row)
        return project.save(db(), current_actor(), row.id, sent, version=version, answers=answers, now=now())

    def delete_row(self, row: Project) -> None:
        project.delete(db(), current_actor(), row.id, now=now())

    def submit_row(self, row_id: int, *, declared: bool) -> None:
        project.submit(
            db(), current_actor(), row_id,
            declared=declared, answers=self.answers(self.scoped(row_id)), now=now(), limits=time_limits(),
        )  # fmt: skip

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """新添项目信息; before the enterprise record is approved the page says so instead of a form."""
        own = current_actor().organization_id
        record = enterprise.of_organization(db(), own) if own else None
        if request.method == "GET" and (record is None or record.status != Status.APPROVED):
            flash(_("企业信息通过后才能登记项目。"), "warning")
            return redirect("/enterprises/list/" if record is None else f"/enterprises/show/{record.id}")
        return super().add()

    def warnings(self, values: dict[str, Any]) -> tuple[Problem, ...]:
        """Characters that the province's encoding cannot carry (DOMAIN §8)."""
        return exchange.warnings(exchange.TBPROJECTINFO, values, encoding=settings().province_encoding)

    # Actions ------------------------------------------------------------------------------------

    @action("submit", lazy_gettext("提交审核"), DECLARATION, None)
    def submit(self, item: Project) -> None:
        self.submit_row(item.id, declared=bool(request.form.get("truthfulness_declared")))

    @action("withdraw", TERMS[Action.WITHDRAW], N_("撤回后可以修改，需要重新提交。"), None)
    def withdraw(self, item: Project) -> None:
        project.withdraw(db(), current_actor(), item.id, now=now())

    @action("approve", TERMS[Action.APPROVE], ON_APPROVAL, None)
    def approve(self, item: Project) -> None:
        seen = as_key(request.form.get(f"seen-{item.id}"))
        review.approve(db(), current_actor(), self.kind, item.id, submission_id=seen, now=now())

    @action("unit_works", lazy_gettext("单体信息编辑"), None, None)
    @on_rows
    def unit_works(self, items: list[Project]) -> Any:
        """To the unit works of the project that was ticked."""
        if len(items) == 1:
            return redirect(f"/unitworks/edit/{items[0].id}")
        flash(_("单体信息一次编辑一个项目，请只勾选一个。"), "warning")
        return self.to_list()

    def row_can(self, item: Project) -> list[str]:
        """And the way to its unit works, once it has its number."""
        numbered = item.status == Status.APPROVED and may(current_actor().roles, "unit_works", "edit")
        return [*super().row_can(item), *(["unit_works"] if numbered else [])]

    # What the page says -------------------------------------------------------------------------

    def allowed_actions(self, item: Project) -> list[dict[str, Any]]:
        """The acts on the project, and for its owner the way to the next one."""
        acts = super().allowed_actions(item)
        own = item.organization_id == current_actor().organization_id
        if own and item.organization.enterprise and item.organization.enterprise.status == Status.APPROVED:
            acts.append(
                {
                    "name": "add_like", "label": N_("照此新添"), "method": "get", "css": "btn-default", "reason": None,
                    "url": f"{self.route_base}/add?{LIKE}={item.id}",
                }
            )  # fmt: skip
        return acts

    def push_of(self, item: Project) -> dict[str, str] | None:
        """Where the latest push to the province stands, and for staff the way to the ledger."""
        found = lookups.around(db(), item) if item.number else None
        if found is None or not found.push_status:
            return None
        reads_ledger = may(current_actor().roles, "pushes", "list")
        return {
            "status": found.push_status
            if STANDINGS.get(found.push_status) == found.push_standing
            else found.push_standing,
            "reason": reworded(found.push_error) if reads_ledger or found.push_standing == REFUSED else "",
            "url": f"/pushes/list/?number={item.number}" if reads_ledger else "",
        }

    def unit_works_of(self, item: Project) -> dict[str, Any] | None:
        """Where its unit works stand, with the way there, for those who may read them; of a numbered project alone."""
        return standing_of(item) if item.number and may(current_actor().roles, "unit_works", "show") else None

    def matters_of(self, item: Project) -> list[dict[str, Any]]:
        """The seven of a numbered project, for those who may read matters."""
        return seven_of(item) if item.number and may(current_actor().roles, "matters", "show") else []

    def status_word(self, status: Status) -> str:
        return N_("已发号") if status == Status.APPROVED else TERMS[status]

    def lookalikes(self, item: Project) -> list[duplicates.Lookalike]:
        """Suspected repeats, side by side for those who review."""
        return duplicates.find(db(), item) if Role.REVIEWER in current_actor().roles else []

    def alerts(self, item: Project) -> list[str]:
        """For its owner before and while it waits: that something looks repeated; of others' projects only the fact."""
        if item.organization_id != current_actor().organization_id or item.status == Status.APPROVED:
            return []
        own = item.organization_id
        return [
            _("与本单位的「%(name)s」：%(reason)s", name=found.project.name, reason=_(found.reason))
            if found.project.organization_id == own
            else _("与另一单位的项目：%(reason)s", reason=_(found.reason))
            for found in duplicates.find(db(), item)
        ]
