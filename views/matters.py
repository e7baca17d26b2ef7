"""事项: the seven of every numbered project; their clerks step and record them, whoever builds follows them."""

from functools import partial
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app.domain import matters as rules
from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.fields import from_plain
from app.domain.fields.matter import RECORDS
from app.domain.matters import Matter, MatterAction
from app.domain.permissions import may
from app.domain.precheck import WORDS, Presence
from app.domain.terms import N_, Role
from app.security.here import now
from app.services import lookup, matters, precheck
from models.matter import MatterRecord, ProjectMatter
from models.project import Project
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.cells import label, local_day, local_time, number, told_name
from views.editing import attempt, tell_saved
from views.forms import RuleForm, word
from views.interface import as_key
from views.lists import ListFilter
from views.words import in_language, translate

FORMS = {matter: RuleForm.of(table) for matter, table in RECORDS.items()}
LABELS = {
    "open": "state-draft", "accepted": "state-submitted", "supplement": "state-returned", "done": "state-approved",
    "rejected": "state-returned", "closed": "state-voided",
}  # fmt: skip
PRESENCE_LABELS = {
    Presence.PRESENT: "state-approved", Presence.MISSING: "state-draft", Presence.EXPIRED: "state-returned",
    Presence.NOT_YET_VALID: "state-returned", Presence.REVOKED: "state-returned",
}  # fmt: skip
STEPS = (MatterAction.ACCEPT, MatterAction.SUPPLEMENT, MatterAction.REJECT)
NUMBER = "number"  # in the address: of a project


def matter_word(matter: str) -> str:
    """Which of the seven."""
    return _(rules.KINDS[Matter(matter)].word)


def state_label(status: str) -> Markup:
    """Where the matter stands."""
    words = _(rules.STATUS_WORDS[rules.MatterStatus(status)])
    return label(LABELS[status], words)


def _ticked() -> list[int]:
    """The papers ticked on the page."""
    return [key for key in map(as_key, request.form.getlist("received")) if key is not None]


def seven_of(project: Project) -> list[dict[str, Any]]:
    """The seven of a numbered project, each with its page where this person may open it."""
    return [
        {
            "id": row.id, "url": f"/matters/show/{row.id}" if _is_open(row.matter) else "",
            "word": matter_word(row.matter), "state": state_label(row.status),
        }
        for row in matters.of_project(db(), project)
    ]  # fmt: skip


def _is_open(matter: str) -> bool:
    """Whoever is a matter clerk and nothing else sees the own matters alone, as the scope has it."""
    actor = current_actor()
    return actor.roles != {Role.MATTER_CLERK} or matter in actor.matters


def _choices() -> list[tuple[str, str]]:
    """The seven; of a clerk the own ones."""
    return [(str(one), matter_word(one)) for one in Matter if _is_open(one)]


def _states() -> list[tuple[str, str]]:
    return [(str(status), _(words)) for status, words in rules.STATUS_WORDS.items()]


def _presence(presence: Presence) -> Markup:
    return label(PRESENCE_LABELS[presence], _(WORDS[presence]))


