"""The administrator's acts that need a form: unlock, void, transfer. Drawn and decided like the review page."""

from datetime import datetime
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.domain.clock import SHANGHAI
from app.domain.errors import Invalid, Problem, Refused
from app.domain.terms import TERMS, Action, Kind
from app.security.here import now
from app.services import administration, calendar
from models.bureau import Bureau
from views.base import current_actor, db
from views.decisions import sent_version
from views.interface import as_key
from views.words import translate

UNLOCK_DAYS = 5


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
        version=sent_version(), now=now(),
    )  # fmt: skip


def _void(kind: Kind, row_id: int) -> None:
    reason, version = request.form.get("reason", ""), sent_version()
    administration.void(db(), current_actor(), kind, row_id, reason=reason, version=version, now=now())


def _transfer(kind: Kind, row_id: int) -> None:
    administration.transfer(
        db(), current_actor(), kind, row_id,
        bureau_id=as_key(request.form.get("bureau_id")), reason=request.form.get("reason", ""),
        version=sent_version(), now=now(),
    )  # fmt: skip


ACTS = {Action.UNLOCK: _unlock, Action.VOID: _void, Action.TRANSFER: _transfer}


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
