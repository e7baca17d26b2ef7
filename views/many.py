"""One form for many ticked rows: return, unlock, void, transfer. Every row is its own act, with its own answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.errors import Invalid, Problem, Refused
from app.domain.terms import TERMS, Action
from app.security import chosen
from app.security.chosen import Chosen
from app.security.here import now
from app.services import corrections, lifecycle, review, unsaved
from models.organization import Organization
from models.pending_act import PendingAct
from views.acting import Outcome, attempt, row_keys, tell
from views.administration import ACTS, INPUT_OF, beside_inputs, form_parts
from views.base import current_actor, db
from views.decisions import return_reasons, sent_items, typed_items
from views.words import translate


@dataclass(frozen=True)
class Result:
    """What came of one row: done, waits for a second person, or refused with its reason."""

    key: int
    name: str
    state: str
    reason: str = ""
    problems: tuple[Problem, ...] = ()  # those that the form can mend


class ActsOnMany:
    """Mixin of the record views, for actions that are marked `with_form`."""

    many_template = "records/act_many.html"
    done_template = "records/act_done.html"

    def run_with_form(self, act: Any, pks: list[str]) -> Any:
        """First the form for the rows that were ticked; when it comes back, the act on each of them."""
        step = Action(act.name)
        if chosen.FIELD in request.form:
            return self._act_on_chosen(step)
        view: Any = self
        rows = view._rows(row_keys(pks))
        roles = current_actor().roles
        closed = [(view.row_name(row), lifecycle.closed(view.kind, row.status, step, roles)) for row in rows]
        if all(sentence for _name, sentence in closed):
            tell(Outcome(refused=[(name, translate(sentence)) for name, sentence in closed if sentence]))
            return view.to_list()
        able = [row for row, (_name, sentence) in zip(rows, closed, strict=True) if not sentence]
        if step == Action.RETURN and not self._shared_targets(step, able):
            flash(_("勾选的记录没有可以一起退回的内容，请逐项退回。"), "warning")
            return view.to_list()
        picked = [Chosen(row.id, row.version, view.seen_on_list(row) or row.submission_id) for row in rows]
        return self._draw(step, rows, picked)

    @expose("/many/<step>", methods=["GET"])
    def many_again(self, step: str) -> Any:
        """The form for many rows that came after its session had ended, for the same rows."""
        view: Any = self
        act = view._action_named(step, single=False)
        row = unsaved.kept(db(), current_actor(), f"{view.route_base}/many/{act.name}")
        seal = row.entries.get(chosen.FIELD, [""])[0] if row is not None else ""
        picked = chosen.reopened(self._deed(Action(step)), seal) if step in set(Action) else None
        if picked is None:
            return view.to_list()
        return self._draw(Action(step), view._rows([one.key for one in picked]), picked)

    def _act_on_chosen(self, step: Action) -> Any:
        view: Any = self
        picked = chosen.opened(self._deed(step))
        if picked is None:
            flash(_("勾选的记录已经过期，请重新勾选。"), "warning")
            return view.to_list()
        rows = view._rows([row.key for row in picked])  # one out of reach, and nothing is done
        names = {row.id: view.row_name(row) for row in rows}
        results = [self._one(step, row, names[row.key]) for row in picked]
        mendable = next((result.problems for result in results if result.problems), ())
        if mendable and all(result.state == "refused" for result in results):
            rows = view._rows([row.key for row in picked])
            return make_response(self._draw(step, rows, picked, mendable), 422)
        return view.render_template(
            self.done_template, view=view, step=str(step), word=_(TERMS[step]), results=results, title=_(TERMS[step])
        )

    def _one(self, step: Action, row: Chosen, name: str) -> Result:
        """One row in a transaction of its own."""
        problems: list[Problem] = []

        def deed() -> Any:
            try:
                return self._perform(step, row)
            except Invalid as invalid:
                problems.extend(invalid.problems)
                raise
            except Refused as refusal:
                problems.extend([Problem(refusal.code, refusal.sentence)] if refusal.code in INPUT_OF else [])
                raise

        outcome, reason = attempt(deed)
        if reason:
            return Result(row.key, name, "refused", reason, tuple(problems))
        return Result(row.key, name, "waits" if isinstance(outcome, PendingAct) else "done")

    def _perform(self, step: Action, row: Chosen) -> Any:
        view: Any = self
        if step != Action.RETURN:
            return ACTS[step](view.kind, row.key, row.version)
        return review.return_(
            db(), current_actor(), view.kind, row.key, sent_items(),
            comment=request.form.get("comment", ""), version=row.version, submission_id=row.submission_id, now=now(),
        )  # fmt: skip

    def _draw(self, step: Action, rows: list[Any], picked: list[Chosen], problems: Sequence[Problem] = ()) -> Any:
        view: Any = self
        roles = current_actor().roles
        left_out = [(row, lifecycle.closed(view.kind, row.status, step, roles)) for row in rows]
        able = [row for row, sentence in left_out if not sentence]
        return view.render_template(
            self.many_template, view=view, step=str(step), word=_(TERMS[step]), title=_(TERMS[step]), rows=rows,
            chosen=chosen.sealed(self._deed(step), picked), errors=beside_inputs(tuple(problems)),
            left_out={row.id: translate(sentence) for row, sentence in left_out if sentence},
            numbered=sum(bool(getattr(row, "number", None)) for row in able),
            targets=self._shared_targets(step, able or rows), reasons=return_reasons(), items=typed_items(),
            comment=request.form.get("comment", ""), **form_parts(step, rows),
        )  # fmt: skip

    def _deed(self, step: Action) -> str:
        view: Any = self
        return f"{view.kind}:{step}"

    def _shared_targets(self, step: Action, rows: list[Any]) -> dict[str, str]:
        """Inputs and scans that may be named for every chosen record: looked up once per kind of paper, not per row."""
        view: Any = self
        if step not in (Action.RETURN, Action.UNLOCK):
            return {}
        model = view.datamodel.obj
        with_owner = selectinload(model.organization).selectinload(Organization.enterprise)
        loaded = db().scalars(select(model).where(model.id.in_([row.id for row in rows])).options(with_owner))
        examples = {_papers_of(row): row for row in loaded}.values()
        found = [view.targets_anew(row) if step == Action.RETURN else view.own_targets(row) for row in examples]
        shared = {name: word for name, word in found[0].items() if all(name in words for words in found)}
        if step == Action.UNLOCK:  # it opens anew, whatever was open before
            return shared
        return {name: word for name, word in shared.items() if all(corrections.opens(row, name) for row in rows)}


def _papers_of(row: Any) -> tuple[Any, ...]:
    """What decides which scans belong to a record."""
    owner = row.organization.enterprise
    return (getattr(owner, "unit_kind", None), bool(getattr(owner, "uscc", None)), bool(getattr(row, "number", None)))
