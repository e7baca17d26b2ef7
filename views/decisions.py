"""Decisions that need a form: approve and return on the review page, unlock, void and transfer by the administrator."""

from datetime import datetime
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.domain.clock import SHANGHAI
from app.domain.errors import Conflict, Invalid, Problem, Refused, say
from app.domain.permissions import may
from app.domain.terms import TERMS, Action, Kind
from app.domain.workflow import Refusal
from app.security.here import now
from app.services import (
    administration,
    calendar,
    compare,
    facts,
    lifecycle,
    originals,
    reference,
    review,
    snapshot,
)
from app.services.returns import ITEM_LIMIT, Item
from models.bureau import Bureau
from views.base import current_actor, db
from views.cells import local_time
from views.forms import is_chinese, word
from views.interface import as_key
from views.words import translate

BLANK_ROWS = 1
UNLOCK_DAYS = 5


class DecidesRecords:
    """Mixin of the record views: GET draws the page, POST takes the decision; both want the row in scope."""

    review_template = "records/review.html"
    act_template = "records/act.html"

    # Review ---------------------------------------------------------------------------------------

    @expose("/approve/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("approve")
    def approve_form(self, pk: str) -> Any:
        """The review page, its solid button being 通过."""
        view: Any = self
        row = view.scoped(pk)
        if request.method == "GET":
            return self._review_page(row)
        return self._decide(row, lambda: self._approve(row.id))

    @expose("/return/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("return")
    def return_form(self, pk: str) -> Any:
        """The review page with an open return sheet."""
        view: Any = self
        row = view.scoped(pk)
        if request.method == "GET":
            return self._review_page(row, returning=True)
        return self._decide(row, lambda: self._return(row.id), returning=True)

    def _approve(self, row_id: int) -> None:
        view: Any = self
        done = review.approve(
            db(), current_actor(), view.kind, row_id,
            comment=request.form.get("comment", ""), version=_version(),
            submission_id=as_key(request.form.get("submission_id")), now=now(),
        )  # fmt: skip
        digits = done.project.number if done.project is not None else None
        if digits:
            flash(_("审核通过，已发号 %(number)s。", number=digits), "success")
        else:
            flash(_("审核通过。"), "success")

    def _return(self, row_id: int) -> None:
        view: Any = self
        items = [Item(i["target"], i["reason_code"], i["instruction"]) for i in sent_items()]
        review.return_(
            db(), current_actor(), view.kind, row_id, items,
            comment=request.form.get("comment", ""), version=_version(),
            submission_id=as_key(request.form.get("submission_id")), now=now(),
        )  # fmt: skip
        flash(_("已退回，共 %(count)s 项，短信已告知。", count=len(items)), "success")

    def _decide(self, row: Any, act: Any, *, returning: bool = False) -> Any:
        view: Any = self
        row_id = row.id
        try:
            act()
        except (Invalid, Refused) as trouble:
            db().rollback()
            code = 409 if isinstance(trouble, Conflict) else 422
            return make_response(self._review_page(view.scoped(row_id), returning=returning, trouble=trouble), code)
        return view.to_row(view.scoped(row_id))

    def _review_page(self, row: Any, *, returning: bool = False, trouble: Exception | None = None) -> str:
        view: Any = self
        actor, moment = current_actor(), now()
        given = lifecycle.Given(item_count=1, submission_id=row.submission_id)
        known: lifecycle.Known = {}
        verdicts = {
            step: lifecycle.judge(db(), actor, row, step, now=moment, given=given, known=known)
            for step in (Action.APPROVE, Action.RETURN)
            if may(actor.roles, view.class_permission_name, step)
        }
        refusals = {
            str(step): translate(verdict.sentence) for step, verdict in verdicts.items() if isinstance(verdict, Refusal)
        }
        problems = trouble.problems if isinstance(trouble, Invalid) else ()
        if isinstance(trouble, Refused):
            flash(translate(trouble.sentence), "danger")
        return str(
            view.render_template(
                self.review_template,
                item=row,
                view=view,
                title=view.title_of(row),
                returning=returning,
                refusals=refusals,
                steps=[str(step) for step in verdicts],
                items=sent_items() or [{"target": "", "reason_code": "", "instruction": ""}] * BLANK_ROWS,
                errors={problem.field: translate(problem.sentence) for problem in problems},
                reasons=_reasons(),
                targets=view.targets(row),
                claimed=_claim(row),
                comment=request.form.get("comment", ""),
                **self._evidence(row),
            )
        )

    def _evidence(self, row: Any) -> dict[str, Any]:
        """What a reviewer looks at: changes since the last submission, scans, originals, look-alikes."""
        view: Any = self
        scans = (
            originals.scans_to_check(db(), row) if view.kind == Kind.PROJECT else snapshot.live_attachments(db(), row)
        )
        checks = originals.latest_checks(db(), row, scans) if view.kind == Kind.PROJECT else {}
        words = view.targets(row)
        return {
            "scans": [
                {
                    "id": scan.id,
                    "original_name": scan.original_name,
                    "page_count": scan.page_count,
                    "label": words.get(scan.slot, scan.original_name),
                }
                for scan in reversed(scans)
            ],
            "checks": checks,
            "changes": changes_since_last(view, row),
            "asked_last": compare.asked_last(db(), row),
            "lookalikes": view.lookalikes(row) if hasattr(view, "lookalikes") else [],
        }

    # The administrator's acts -------------------------------------------------------------------

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

    @action("return", TERMS[Action.RETURN], None, None, multiple=False)
    def return_(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/return/{item.id}")  # type: ignore[attr-defined]

    @action("unlock", TERMS[Action.UNLOCK], None, None, multiple=False)
    def unlock(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/unlock/{item.id}")  # type: ignore[attr-defined]

    @action("void", TERMS[Action.VOID], None, None, multiple=False)
    def void(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/void/{item.id}")  # type: ignore[attr-defined]

    @action("transfer", TERMS[Action.TRANSFER], None, None, multiple=False)
    def transfer(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/transfer/{item.id}")  # type: ignore[attr-defined]

    def _act_page(self, pk: str, step: Action) -> Any:
        view: Any = self
        row = view.scoped(pk)
        problems: tuple[Problem, ...] = ()
        if request.method == "POST":
            row_id = row.id
            try:
                ACTS[step](view.kind, row_id)
            except Invalid as invalid:
                problems = invalid.problems
            except Refused as refusal:
                problems = (Problem(refusal.code, refusal.sentence),)
            db().rollback()
            if not problems:
                flash(_("已办理：%(act)s。", act=_(TERMS[step])), "success")
                still = view.find(row_id)
                return view.to_row(still) if still is not None else view.to_list()
            row = view.scoped(row_id)
        page = view.render_template(
            self.act_template, item=row, view=view, step=str(step), word=_(TERMS[step]), title=view.title_of(row),
            errors=[translate(problem.sentence) for problem in problems], targets=view.own_targets(row),
            until=request.form.get("until", _default_until()),
            bureaus=db().scalars(select(Bureau).order_by(Bureau.sort)).all(),
        )  # fmt: skip
        return make_response(page, 422) if problems else page


def _unlock(kind: Kind, row_id: int) -> None:
    administration.unlock(
        db(), current_actor(), kind, row_id,
        fields=request.form.getlist("fields"), until=_until(), reason=request.form.get("reason", ""),
        version=_version(), now=now(),
    )  # fmt: skip


def _void(kind: Kind, row_id: int) -> None:
    reason, version = request.form.get("reason", ""), _version()
    administration.void(db(), current_actor(), kind, row_id, reason=reason, version=version, now=now())


def _transfer(kind: Kind, row_id: int) -> None:
    administration.transfer(
        db(), current_actor(), kind, row_id,
        bureau_id=as_key(request.form.get("bureau_id")), reason=request.form.get("reason", ""),
        version=_version(), now=now(),
    )  # fmt: skip


ACTS = {Action.UNLOCK: _unlock, Action.VOID: _void, Action.TRANSFER: _transfer}


def _version() -> int:
    """The state of the row that the form was drawn from; a form without one is out of date (FIELDS, Decisions)."""
    version = as_key(request.form.get("version"))
    if version is None:
        raise Conflict(say(lifecycle.CHANGED_MEANWHILE))
    return version


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


def sent_items() -> list[dict[str, str]]:
    """The rows of the return sheet as typed, in their order; wholly empty rows are not items."""
    rows = []
    for n in range(ITEM_LIMIT + 1):  # one more than may be sent, so that the service can say so
        row = {name: request.form.get(f"items-{n}-{name}", "") for name in ("target", "reason_code", "instruction")}
        if any(value.strip() for value in row.values()):
            rows.append(row)
    return rows


def _reasons() -> list[tuple[str, str]]:
    return [(r.code, r.label_zh if is_chinese() else r.label_en) for r in reference.return_reasons(db())]


def _claim(row: Any) -> dict[str, Any] | None:
    claim = facts.open_assignment(db(), row)
    if claim is None:
        return None
    mine = claim.assignee_id == current_actor().user_id
    return {"mine": mine, "who": claim.assignee.display_name, "at": local_time(claim.claimed_at)}


def changes_since_last(view: Any, row: Any) -> list[dict[str, Any]]:
    """Old and new value of what differs from the submission before, and whether the return asked for it."""
    words, rules = view.targets(row), {rule.name: rule for rule in view.record_table}
    return [
        {
            "name": change.name,
            "label": words.get(change.name, change.name),
            "old": word(rules[change.name], change.old) if change.name in rules else change.old,
            "new": word(rules[change.name], change.new) if change.name in rules else change.new,
            "asked": change.asked,
        }
        for change in compare.since_last(db(), row)
    ]
