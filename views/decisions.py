"""Decisions that need a form: approve and return on the review page, unlock, void and transfer by the administrator."""

from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.errors import Conflict, Invalid, Refused, say
from app.domain.permissions import may
from app.domain.terms import TERMS, Action, Kind
from app.domain.workflow import Refusal
from app.security.here import now
from app.services import (
    approved,
    compare,
    corrections,
    duplicates,
    lifecycle,
    lookups,
    originals,
    reference,
    review,
    snapshot,
)
from app.services.returns import ITEM_LIMIT, Item
from views.acting import with_form
from views.base import current_actor, db
from views.cells import local_time
from views.forms import word
from views.interface import as_key
from views.words import in_language, translate

BLANK_ROWS = 1


class DecidesRecords:
    """Mixin of the record views: GET draws the page, POST takes the decision; both want the row in scope."""

    review_template = "records/review.html"

    @action("claim", TERMS[Action.CLAIM], None, None)
    def claim(self, item: Any) -> None:
        view: Any = self
        review.claim(db(), current_actor(), view.kind, item.id, now=now())

    @action("release", TERMS[Action.RELEASE], None, None)
    def release(self, item: Any) -> None:
        view: Any = self
        review.release(db(), current_actor(), view.kind, item.id, now=now())

    @action("return", TERMS[Action.RETURN], None, None)
    @with_form
    def return_(self, item: Any) -> Any:
        return redirect(f"{self.route_base}/return/{item.id}")  # type: ignore[attr-defined]

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

    def seen_of(self, item: Any) -> int | None:
        """What a list shows of the row: a bulk decision names the snapshot, too."""
        return item.submission_id  # type: ignore[no-any-return]

    def seen_on_list(self, item: Any) -> int | None:
        """The snapshot that the list showed, as it came back with the tick."""
        return as_key(request.form.get(f"seen-{item.id}"))

    def _approve(self, row_id: int) -> None:
        view: Any = self
        corrects = approved.is_correction(view.scoped(row_id))
        done = review.approve(
            db(), current_actor(), view.kind, row_id,
            comment=request.form.get("comment", ""), version=sent_version(),
            submission_id=as_key(request.form.get("submission_id")), now=now(),
        )  # fmt: skip
        digits = done.project.number if done.project is not None else None
        if digits and corrects:
            flash(_("更正审核通过，编号 %(number)s 不变。", number=digits), "success")
        elif digits:
            flash(_("审核通过，已发号 %(number)s。", number=digits), "success")
        else:
            flash(_("审核通过。"), "success")

    def _return(self, row_id: int) -> None:
        view: Any = self
        items = sent_items()
        review.return_(
            db(), current_actor(), view.kind, row_id, items,
            comment=request.form.get("comment", ""), version=sent_version(),
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
                items=typed_items(),
                errors={problem.field: translate(problem.sentence) for problem in problems},
                reasons=return_reasons(),
                targets={name: label for name, label in view.targets(row).items() if corrections.opens(row, name)},
                corrects=approved.is_correction(row),
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
        words, lookalikes = view.targets(row), view.lookalikes(row) if hasattr(view, "lookalikes") else []
        may_go_on = may(current_actor().roles, "worklist", "list")
        return {
            "next_url": f"/worklist/next?kind={view.kind}&id={row.id}" if may_go_on else None,
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
            "originals_wanted": view.kind == Kind.PROJECT and originals.are_wanted(db(), row),
            "seen": originals.tally_of(db(), row) if view.kind == Kind.PROJECT else None,
            "changes": changes_since_last(view, row),
            "asked_last": compare.asked_last(db(), row),
            "lookalikes": lookalikes,
            "reachable": duplicates.within_reach(db(), current_actor(), lookalikes),
        }


def sent_version() -> int:
    """The state of the row that the form was drawn from; a form without one is out of date (FIELDS, Decisions)."""
    version = as_key(request.form.get("version"))
    if version is None:
        raise Conflict(say(lifecycle.CHANGED_MEANWHILE))
    return version


def sent_items() -> list[Item]:
    """The items of the return sheet."""
    return [Item(row["target"], row["reason_code"], row["instruction"]) for row in _typed()]


def typed_items() -> list[dict[str, str]]:
    """The rows of the return sheet to draw: as typed, or empty ones to begin with."""
    return _typed() or [{"target": "", "reason_code": "", "instruction": ""}] * BLANK_ROWS


def _typed() -> list[dict[str, str]]:
    """The rows of the return sheet as typed, in their order; wholly empty rows are not items."""
    rows = []
    for n in range(ITEM_LIMIT + 1):  # one more than may be sent, so that the service can say so
        row = {name: request.form.get(f"items-{n}-{name}", "") for name in ("target", "reason_code", "instruction")}
        if any(value.strip() for value in row.values()):
            rows.append(row)
    return rows


def return_reasons() -> list[tuple[str, str]]:
    return [(r.code, in_language(r)) for r in reference.return_reasons(db())]


def _claim(row: Any) -> dict[str, Any] | None:
    claim = lookups.around(db(), row).claim
    if claim is None:
        return None
    mine = claim.assignee_id == current_actor().user_id
    return {"mine": mine, "who": claim.who, "at": local_time(claim.claimed_at)}


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
