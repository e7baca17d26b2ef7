"""What enterprise and project screens share: FAB draws them from the rule set, the services write."""

from typing import Any

from flask import flash, jsonify, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from wtforms import HiddenField

from app.domain.errors import Invalid, Problem, Refused, Sentence
from app.domain.fields import DECLARATION, Table
from app.domain.permissions import may
from app.domain.terms import N_, TERMS, Action, Kind, Status, submit_word
from app.domain.workflow import Refusal
from app.security.here import now
from app.services import approved, audit, editing, lifecycle, returns
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.organization import Organization
from views.attachments import accept_upload
from views.base import TrustedModelView, current_actor, db
from views.editing import mark
from views.forms import RuleForm, word
from views.interface import as_key
from views.record_page import RecordPage
from views.unsaved import KeepsUnsaved
from views.words import translate

BY_FORM = {
    Action.APPROVE, Action.RETURN, Action.UNLOCK, Action.VOID, Action.TRANSFER, Action.ALLOW_DUPLICATE,
    Action.TAKE_BACK, Action.ASSIGN,
}  # fmt: skip
ORDER = (
    Action.SUBMIT, Action.EDIT, Action.APPROVE, Action.RETURN, Action.CLAIM, Action.RELEASE, Action.WITHDRAW,
    Action.TAKE_BACK, Action.ASSIGN, Action.TRANSFER, Action.ALLOW_DUPLICATE, Action.UNLOCK, Action.VOID, Action.DELETE,
    Action.REOPEN,
)  # fmt: skip
WORDS = {Action.APPROVE: N_("审核"), Action.RETURN: N_("退回"), Action.DELETE: N_("删除草稿")}
CORRECTION_APPROVED = TERMS["approve_correction"]
# A button that is off says why; these are simply not this person's button now.
NOT_WORTH_SAYING = frozenset(
    {"is_at_the_counter", "is_claimed_by_actor", "is_claimed", "is_unclaimed", "approval_document_is_numbered"}
)
CONFIRM = {
    Action.SUBMIT: (N_("提交后不能修改"), DECLARATION),
    Action.WITHDRAW: (N_("撤回为草稿"), N_("撤回后可以修改，需要重新提交。")),
    Action.DELETE: (N_("删除这份草稿"), N_("删除后不能恢复；提交过的草稿保留为作废记录。")),
}
# What a record's page reads of its owner: nothing that is encrypted.
OF_ORGANIZATION = (Organization.name, Organization.org_code, Organization.uscc, Organization.unit_kind)
OF_BUREAU = (Bureau.name, Bureau.parent_id, Bureau.region_code, Bureau.requires_originals)
OF_ENTERPRISE = (Enterprise.status, Enterprise.unit_kind, Enterprise.uscc, Enterprise.organization_id)


