"""单体信息: filled in and submitted by whoever builds, then looked through by the bureau; the flow's word beside it."""

from typing import Any

from flask import flash, g, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.fields import DECLARATION, UNIT_WORK
from app.domain.permissions import may
from app.domain.terms import N_, TERMS, Action, Role, Status
from app.domain.unit_works import differences
from app.domain.workflow import Refusal
from app.security.here import now, time_limits
from app.services import lookup, unit_filings, unit_works
from app.services.snapshot import values_of
from models.project import Project
from models.unit_work import UnitFiling, UnitWork
from views import once, three_way
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.cells import local_day, local_time, number, told_name
from views.editing import attempt, tell_saved
from views.forms import RuleForm, word
from views.interface import as_key
from views.lists import ListFilter
from views.stamps import stamp
from views.unit_standing import flow_chip, next_of, state_label
from views.words import state, translate

FORM = RuleForm.of(UNIT_WORK)
NUMBER = "number"  # in the address: of a project
ACTS = {Action.APPROVE: N_("审核通过"), Action.RETURN: N_("退回"), Action.UNLOCK: N_("解锁（人工退回）")}


def _states() -> list[tuple[str, str]]:
    return [(str(status), state(TERMS[status])) for status in Status]


class UnitWorkView(TrustedModelView):
    """Filings of the projects in scope; their unit works are edited under the project's key."""

    kind = record_kind = "unit_work"
    route_base = "/unitworks"
    class_permission_name = "unit_works"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    datamodel = EagerInterface(
        UnitFiling,
        list_options=(
            joinedload(UnitFiling.project).load_only(
                Project.name, Project.approved_name, Project.number, Project.version
            ),
        ),
    )
    filter_bar = (
        ListFilter("status", lazy_gettext("状态"), "status", choices=_states),
        ListFilter(NUMBER, lazy_gettext("项目编号")),
    )
    keyed_columns = frozenset({"status"})
    show_template = "registers/unit_filing.html"
    next_of = staticmethod(next_of)
    list_title = show_title = lazy_gettext("单体信息")
    base_order = ("id", "desc")
    name_column = "project"
    list_columns = ["project.number", "project", "status", "submission_count", "submitted_at", "due_on"]
    show_columns = list_columns
    order_columns = []
    label_columns = {
        "project.number": lazy_gettext("项目编号"),
        "project": lazy_gettext("项目"),
        "status": lazy_gettext("状态"),
        "submission_count": lazy_gettext("提交次数"),
        "submitted_at": lazy_gettext("提交"),
        "due_on": lazy_gettext("审核期限"),
    }
    column_classes = {
        "project.number": "nowrap", "project": "clip", "submitted_at": "nowrap", "due_on": "nowrap",
        "submission_count": "num",
    }  # fmt: skip
    formatters_columns = {
        "project": told_name,
        "project.number": number, "status": state_label, "submitted_at": local_time, "due_on": local_day,
    }  # fmt: skip

    # Filling in, by whoever builds -----------------------------------------------------------------

    @expose("/edit/<pk>", methods=["GET"])
    @has_access
    @permission_name("edit")
    def fill_in(self, pk: str) -> Any:
        """单体信息编辑: the unit works of a project, what is still to do, and the submit."""
        project = self._project(pk)
        filing = unit_filings.of_project(db(), project)
        refusal = self._edit_refusal(project, filing)
        if refusal:
            flash(refusal, "warning")
            return redirect(self.url_of("show", pk=filing.id) if filing else f"/projects/show/{project.id}")
        return self._draw_units(project, filing)

    @expose("/unit/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    @once.makes_a_row
    def unit(self, pk: str) -> Any:
        """One unit work of a project: a new one, or with `of` one that is there."""
        project = self._project(pk)
        filing = unit_filings.of_project(db(), project)
        refusal = self._edit_refusal(project, filing)
        if refusal and request.method == "GET":
            flash(refusal, "warning")
            return redirect(f"/projects/show/{project.id}")
        key, form = as_key(request.args.get("of")), FORM.refresh()
        if request.method == "GET":
            self._begin(form, filing, key)
            return self._draw_unit(form, project, filing, 200)
        project_id = project.id
        sent = {"unit_id": key, "version": as_key(form.version.data) or 0}
        try:
            saved = attempt(
                form, lambda: unit_works.save(db(), current_actor(), project_id, form.raw(), now=now(), **sent)
            )
        except Conflict as conflict:
            return self._draw_anew(form, project_id, conflict)
        if saved is None:
            fresh = self._project(project_id)
            return self._draw_unit(form, fresh, unit_filings.of_project(db(), fresh), 422)
        tell_saved(_("已保存：%(code)s。", code=saved.code))
        return redirect(f"{self.route_base}/edit/{project_id}")

    @expose("/remove/<pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def remove(self, pk: str) -> Any:
        """Take one unit work out."""
        unit = unit_filings.unit_of(db(), current_actor(), as_key(pk))
        key, project_id = unit.id, unit.filing.project_id
        return self._do(
            lambda: unit_works.remove(db(), current_actor(), key, version=self._version(), now=now()),
            _("已移除，它的编码不再使用。"),
            f"{self.route_base}/edit/{project_id}",
        )

    @expose("/submit/<pk>", methods=["POST"])
    @has_access
    @permission_name("submit")
    def submit(self, pk: str) -> Any:
        """提交: into the municipal flow."""
        project_id, declared = self._project(pk).id, bool(request.form.get("truthfulness_declared"))
        return self._do(
            lambda: unit_works.submit(
                db(), current_actor(), project_id,
                declared=declared, version=self._version(), now=now(), limits=time_limits(),
            ),
            _("已提交，项目进入市审批流程。"),
            f"/projects/show/{project_id}",
            f"{self.route_base}/edit/{project_id}",
        )  # fmt: skip

    # Deciding, by the bureau -------------------------------------------------------------------------

    @expose("/approve/<pk>", methods=["POST"])
    @has_access
    @permission_name("approve")
    def approve(self, pk: str) -> Any:
        return self._decide(pk, Action.APPROVE)

    @expose("/return/<pk>", methods=["POST"])
    @has_access
    @permission_name("return")
    def return_(self, pk: str) -> Any:
        return self._decide(pk, Action.RETURN)

    @expose("/unlock/<pk>", methods=["POST"])
    @has_access
    @permission_name("unlock")
    def unlock(self, pk: str) -> Any:
        return self._decide(pk, Action.UNLOCK)

    def _decide(self, pk: str, action: Action) -> Any:
        """Without the words it needs the page comes back with what was typed."""
        filing_id, words = self.scoped(pk).id, request.form.get("words", "")
        doors = {Action.RETURN: unit_works.return_, Action.UNLOCK: unit_works.unlock}
        sent = {"version": self._version(), "now": now()}
        try:
            if action == Action.APPROVE:
                unit_works.approve(db(), current_actor(), filing_id, **sent)
            else:
                doors[action](db(), current_actor(), filing_id, words, **sent)
        except Invalid as invalid:
            return self._again(filing_id, translate(invalid.problems[0].sentence))
        except Refused as refusal:
            if refusal.code == "has_reason":
                return self._again(filing_id, translate(refusal.sentence))
            db().rollback()
            flash(translate(refusal.sentence), "danger")
        else:
            flash(_("已办理：%(act)s。", act=_(ACTS[action])), "success")
        return redirect(self.url_of("show", pk=filing_id))

    def _again(self, filing_id: int, sentence: str) -> Any:
        db().rollback()
        return make_response(self.draw_show(self.scoped(filing_id), words_error=sentence), 422)

    # Helpers of the routes ---------------------------------------------------------------------------

    def _project(self, pk: object) -> Project:
        """The numbered project in scope, or 404."""
        return unit_filings.project_of(db(), current_actor(), as_key(str(pk)))

    def _edit_refusal(self, project: Project, filing: UnitFiling | None) -> str:
        outcome = unit_filings.verdict(db(), current_actor(), project, filing, Action.EDIT, now=now())
        return translate(outcome.sentence) if isinstance(outcome, Refusal) else ""

    def _version(self) -> int | None:
        return as_key(request.form.get("version")) or 0

    def _do(self, deed: Any, done: str, then: str, otherwise: str = "") -> Any:
        try:
            deed()
        except Refused as refusal:
            db().rollback()
            flash(translate(refusal.sentence), "danger")
            return redirect(otherwise or then)
        flash(done, "success")
        return redirect(then)

    def _begin(self, form: RuleForm, filing: UnitFiling | None, key: int | None) -> None:
        form.version.data = str(filing.version if filing else 0)
        if key is None:
            return
        unit = next((one for one in filing.units if one.id == key), None) if filing else None
        if unit is None:
            raise NotFound(UnitWork.__name__)
        form.fill(unit_filings.values_of(unit))
        form.base.data = stamp(form)

    def _draw_anew(self, form: RuleForm, project_id: int, conflict: Conflict) -> Any:
        fresh = self._project(project_id)
        filing = unit_filings.of_project(db(), fresh)
        form.version.data = str(filing.version if filing else 0)
        key = as_key(request.args.get("of"))
        saved = next((unit for unit in filing.units if unit.id == key), None) if filing else None
        if saved is not None:
            theirs = form.anew()
            theirs.fill(unit_filings.values_of(saved))
            g.both = three_way.merge(form, theirs)
        flash(translate(conflict.sentence), "danger")
        return self._draw_unit(form, fresh, filing, 409)

    def _draw_unit(self, form: RuleForm, project: Project, filing: UnitFiling | None, code: int) -> Any:
        page = self.render_template(
            "registers/unit_work.html", title=_("单体"), form=form, project=project, filing=filing, view=self,
            of=as_key(request.args.get("of")),
        )  # fmt: skip
        return make_response(page, code)

    def _draw_units(self, project: Project, filing: UnitFiling | None) -> Any:
        return self.render_template(
            "registers/unit_works.html", title=_("单体信息编辑"), project=project, filing=filing, view=self,
            declaration=DECLARATION,
        )  # fmt: skip

    # What the pages ask --------------------------------------------------------------------------------

    def narrow(self) -> list[Any]:
        """A number is looked up whole."""
        asked = self.asked_word(NUMBER)
        return [UnitFiling.project.has(Project.number.in_(lookup.spellings(asked)))] if asked else []

    def title_of(self, item: UnitFiling) -> str:
        return _("单体信息：%(name)s", name=item.project.told_name)

    def row_status(self, item: UnitFiling) -> str:
        return item.status

    def row_step(self, item: UnitFiling) -> dict[str, str]:
        actor = current_actor()
        if Role.APPLICANT in actor.roles and item.status in (Status.DRAFT, Status.RETURNED):
            return {"label": N_("编辑"), "url": f"{self.route_base}/edit/{item.project_id}"}
        mine = item.status == Status.SUBMITTED and may(actor.roles, "unit_works", "approve")
        return {"label": N_("审核") if mine else N_("查看"), "url": self.url_of("show", pk=item.id)}

    def list_scope(self) -> str:
        return _("有编号的项目填写单体信息并提交后，进入市审批流程") if Role.APPLICANT in current_actor().roles else ""

    def empty_state(self) -> dict[str, Any]:
        text = _("在项目列表勾选有编号的项目，点「单体信息编辑」。")
        return {"title": _("还没有单体信息。"), "text": text, "url": "/projects/list/", "label": _("项目信息管理")}

    def told(self, item: UnitFiling) -> list[tuple[str, str, Any, bool]]:
        """The filing for its page."""
        chip, reason = flow_chip(unit_filings.standing(db(), item.project_id))
        flow = Markup("{}　{}").format(chip, reason) if chip else _("尚未报送")
        return [
            (_("状态"), "status", state_label(item.status), False),
            (_("市审批流程"), "flow", flow, True),
            (_("提交"), "submitted_at", local_time(item.submitted_at), False),
            (_("审核期限"), "due_on", local_day(item.due_on) if item.status == Status.SUBMITTED else "", False),
            (_("原因和要求"), "words", item.words, True),
        ]

    def units(self, filing: UnitFiling | None) -> list[dict[str, Any]]:
        """Every unit work: its figures for the table, and all of it in words."""
        return [_unit(unit) for unit in filing.units] if filing else []

    def warnings(self, project: Project, filing: UnitFiling | None) -> list[str]:
        """Sums that are not the project's totals."""
        units = [unit_filings.values_of(unit) for unit in filing.units] if filing else []
        return [translate(sentence) for sentence in differences(values_of(project), units)]

    def decisions(self, item: UnitFiling) -> list[dict[str, Any]]:
        """What this person may decide now: button, and whether it needs words."""
        found = unit_filings.offers(db(), current_actor(), item.project, item, now=now())
        return [
            {"name": str(action), "label": _(ACTS[action]), "url": f"{self.route_base}/{action}/{item.id}"}
            for action in found
            if action in ACTS
        ]


def _unit(unit: UnitWork) -> dict[str, Any]:
    values = unit_filings.values_of(unit)
    rows = [(_(f.label), f.name, word(f, values[f.name]), f.width == "wide") for f in UNIT_WORK]
    words = {name: told for _label, name, told, _wide in rows}
    return {"id": unit.id, "code": unit.code, "name": unit.name, "rows": rows, "words": words}
