"""待复核: acts that wait for a second person, with what they will do; another administrator confirms or refuses."""

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.effects import EFFECTS
from app.domain.errors import Invalid, Refused, say
from app.domain.terms import N_, TERMS, Action, Kind
from app.scope import criteria
from app.security.here import now
from app.services import lookups, reference, second_person, snapshot, waiting
from models.pending_act import PendingAct
from models.project import Project
from views.administration import closed_matters
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.cells import local_day, local_time
from views.second_person import DecidesForTwo
from views.words import is_chinese, translate

STATES = {
    "pending": N_("待复核"),
    "confirmed": N_("已确认"),
    "refused": N_("已拒绝"),
    "withdrawn": N_("已收回"),
    "lapsed": N_("已失效"),
}
PAGES = {Kind.PROJECT: "/projects", Kind.ENTERPRISE: "/enterprises"}


class PendingActView(DecidesForTwo, TrustedModelView):
    """Acts on records in scope."""

    kind = record_kind = "pending_act"
    route_base = "/pendingacts"
    class_permission_name = "pending_acts"
    exclude_route_methods = READ_ONLY
    show_template = "records/pending_act.html"
    datamodel = EagerInterface(
        PendingAct,
        list_options=(
            selectinload(PendingAct.project), selectinload(PendingAct.enterprise), joinedload(PendingAct.requested_by),
        ),
    )  # fmt: skip
    list_title = lazy_gettext("待复核")
    show_title = lazy_gettext("待复核")
    base_order = ("id", "desc")
    name_column = "project"
    list_columns = ["project", "action", "reason", "requested_by.display_name", "requested_at", "lapses_on", "state"]
    show_columns = list_columns
    order_columns = ["requested_at", "lapses_on"]
    column_classes = {"reason": "clip", "requested_at": "nowrap", "lapses_on": "nowrap", "state": "nowrap"}
    label_columns = {
        "project": lazy_gettext("项目"),
        "action": lazy_gettext("要做什么"),
        "reason": lazy_gettext("原因"),
        "requested_by.display_name": lazy_gettext("提请人"),
        "requested_at": lazy_gettext("提请时间"),
        "lapses_on": lazy_gettext("复核期限"),
        "state": lazy_gettext("情况"),
    }
    formatters_columns = {
        "action": lambda value: _(TERMS[Action(value)]),
        "requested_at": local_time,
        "lapses_on": lambda day: local_day(day) or _("待公布日历"),
        "state": lambda value: _(STATES[value]),
    }

    # Deciding -----------------------------------------------------------------------------------

    @expose("/confirm/<pk>", methods=["POST"])
    @has_access
    @permission_name("confirm")
    def confirm(self, pk: str) -> Any:
        """确认: the act happens."""
        act = self.scoped(pk)
        word = self.word_of(act)
        try:
            second_person.confirm(db(), current_actor(), act.id, now=now())
        except Refused as refusal:
            return self.back(act.id, translate(refusal.sentence))
        except Invalid as invalid:
            return self.back(act.id, " ".join(translate(problem.sentence) for problem in invalid.problems))
        flash(_("已确认，并已办理：%(act)s。", act=word), "success")
        return redirect(self.url_of("show", pk=pk))

    @expose("/refuse/<pk>", methods=["POST"])
    @has_access
    @permission_name("refuse")
    def refuse(self, pk: str) -> Any:
        return self.refuse_row(pk, second_person.refuse, _("已拒绝，记录没有变动。"))

    @expose("/withdraw/<pk>", methods=["POST"])
    @has_access
    @permission_name("withdraw")
    def withdraw(self, pk: str) -> Any:
        """收回提请, by whoever asked."""
        act = self.scoped(pk)
        try:
            second_person.withdraw(db(), current_actor(), act.id, now=now())
        except Refused as refusal:
            return self.back(act.id, translate(refusal.sentence))
        flash(_("已收回提请，记录没有变动。"), "success")
        return redirect(self.url_of("show", pk=pk))

    def may_withdraw(self, item: PendingAct) -> bool:
        return second_person.may_withdraw(current_actor(), item)

    # What the pages ask ---------------------------------------------------------------------------

    def word_of(self, item: PendingAct) -> str:
        return _(TERMS[Action(item.action)])

    def title_of(self, item: PendingAct) -> str:
        return _("%(act)s：%(name)s", act=self.word_of(item), name=waiting.record_of(item).name)

    def row_step(self, item: PendingAct) -> dict[str, str]:
        mine_to_decide = second_person.may_decide(db(), current_actor(), item, now=now())
        return {"label": N_("复核") if mine_to_decide else N_("查看"), "url": self.url_of("show", pk=item.id)}

    def row_status(self, item: PendingAct) -> str:
        return item.state

    def empty_state(self) -> dict[str, Any]:
        return {"title": _("没有等待复核的操作"), "text": _("别的管理员提请的解锁、作废等会出现在这里。"), "url": None}

    def list_tabs(self) -> list[dict[str, Any]]:
        """What waits, and what is over: one statement."""
        still = func.count(case((PendingAct.state == "pending", 1)))
        count, whole = db().execute(select(still, func.count()).where(criteria(current_actor(), PendingAct))).one()
        over, base = self._is_over_asked(), self.url_of("list")
        return [
            {"label": _("待复核"), "count": count, "url": base, "active": not over, "due": True},
            {"label": _("已有结果"), "count": whole - count, "url": f"{base}?state=over", "active": over},
        ]

    def _is_over_asked(self) -> bool:
        return request.args.get("state", "") == "over"

    def narrow(self) -> list[Any]:
        return [PendingAct.state != "pending" if self._is_over_asked() else PendingAct.state == "pending"]

    def why_not(self, item: PendingAct) -> str:
        """Why this person cannot confirm it; empty when the button is open."""
        sentence = second_person.why_not(db(), current_actor(), item, now=now())
        return translate(sentence) if sentence else ""

    def may_refuse(self, item: PendingAct) -> bool:
        return second_person.may_decide(db(), current_actor(), item, now=now())

    def record_of(self, item: PendingAct) -> dict[str, Any]:
        """The record: its row, its kind and its page."""
        record = waiting.record_of(item)
        kind = snapshot.kind_of(record)
        return {"row": record, "kind": str(kind), "url": f"{PAGES[kind]}/show/{record.id}"}

    def effects(self, item: PendingAct) -> list[str]:
        """What confirming does, sentence by sentence."""
        record, given = waiting.record_of(item), second_person.given_of(item)
        values = {
            "fields": _("、").join(_names(record, given.unlock_fields)),
            "until": local_time(given.until),
            "number": getattr(record, "number", None) or "",
            "repeats": _repeats(record, Action(item.action)),
        }
        told = [translate(say(text, **_used(text, values))) for text in EFFECTS[Action(item.action)]]
        return [*told, *closed_matters(record)] if item.action == Action.VOID else told

    def facts_of(self, item: PendingAct) -> list[tuple[Any, ...]]:
        """The rows of the page's table: label, name, value, wide."""
        rows: list[tuple[Any, ...]] = [
            (_("要做什么"), "action", self.word_of(item)),
            (_("情况"), "state", _(STATES[item.state])),
            (_("原因"), "reason", item.reason, True),
            (_("提请人"), "requested_by", item.requested_by.display_name),
            (_("提请时间"), "requested_at", local_time(item.requested_at)),
            (_("复核期限"), "lapses_on", local_day(item.lapses_on) or _("待公布日历"), True),
        ]
        if item.state != "pending":
            rows.append((_("复核人"), "decided_by", item.decided_by.display_name if item.decided_by else ""))
            rows.append((_("办结时间"), "decided_at", local_time(item.decided_at)))
        if item.decision_note:
            rows.append((_("拒绝的原因"), "decision_note", item.decision_note, True))
        return rows


def _names(record: snapshot.Record, names: tuple[str, ...]) -> list[str]:
    """The words of inputs and scans."""
    words = {f.name: _(f.label) for f in snapshot.fields_of(record)}
    for slot in reference.slots_of(db(), record):
        words.setdefault(slot.slot, slot.label if is_chinese() else slot.label_en)
    return [words.get(name, name) for name in names]


def _repeats(record: snapshot.Record, action: Action) -> str:
    if action != Action.ALLOW_DUPLICATE or not isinstance(record, Project):
        return ""
    return lookups.around(db(), record).twin_number or "—"


def _used(text: str, values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if f"%({name})s" in text}
