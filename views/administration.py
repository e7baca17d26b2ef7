"""The administrator's acts that need a form: unlock, void, allow a repeat, transfer. Drawn like the review page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.domain import workflow
from app.domain.clock import SHANGHAI
from app.domain.errors import Invalid, Problem, Refused
from app.domain.matters import KINDS, STATUS_WORDS, Matter, MatterStatus
from app.domain.permissions import may
from app.domain.terms import TERMS, Action, Kind
from app.domain.workflow import Refusal
from app.security.here import now, time_limits
from app.services import (
    administration,
    calendar,
    claims,
    facts,
    holders,
    lifecycle,
    lookups,
    matters,
    reference,
    waiting,
)
from models.bureau import Bureau
from models.pending_act import PendingAct
from models.project import Project
from views.acting import with_form
from views.base import current_actor, db
from views.cells import local_time
from views.decisions import sent_version
from views.interface import as_key
from views.words import translate

UNLOCK_DAYS = 5
# The input beside which a claim that only the form can meet is explained.
INPUT_OF = {
    workflow.REASON.name: "reason",
    workflow.SCOPED_UNLOCK.name: "fields",
    workflow.TARGET_BUREAU.name: "bureau_id",
    workflow.ASSIGNEE.name: "assignee_id",
    workflow.ANOTHER_ASSIGNEE.name: "assignee_id",
    workflow.HAS_ITEMS.name: "items",
}


class ActsOnRecords:
    """Mixin of the record views."""

    act_template = "records/act.html"

    @expose("/unlock/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("unlock")
    def unlock_form(self, pk: str) -> Any:
        return self._act_page(pk, Action.UNLOCK)

    @expose("/void/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("void")
    def void_form(self, pk: str) -> Any:
        return self._act_page(pk, Action.VOID)

    @expose("/transfer/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("transfer")
    def transfer_form(self, pk: str) -> Any:
        return self._act_page(pk, Action.TRANSFER)

    @expose("/take_back/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("take_back")
    def take_back_form(self, pk: str) -> Any:
        return self._act_page(pk, Action.TAKE_BACK)

    @expose("/assign/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("assign")
    def assign_form(self, pk: str) -> Any:
        return self._act_page(pk, Action.ASSIGN)

    @action("take_back", TERMS[Action.TAKE_BACK], None, None)
    @with_form
    def take_back(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/take_back/{item.id}")  # type: ignore[attr-defined]

    @action("assign", TERMS[Action.ASSIGN], None, None)
    @with_form
    def assign(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/assign/{item.id}")  # type: ignore[attr-defined]

    @action("unlock", TERMS[Action.UNLOCK], None, None)
    @with_form
    def unlock(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/unlock/{item.id}")  # type: ignore[attr-defined]

    @action("void", TERMS[Action.VOID], None, None)
    @with_form
    def void(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/void/{item.id}")  # type: ignore[attr-defined]

    @action("transfer", TERMS[Action.TRANSFER], None, None)
    @with_form
    def transfer(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/transfer/{item.id}")  # type: ignore[attr-defined]

    def waiting_acts(self, item: Any) -> list[dict[str, str]]:
        """What of this record waits for a second person, for those who may look at such acts."""
        if not may(current_actor().roles, "pending_acts", "show"):
            return []
        return [
            {
                "word": _(TERMS[Action(act.action)]),
                "who": act.requested_by.display_name,
                "at": local_time(act.requested_at),
                "until": act.lapses_on.isoformat() if act.lapses_on else "",
                "url": f"/pendingacts/show/{act.id}",
            }
            for act in waiting.of_record(db(), item)
        ]

    def _act_page(self, pk: str, step: Action) -> Any:
        view: Any = self
        row = view.scoped(pk)
        problems: tuple[Problem, ...] = ()
        if request.method == "POST":
            row_id = row.id
            try:
                outcome = ACTS[step](view.kind, row_id, sent_version())
            except Invalid as invalid:
                problems = invalid.problems
            except Refused as refusal:
                problems = (Problem(refusal.code, refusal.sentence),)
            else:
                flash(told(outcome, step), "success")
            db().rollback()
            if not problems:
                still = view.find(row_id)
                return view.to_row(still) if still is not None else view.to_list()
            row = view.scoped(row_id)
        page = view.render_template(
            self.act_template, item=row, view=view, step=str(step), word=_(TERMS[step]), title=view.title_of(row),
            errors=beside_inputs(problems), targets=view.own_targets(row),
            closes=closed_matters(row) if step == Action.VOID else [], needs_second=self._needs_second(row, step),
            **form_parts(step, [row]),
        )  # fmt: skip
        return make_response(page, 422) if problems else page

    def _needs_second(self, row: Any, step: Action) -> bool:
        """Would this act wait for another administrator?"""
        given = lifecycle.Given(reason="-", unlock_fields=("-",), until=datetime.max.replace(tzinfo=SHANGHAI))
        verdict = lifecycle.judge(db(), current_actor(), row, step, now=now(), given=given)
        return isinstance(verdict, Refusal) and verdict.code == workflow.SECOND_PERSON.name


class AllowsRepeats(ActsOnRecords):
    """Mixin of the projects: 准予重复立项."""

    @expose("/allow_duplicate/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("allow_duplicate")
    def allow_duplicate_form(self, pk: str) -> Any:
        return self._act_page(pk, Action.ALLOW_DUPLICATE)

    @action("allow_duplicate", TERMS[Action.ALLOW_DUPLICATE], None, None, multiple=False)
    def allow_duplicate(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/allow_duplicate/{item.id}")  # type: ignore[attr-defined]


def told(outcome: Any, step: Action) -> str:
    """What came of the act, for the message line."""
    if not isinstance(outcome, PendingAct):
        return _("已办理：%(act)s。", act=_(TERMS[step]))
    if outcome.lapses_on is None:
        return _("已提请复核：%(act)s。另一位管理员确认后生效。", act=_(TERMS[step]))
    return _(
        "已提请复核：%(act)s。另一位管理员确认后生效，到 %(day)s 没有复核的自动失效。",
        act=_(TERMS[step]), day=outcome.lapses_on.isoformat(),
    )  # fmt: skip


def beside_inputs(problems: tuple[Problem, ...]) -> dict[str, str]:
    """The sentences by input, the rest under the claim that they speak of."""
    return {INPUT_OF.get(problem.field, problem.field): translate(problem.sentence) for problem in problems}


def form_parts(step: Action, rows: Sequence[Any]) -> dict[str, Any]:
    """What the forms offer: the bureaus or reviewers that may take all these rows, how long an unlock usually lasts."""
    return {
        "bureaus": _takers(rows) if step == Action.TRANSFER else (),
        "candidates": _candidates(rows) if step == Action.ASSIGN else (),
        "until": request.form.get("until", _default_until()),
        "act_days": time_limits().pending_act,
    }


def _takers(rows: Sequence[Any]) -> Sequence[Bureau]:
    places = {(row.region_code, row.bureau_id): row for row in rows}.values()
    common = reference.bureaus(db()).intersection(*(facts.bureaus_to_take(db(), row) for row in places))
    return db().scalars(select(Bureau).where(Bureau.id.in_(common)).order_by(Bureau.sort)).all()


def _candidates(rows: Sequence[Any]) -> Sequence[holders.Candidate]:
    """Who may hold every one of these rows; whoever holds the only one is no choice."""
    found = holders.candidates(db(), rows)
    present = lookups.around(db(), rows[0]).claim if len(rows) == 1 else None
    return [one for one in found if present is None or one.user_id != present.assignee_id]


def _take_back(kind: Kind, row_id: int, version: int) -> Any:
    reason = request.form.get("reason", "")
    return claims.take_back(db(), current_actor(), kind, row_id, reason=reason, version=version, now=now())


def _assign(kind: Kind, row_id: int, version: int) -> Any:
    return claims.assign(
        db(), current_actor(), kind, row_id,
        assignee_id=as_key(request.form.get("assignee_id")), reason=request.form.get("reason", ""),
        version=version, now=now(),
    )  # fmt: skip


def _unlock(kind: Kind, row_id: int, version: int) -> Any:
    return administration.unlock(
        db(), current_actor(), kind, row_id,
        fields=request.form.getlist("fields"), until=_until(), reason=request.form.get("reason", ""),
        version=version, now=now(), limits=time_limits(),
    )  # fmt: skip


def _void(kind: Kind, row_id: int, version: int) -> Any:
    reason = request.form.get("reason", "")
    return administration.void(
        db(), current_actor(), kind, row_id, reason=reason, version=version, now=now(), limits=time_limits()
    )


def _allow_duplicate(_kind: Kind, row_id: int, version: int) -> Any:
    reason = request.form.get("reason", "")
    return administration.allow_duplicate(
        db(), current_actor(), row_id, reason=reason, version=version, now=now(), limits=time_limits()
    )


def _transfer(kind: Kind, row_id: int, version: int) -> Any:
    return administration.transfer(
        db(), current_actor(), kind, row_id,
        bureau_id=as_key(request.form.get("bureau_id")), reason=request.form.get("reason", ""),
        version=version, now=now(),
    )  # fmt: skip


ACTS: dict[Action, Callable[[Kind, int, int], Any]] = {
    Action.TAKE_BACK: _take_back,
    Action.ASSIGN: _assign,
    Action.UNLOCK: _unlock,
    Action.VOID: _void,
    Action.TRANSFER: _transfer,
    Action.ALLOW_DUPLICATE: _allow_duplicate,
}


def _until() -> datetime | None:
    """The end of the day that was chosen, in Shanghai."""
    try:
        day = datetime.strptime(request.form.get("until", ""), "%Y-%m-%d")  # noqa: DTZ007 - made local below
    except ValueError:
        return None
    return day.replace(hour=23, minute=59, second=59, tzinfo=SHANGHAI)


def _default_until() -> str:
    day = calendar.due_on(db(), now().astimezone(SHANGHAI).date(), UNLOCK_DAYS)
    return day.isoformat() if day else ""


def closed_matters(record: Any) -> list[str]:
    """The matters and papers that end with a number, in words; nothing for a record without one."""
    if not isinstance(record, Project) or record.number is None:
        return []
    told = []
    for row, numbers in matters.closing(db(), record):
        word, status = _(KINDS[Matter(row.matter)].word), _(STATUS_WORDS[MatterStatus(row.status)])
        text = _("事项「%(matter)s」（%(status)s）将关闭", matter=word, status=status)
        told.append(f"{text}{_('：')}{_('、').join(numbers)}" if numbers else text)
    return told
