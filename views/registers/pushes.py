"""报送台账: what went to which other system in which version, whether it was taken, and sending it again."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import defer, joinedload

from app.domain import exchange, pushes
from app.domain.errors import Invalid, Refused
from app.domain.permissions import may
from app.domain.terms import N_
from app.outbox.parcel import PUSHES
from app.security.here import now
from app.services import lookup, reconcile
from app.services import pushes as ledger
from models.outbox import Outbox
from models.project import Project
from models.types import DecryptionError
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.cells import local_time, number, told_name
from views.interface import as_key
from views.lists import ListFilter, between, worded
from views.sent_words import reworded
from views.words import translate

CHIPS = {"delivered": "received", "failed": "refused", "expired": "refused"}
OUTCOME_CHIPS = {"acknowledged": "received", "refused": "refused"}
NUMBER = "number"  # in the address: of a project


def chip(status: str) -> Markup:
    """Where the push stands."""
    return _chip(CHIPS.get(status, "waiting"), _(pushes.STATES[status]))


def outcome_chip(outcome: str | None) -> Markup:
    """How an attempt ended."""
    word = _(pushes.OUTCOMES[outcome]) if outcome else _("报送中")
    return _chip(OUTCOME_CHIPS.get(outcome or "", "waiting"), word)


def _chip(face: str, word: str) -> Markup:
    return Markup('<span class="chip push-{}">{}</span>').format(face, word)


class PushView(TrustedModelView):
    """Pushes of projects in scope."""

    kind = record_kind = "push"
    route_base = "/pushes"
    class_permission_name = "pushes"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    datamodel = EagerInterface(
        Outbox,
        list_options=(
            defer(Outbox.payload),
            joinedload(Outbox.project).load_only(Project.name, Project.approved_name, Project.number, Project.version),
        ),
    )
    filter_bar = (
        ListFilter("kind", lazy_gettext("报送对象"), "kind", choices=worded(pushes.SYSTEMS)),
        ListFilter("status", lazy_gettext("状态"), "status", choices=worded(pushes.STATES)),
        ListFilter(NUMBER, lazy_gettext("项目编号")),
        *between("", "created_at", lazy_gettext("日期起"), lazy_gettext("日期止")),
    )
    keyed_columns = frozenset({"status", "kind"})
    list_template = "registers/pushes.html"
    show_template = "registers/push.html"
    list_title = show_title = lazy_gettext("报送台账")
    base_order = ("created_at", "desc")
    name_column = "project"
    list_columns = ["project.number", "project", "kind", "dedup_key", "status", "attempts", "created_at", "last_error"]
    show_columns = list_columns
    order_columns = ["created_at"]
    label_columns = {
        "project.number": lazy_gettext("项目编号"),
        "project": lazy_gettext("项目"),
        "kind": lazy_gettext("报送对象"),
        "dedup_key": lazy_gettext("版本"),
        "status": lazy_gettext("状态"),
        "attempts": lazy_gettext("尝试次数"),
        "created_at": lazy_gettext("生成时间"),
        "last_error": lazy_gettext("最近一次失败"),
    }
    column_classes = {
        "project.number": "nowrap",
        "project": "clip",
        "created_at": "nowrap",
        "attempts": "num",
        "dedup_key": "num",
    }
    formatters_columns = {
        "project.number": number,
        "project": told_name,
        "kind": lambda kind: _(pushes.SYSTEMS[kind]),
        "dedup_key": pushes.version_of,
        "status": chip,
        "created_at": local_time,
        "last_error": reworded,
    }

    # Sending again --------------------------------------------------------------------------------

    @expose("/replay/<pk>", methods=["POST"])
    @has_access
    @permission_name("replay")
    def replay(self, pk: str) -> Any:
        """重新报送, with a reason; without one the page comes back and says so."""
        push_id = self.scoped(pk).id
        try:
            ledger.replay(db(), current_actor(), push_id, reason=request.form.get("reason", ""), now=now())
        except Invalid as invalid:
            db().rollback()
            return make_response(
                self.draw_show(self.scoped(push_id), reason_error=translate(invalid.problems[0].sentence)), 422
            )
        except Refused as refusal:
            db().rollback()
            flash(translate(refusal.sentence), "danger")
            return redirect(self.url_of("show", pk=push_id))
        flash(_("已放入待报送队列，几秒钟内发出。"), "success")
        return redirect(self.url_of("show", pk=push_id))

    # Comparing ------------------------------------------------------------------------------------

    @expose("/reconciliation")
    @has_access
    @permission_name("list")
    def reconciliation(self) -> Any:
        """对账: the last comparison with each system, and what of it concerns this person."""
        found = [self._compared(system) for system in exchange.TARGETS]
        return self.render_template("registers/reconciliation.html", title=_("报送对账"), compared=found, view=self)

    def _compared(self, system: str) -> dict[str, Any]:
        actor = current_actor()
        row = reconcile.latest(db(), system)
        missing: Sequence[Project] = reconcile.missing_in_reach(db(), actor, row) if row is not None else []
        return {
            "label": _(exchange.TARGETS[system].label),
            "row": row,
            "at": local_time(row.at) if row is not None else "",
            "failed": reworded(row.failed) if row is not None else "",
            "missing": missing,
            "unknown": row.unknown if row is not None and actor.is_root else [],
        }

    # What the pages ask ---------------------------------------------------------------------------

    def find(self, pk: object) -> Any:
        """A push in scope, still closed; a text message is not one."""
        query = db().query(Outbox).options(defer(Outbox.payload))
        query = query.filter(Outbox.id == as_key(pk), Outbox.kind.in_(PUSHES))
        return self.datamodel.apply_filters(query, self._base_filters).one_or_none()

    def narrow(self) -> list[Any]:
        """Texts are no pushes; a number is looked up whole."""
        asked = self.asked_word(NUMBER)
        of_number = [Outbox.project.has(Project.number.in_(lookup.spellings(asked)))] if asked else []
        return [Outbox.kind.in_(PUSHES), *of_number]

    def title_of(self, item: Outbox) -> str:
        return _(
            "报送%(system)s第 %(version)s 版",
            system=_(pushes.SYSTEMS[item.kind]),
            version=pushes.version_of(item.dedup_key),
        )

    def row_status(self, item: Outbox) -> str:
        return item.status

    def row_step(self, item: Outbox) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def empty_state(self) -> dict[str, Any]:
        return {"title": _("还没有报送。"), "text": _("项目审核通过、发号之后，会自动报送并出现在这里。"), "url": None}

    def told(self, item: Outbox) -> list[tuple[str, str, Any, bool]]:
        """The push for its page."""
        return [
            (_("报送对象"), "kind", _(pushes.SYSTEMS[item.kind]), False),
            (_("状态"), "status", chip(item.status), False),
            (_("内容"), "op", _("删除") if self._op(item) == "delete" else _("新增或更正"), False),
            (_("版本"), "version", pushes.version_of(item.dedup_key), False),
            (_("生成时间"), "created_at", local_time(item.created_at), False),
            (_("对方接收"), "delivered_at", local_time(item.acknowledged_at or item.delivered_at), False),
            (_("规则版本"), "rule_version", self._payload(item).get("rule_version") or "—", False),
            (_("下次尝试"), "next_attempt_at", self._next(item), False),
            (_("最近一次失败"), "last_error", reworded(item.last_error) or None, True),
        ]

    def _op(self, item: Outbox) -> str:
        return str(self._payload(item).get("op", ""))

    @staticmethod
    def _payload(item: Outbox) -> dict[str, Any]:
        try:
            return dict(item.payload or {})
        except DecryptionError:
            return {}

    @staticmethod
    def _next(item: Outbox) -> str:
        return local_time(item.next_attempt_at) if item.status == "queued" else ""

    def attempts(self, item: Outbox) -> list[dict[str, Any]]:
        """Each attempt: when, how it ended, what was said and heard."""
        return [
            {
                "fence": attempt.fence, "started_at": local_time(attempt.started_at),
                "ended_at": local_time(attempt.ended_at), "outcome": outcome_chip(attempt.outcome),
                "sentence": reworded(attempt.sentence), "sent": attempt.sent,
                "answered": attempt.answered,
            }
            for attempt in ledger.attempts_of(db(), item)
        ]  # fmt: skip

    def others(self, item: Outbox) -> list[dict[str, Any]]:
        """The other pushes of the same project."""
        return [
            {
                "url": self.url_of("show", pk=push.id), "title": self.title_of(push), "status": chip(push.status),
                "at": local_time(push.created_at),
            }
            for push in ledger.history_of(db(), current_actor(), item)
            if push.id != item.id
        ]  # fmt: skip

    def replay_refusal(self, item: Outbox) -> str:
        """Why it cannot go again; empty when the button is open."""
        sentence = ledger.why_not(db(), item)
        return translate(sentence) if sentence is not None else ""

    def may_replay(self) -> bool:
        return may(current_actor().roles, "pushes", "replay")

    def effects(self) -> list[str]:
        """What sending again does."""
        return [_(text) for text in pushes.EFFECTS]