class RecordView(KeepsUnsaved, RecordPage, TrustedModelView):
    """A list, a page and a form for records with a life cycle."""

    kind: Kind
    record_table: Table
    list_template = "records/list.html"
    show_template = "records/show.html"
    edit_template = "records/edit.html"
    has_tabs = True
    base_order = ("id", "desc")
    declaration = DECLARATION
    checks_version_itself = True

    # Forms from the rule set -------------------------------------------------------------------

    def _init_forms(self) -> None:
        form = RuleForm.of(self.record_table)
        self.add_form = self.edit_form = type(form.__name__, (form,), {"version": HiddenField()})
        sections = [(title, {"fields": [f.name for f in fields]}) for title, fields in self.record_table.sections()]
        self.add_fieldsets = self.edit_fieldsets = self.show_fieldsets = sections
        self.add_columns = self.edit_columns = self.show_columns = list(self.record_table.names)
        super()._init_forms()

    def values_of(self, form: Any) -> dict[str, Any]:
        return form.raw()

    def check_url(self, item: Any) -> str:
        """Where a form asks what is wrong with it while it is being filled in."""
        return f"{self.route_base}/check{self.beside(item)}"

    @expose("/check", methods=["POST"])
    @has_access
    @permission_name("edit")
    def check(self) -> Any:
        """What a save would say of the form as it stands, by input."""
        source = self.source()
        row = self.record_of_form() or self.datamodel.obj()
        values = self.open_values(row, self.values_of(self.edit_form.refresh()))
        if source is not None:
            values = editing.retyped(values, source)
        found = editing.problems(db(), row, values, now=now())
        return jsonify(
            problems={problem.field: translate(problem.sentence) for problem in found},
            warnings={warning.field: translate(warning.sentence) for warning in self.warnings(values)},
        )

    def warnings(self, values: dict[str, Any]) -> tuple[Problem, ...]:
        """What a save lets pass and yet leads to trouble later."""
        return ()

    def open_values(self, row: Any, values: dict[str, Any]) -> dict[str, Any]:
        """Without the ticks that a scoped unlock leaves closed: the page shows them as text and sends nothing."""
        closed = set(values) - set(row.unlocked_fields) - set(request.form) if row.unlocked_fields else set()
        return {name: value for name, value in values.items() if name not in closed}

    def draw_edit(self, form: Any, row: Any, other: Any = None) -> Any:
        for field in form:
            rule = getattr(field, "rule", None)
            if rule is None:
                continue
            closed = bool(row.unlocked_fields) and field.name not in row.unlocked_fields
            if rule.locked or closed:
                field.locked, field.shown = True, word(rule, getattr(row, field.name, None))
        return super().draw_edit(form, row, other)

    def closed_inputs(self, row: Any) -> set[str]:
        """Those that a scoped unlock leaves closed."""
        return set(self.record_table.names) - set(row.unlocked_fields) if row.unlocked_fields else set()

    def form_buttons(self, item: Any) -> list[dict[str, Any]]:
        buttons = [{"name": "save", "value": "1", "label": N_("保存"), "css": "btn-default", "key": "Ctrl S"}]
        if item is None:
            return [{**buttons[0], "css": "btn-primary"}]
        submit = {"name": "submit_too", "label": submit_word(self.kind, item.status), "css": "btn-primary"}
        return [submit, *buttons]

    def back_url(self, item: Any) -> str:
        return self.list_url() if item is None else self.url_of("show", pk=item.id)

    def after_add(self, row: Any) -> Any:
        self.forget_unsaved(None)
        flash(_("已保存为草稿。请上传扫描件，齐全后提交。"), "success")
        return redirect(self.url_of("edit", pk=row.id))

    def after_edit(self, row: Any) -> Any:
        self.forget_unsaved(row)
        if "submit_too" not in request.form:
            return super().after_edit(row)
        row_id, is_changed = row.id, audit.changed_anything(db())
        try:
            self.submit_row(row_id, declared=bool(request.form.get("truthfulness_declared")))
        except (Invalid, Refused) as trouble:
            db().rollback()
            fresh = self.scoped(row_id)
            form = self.edit_form.refresh(obj=fresh)
            flash(_("已保存，但还没有提交。") if is_changed else _("内容没有变化，还没有提交。"), "warning")
            mark(form, trouble)
            return self.draw_edit(form, fresh)
        flash(_("已提交审核。"), "success")
        return redirect(self.url_of("show", pk=row_id))

    def act_word(self, act: Any, item: Any) -> str:
        if act.name == Action.SUBMIT and item is not None:
            return _(submit_word(self.kind, item.status))
        if act.name == Action.APPROVE and item is not None and approved.is_correction(item):
            return _(CORRECTION_APPROVED)
        return super().act_word(act, item)

    def submit_row(self, row_id: int, *, declared: bool) -> None:
        """Hand the record in."""
        raise NotImplementedError

    def answers(self, item: Any) -> dict[int, str]:
        """The applicant's answers to return items, by item id, from `items-<n>-answer` in the order of the sheet."""
        found = {}
        for name in request.form:
            head, _dash, tail = name.partition("-")
            n, _dash, what = tail.partition("-")
            if head == "items" and what == "answer":
                place = as_key(request.form.get(f"items-{n}-id", "")) or self._item_at(item, n)
                if place is not None:
                    found[place] = request.form[name]
        return found

    def _item_at(self, item: Any, n: str) -> int | None:
        """The n-th open item, from 0, for a form that brings no ids."""
        if not (n.isascii() and n.isdigit() and len(n) < 4):
            return None
        rows = returns.open_items(db(), item)
        return rows[int(n)].id if int(n) < len(rows) else None

    @expose("/<pk>/attachments/<slot>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def attach(self, pk: str, slot: str) -> Any:
        return accept_upload(self.kind, self.scoped(pk).id, slot, self.url_of("edit", pk=pk))

    # What the pages ask ------------------------------------------------------------------------

    def title_of(self, item: Any) -> str:
        return str(item.name)

    def row_refusal(self, item: Any, verb: str) -> Sentence | None:
        outcome = lifecycle.judge(db(), current_actor(), item, Action(verb), now=now())
        return outcome.sentence if isinstance(outcome, Refusal) else None

    def allowed_actions(self, item: Any) -> list[dict[str, Any]]:
        """The acts of this person in this state, refused ones with their reason beside the button."""
        actor = current_actor()
        found = {o.action: o for o in lifecycle.offers(db(), actor, item, now=now())}
        verbs = self.class_permission_name
        shown = [found[a] for a in ORDER if a in found and may(actor.roles, verbs, a)]
        acts = [self._act(item, offer) for offer in shown if offer.code not in NOT_WORTH_SAYING]
        for act in acts:
            act["css"] = "btn-danger" if act["name"] in (Action.DELETE, Action.VOID) else "btn-default"
        first = next((act for act in acts if not act["reason"]), None)
        if first and first["name"] in (Action.SUBMIT, Action.APPROVE, Action.EDIT):
            first["css"] = "btn-primary"
        return acts

    def _act(self, item: Any, offer: lifecycle.Offer) -> dict[str, Any]:
        action = offer.action
        label = submit_word(self.kind, item.status) if action == Action.SUBMIT else WORDS.get(action, TERMS[action])
        act = {"name": str(action), "label": label, "method": "post", "hidden": None, "confirm": None}
        act["reason"] = translate(offer.refusal) if offer.refusal else None
        if action == Action.EDIT:
            return {**act, "method": "get", "url": self.url_of("edit", pk=item.id)}
        if action == Action.REOPEN:
            return {**act, "method": "get", "url": self.url_of("add")}
        if action in BY_FORM:
            return {**act, "method": "get", "url": f"{self.route_base}/{action}/{item.id}"}
        if action == Action.SUBMIT:  # the dialog shows the declaration; its button makes it
            act["hidden"] = {"truthfulness_declared": "y"}
        if action in CONFIRM:
            act["confirm"] = tuple(_(text) for text in CONFIRM[action])
        if action == Action.DELETE:
            return {**act, "url": self.url_of("delete", pk=item.id)}
        return {**act, "url": self.url_of("action", name=str(action), pk=item.id)}

    def row_can(self, item: Any) -> list[str]:
        """The acts that the bulk bar may count this row for."""
        return lifecycle.open_steps(self.kind, item.status, current_actor().roles)

    def row_step(self, item: Any) -> dict[str, Any] | None:
        """The one next step of a list row: by state and role, without asking every claim."""
        roles = current_actor().roles
        verbs = self.class_permission_name
        if item.status == Status.SUBMITTED and may(roles, verbs, Action.APPROVE):
            return {"label": WORDS[Action.APPROVE], "url": f"{self.route_base}/approve/{item.id}"}
        if item.status in (Status.DRAFT, Status.RETURNED) and may(roles, verbs, Action.EDIT):
            return {"label": TERMS[Action.EDIT], "url": self.url_of("edit", pk=item.id)}
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def acts_here(self) -> dict[str, Any]:
        """The bulk bar without acts that this person has in no state of a list row."""
        roles = current_actor().roles
        steps = {step for status in Status for step in lifecycle.open_steps(self.kind, status, roles)}
        return {name: act for name, act in self.actions.items() if name in steps or name not in set(Action)}