class MatterView(TrustedModelView):
    """Matters of the projects in scope."""

    kind = record_kind = "matter"
    route_base = "/matters"
    class_permission_name = "matters"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    datamodel = EagerInterface(
        ProjectMatter,
        list_options=(
            joinedload(ProjectMatter.project).load_only(
                Project.name, Project.approved_name, Project.number, Project.version
            ),
        ),
    )
    filter_bar = (
        ListFilter("matter", lazy_gettext("事项"), "matter", choices=_choices),
        ListFilter("status", lazy_gettext("状态"), "status", choices=_states),
        ListFilter(NUMBER, lazy_gettext("项目编号")),
    )
    keyed_columns = frozenset({"matter", "status"})
    show_template = "registers/matter.html"
    list_title = show_title = lazy_gettext("事项")
    base_order = ("id", "desc")
    name_column = "matter"
    list_columns = ["project.number", "project", "matter", "status", "changed_at", "words"]
    show_columns = list_columns
    order_columns = []
    label_columns = {
        "project.number": lazy_gettext("项目编号"),
        "project": lazy_gettext("项目"),
        "matter": lazy_gettext("事项"),
        "status": lazy_gettext("状态"),
        "changed_at": lazy_gettext("最近一步"),
        "words": lazy_gettext("原因和要求"),
    }
    column_classes = {"project.number": "nowrap", "project": "clip", "changed_at": "nowrap", "words": "clip"}
    formatters_columns = {
        "project.number": number,
        "project": told_name,
        "matter": matter_word,
        "status": state_label,
        "changed_at": local_time,
    }

    # Steps and records ----------------------------------------------------------------------------

    @expose("/step/<pk>", methods=["POST"])
    @has_access
    @permission_name("record")
    def step(self, pk: str) -> Any:
        """受理, 要求补正 or 不予通过; without the words it needs the page comes back with what was typed."""
        matter_id, asked = self.scoped(pk).id, request.form.get("step", "")
        if asked not in STEPS:
            return self._back(matter_id, _("没有这一步。"), "danger")
        action = MatterAction(asked)
        take = partial(matters.step, db(), current_actor(), matter_id, action, now=now())
        try:
            take(
                words=request.form.get("words", ""),
                received=_ticked() if "checklist" in request.form else None,
                version=as_key(request.form.get("version")),
            )
        except Invalid as invalid:
            db().rollback()
            return make_response(
                self.draw_show(self.scoped(matter_id), words_error=translate(invalid.problems[0].sentence)), 422
            )
        except Refused as refusal:
            db().rollback()
            return self._back(matter_id, translate(refusal.sentence), "danger")
        return self._back(matter_id, _("已办理：%(act)s，短信已告知。", act=_(rules.ACTION_WORDS[action])), "success")

    @expose("/record/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("record")
    def record(self, pk: str) -> Any:
        """登记办理结果: a further record, or with `of` one that is there, to correct it."""
        row = self.scoped(pk)
        refusal = matters.why_not(db(), current_actor(), row, MatterAction.RECORD)
        if refusal is not None and request.method == "GET":
            return self._back(row.id, translate(refusal), "warning")
        form = FORMS[Matter(row.matter)].refresh()
        if request.method == "GET":
            self._begin(form, row)
            return self._draw(form, row, 200)
        matter_id, version = row.id, as_key(form.version.data) or 0
        write = partial(matters.record, db(), current_actor(), matter_id, form.raw(), version=version, now=now())
        try:
            written = attempt(form, write)
        except Conflict as conflict:
            fresh = self.scoped(matter_id)
            form.version.data = str(fresh.version)
            flash(translate(conflict.sentence), "danger")
            return self._draw(form, fresh, 409)
        if written is None:
            return self._draw(form, self.scoped(matter_id), 422)
        digits = written.row.number or written.row.inner_number
        tell_saved(_("已登记：%(number)s，短信已告知。", number=digits))
        return redirect(self.url_of("show", pk=matter_id))

    def _begin(self, form: RuleForm, row: ProjectMatter) -> None:
        form.version.data = str(row.version)
        chosen = as_key(request.args.get("of"))
        if chosen is None:
            return
        record = next((one for one in row.records if one.id == chosen), None)
        if record is None:
            raise NotFound(MatterRecord.__name__)
        form.fill(from_plain(RECORDS[Matter(row.matter)], record.entries))

    def _draw(self, form: RuleForm, row: ProjectMatter, code: int) -> Any:
        page = self.render_template(
            "registers/matter_record.html", title=_("登记办理结果"), form=form, item=row, view=self
        )
        return make_response(page, code)

    def _back(self, matter_id: int, sentence: str, level: str) -> Any:
        flash(sentence, level)
        return redirect(self.url_of("show", pk=matter_id))

    # What the pages ask ---------------------------------------------------------------------------

    def narrow(self) -> list[Any]:
        """A number is looked up whole."""
        asked = self.asked_word(NUMBER)
        return [ProjectMatter.project.has(Project.number.in_(lookup.spellings(asked)))] if asked else []

    def title_of(self, item: ProjectMatter) -> str:
        return matter_word(item.matter)

    def row_status(self, item: ProjectMatter) -> str:
        return item.status

    def row_step(self, item: ProjectMatter) -> dict[str, str]:
        mine = matters.is_clerk_of(current_actor(), item.matter) and item.status not in ("done", "closed")
        return {"label": N_("办理") if mine else N_("查看"), "url": self.url_of("show", pk=item.id)}

    def list_scope(self) -> str:
        """For whoever builds, what the page is."""
        return _("我的事项：凭项目编号办理的七个事项") if Role.APPLICANT in current_actor().roles else ""

    def empty_state(self) -> dict[str, Any]:
        return {"title": _("还没有事项。"), "text": _("项目发号之后，七个事项会出现在这里。"), "url": None}

    def told(self, item: ProjectMatter) -> list[tuple[str, str, Any, bool]]:
        """The matter for its page."""
        return [
            (_("状态"), "status", state_label(item.status), False),
            (_("最近一步"), "changed_at", local_time(item.changed_at), False),
            (_("原因和要求"), "words", item.words, True),
        ]

    def records(self, item: ProjectMatter) -> list[dict[str, Any]]:
        """What it left: number, and every entry in words."""
        table = RECORDS[Matter(item.matter)]
        found = []
        for record in item.records:
            values = from_plain(table, record.entries)
            found.append(
                {
                    "id": record.id,
                    "number": record.number,
                    "inner_number": record.inner_number,
                    "at": local_time(record.changed_at),
                    "rows": [(_(f.label), f.name, word(f, values.get(f.name)), f.width == "wide") for f in table],
                }
            )
        return found

    def record_word(self, item: ProjectMatter) -> str:
        return _(rules.KINDS[Matter(item.matter)].record_word)

    def steps(self, item: ProjectMatter) -> list[dict[str, str]]:
        """The steps that its clerk may take now; nobody else sees them."""
        offered = [action for action in rules.offered(item.status) if action in STEPS] if self.is_mine(item) else []
        return [{"name": str(action), "label": _(rules.ACTION_WORDS[action])} for action in offered]

    def is_mine(self, item: ProjectMatter) -> bool:
        actor = current_actor()
        return may(actor.roles, "matters", "record") and matters.is_clerk_of(actor, item.matter)

    def record_refusal(self, item: ProjectMatter) -> str:
        """Why nothing can be recorded now; empty when the button is open."""
        sentence = matters.why_not(db(), current_actor(), item, MatterAction.RECORD)
        return translate(sentence) if sentence is not None else ""

    def checklist(self, item: ProjectMatter) -> list[dict[str, Any]]:
        """The papers that the matter asks for, and which are in."""
        ticked = set(_ticked()) if request.method == "POST" else set(item.received or ())
        return [
            {
                "id": asked.id, "label": in_language(asked),
                "is_required": asked.is_required, "is_in": asked.id in ticked,
            }
            for asked in matters.items_of(db(), item.matter)
        ]  # fmt: skip

    def precheck(self, item: ProjectMatter) -> list[dict[str, Any]]:
        """What a construction permit asks for, and how each stands; for that matter alone."""
        if item.matter != Matter.CONSTRUCTION_PERMIT:
            return []
        return [
            {
                "word": _(found.condition.word),
                "presence": str(found.presence),
                "state": _presence(found.presence),
                "number": found.paper.number if found.paper else "",
                "until": local_day(found.paper.valid_until) if found.paper and found.paper.valid_until else "",
            }
            for found in precheck.of_project(db(), item.project, now=now())
        ]

    def seven(self, item: ProjectMatter) -> list[dict[str, Any]]:
        """All the matters of its project."""
        return seven_of(item.project)
