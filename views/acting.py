"""Actions on rows: POST only, every row in scope or nothing at all, one service call and one answer per row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import N_
from app.security import chosen
from app.security.actor import signed_in_user
from app.security.here import db
from models.engine import was_thrown_out
from views.interface import as_key
from views.navigation import came_from
from views.words import translate

MOST_ROWS = 500
REASONS_SHOWN = 10
LONGEST_NAME = 40
NONE_CHOSEN = N_("没有勾选记录，什么都没有办理。请先勾选。")
GONE = N_("这条记录已不存在，或不在您的办理范围。")
AWAY = N_("系统暂时繁忙，没有办理，请稍后再试。")
OVERTAKEN = N_("这条记录刚被别人修改，没有办理。")


def on_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark an action that takes all chosen rows at once and answers itself (an export)."""
    function._takes_rows = True  # type: ignore[attr-defined]
    return function


def with_form(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark an action that needs a form: on one row it leads there, for many the view draws one (views/many.py)."""
    function._has_form = True  # type: ignore[attr-defined]
    return function


@dataclass
class Outcome:
    """What came of a bulk action, row by row."""

    done: dict[str, int] = field(default_factory=dict)  # what it was called, how often
    refused: list[tuple[str, str]] = field(default_factory=list)  # name of the row, reason


class RunsActions:
    """Mixin: FAB's two action routes. An action method takes one row; it raises Refused, Invalid or NotFound."""

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    def action(self, name: str, pk: str) -> Any:
        return self._run(name, [pk], single=True)

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> Any:
        return self._run(request.form.get("action", ""), request.form.getlist("rowid"), single=False)

    def row_name(self, item: Any) -> str:
        """What a message calls the row."""
        return str(getattr(item, "name", None) or item.id)

    def _run(self, name: str, pks: list[str], *, single: bool) -> Any:
        act = self._action_named(name, single=single)  # type: ignore[misc]
        has_form = not single and getattr(act.func, "_has_form", False)
        comes_back = has_form and chosen.FIELD in request.form  # the form for many rows names them sealed
        if not pks and not comes_back:
            flash(_(NONE_CHOSEN), "warning")
            return self.to_list()  # type: ignore[attr-defined]
        if has_form:
            return self.run_with_form(act, pks)  # type: ignore[attr-defined]
        keys = row_keys(pks)
        rows = self._rows(keys)
        if getattr(act.func, "_takes_rows", False):
            return act.func(rows)
        if single:
            return self._act_once(act, rows[0])
        return self._act_on_each(act, [(row.id, self.row_name(row)) for row in rows])

    def _action_named(self, name: str, *, single: bool) -> Any:
        view: Any = self
        act = view.actions.get(name)
        if act is None or not (act.single if single else act.multiple):
            abort(404)
        if signed_in_user() is None:
            abort(redirect(view.appbuilder.get_url_for_login))
        if not view.appbuilder.sm.has_access(view.get_action_permission_name(name), view.class_permission_name):
            abort(403)
        return act

    def _rows(self, keys: list[int]) -> list[Any]:
        """All rows in scope, in the order asked for; one missing and there are none (404)."""
        view: Any = self
        query = db().query(view.datamodel.obj).filter(view.datamodel.get_pk().in_(keys))
        found = {row.id: row for row in view.datamodel.apply_filters(query, view._base_filters)}
        if len(found) != len(keys):
            abort(404)
        return [found[key] for key in keys]

    def _act_once(self, act: Any, row: Any) -> Any:
        view: Any = self
        key, word = row.id, self.act_word(act, row)
        answer, reason = attempt(lambda: act.func(row))
        if isinstance(answer, Response):
            return answer
        if reason:
            flash(reason, "danger")
        else:
            flash(_("已办理：%(act)s。", act=word), "success")
        sent_from = came_from() or ""
        if view.find(key) is not None or urlsplit(sent_from).path.endswith(("/list/", "/worklist/")):
            return redirect(view.get_redirect())
        return view.to_list()

    def _act_on_each(self, act: Any, chosen: list[tuple[int, str]]) -> Any:
        view: Any = self
        outcome = Outcome()
        for key, name in chosen:
            row = view.find(key)  # each act commits, so each row is read in its own transaction
            word = self.act_word(act, row)
            reason = attempt(lambda row=row: act.func(row))[1] if row is not None else _(GONE)
            if reason:
                outcome.refused.append((name, reason))
            else:
                outcome.done[word] = outcome.done.get(word, 0) + 1
        tell(outcome)
        return view.to_list()

    def act_word(self, act: Any, item: Any) -> str:
        """What the act is called on this row."""
        return str(act.text)


def row_keys(pks: list[str]) -> list[int]:
    """The row keys, each once; 400 for none or too many, 404 for what cannot be one."""
    if not pks or len(pks) > MOST_ROWS:
        abort(400)
    keys = [as_key(pk) for pk in dict.fromkeys(pks)]
    if None in keys:
        abort(404)
    return list(dict.fromkeys(key for key in keys if key is not None))


def attempt(deed: Callable[[], Any]) -> tuple[Any, str | None]:
    """Call the service; what it answers, or why it refuses, with nothing half done.

    A service is one transaction: one that another threw out has done nothing, and is called once more.
    """
    try:
        return _once_more(deed), None
    except Refused as refusal:
        reason = translate(refusal.sentence)
    except Invalid as invalid:
        reason = " ".join(translate(problem.sentence) for problem in invalid.problems)
    except (NotFound, ObjectDeletedError):
        reason = _(GONE)
    except (StaleDataError, IntegrityError):
        reason = _(OVERTAKEN)
    except OperationalError:
        reason = _(AWAY)
    db().rollback()
    return None, reason


def _once_more(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    except OperationalError as thrown_out:
        db().rollback()
        if not was_thrown_out(thrown_out):
            raise
        return deed()


def tell(outcome: Outcome) -> None:
    """One line for what was done, one per refused row; the cookie that carries them is small."""
    for word, count in outcome.done.items():
        flash(_("已办理 %(count)s 项：%(act)s。", count=count, act=word), "success")
    for name, reason in outcome.refused[:REASONS_SHOWN]:
        flash(_("「%(name)s」没有办理：%(reason)s", name=name[:LONGEST_NAME], reason=reason), "warning")
    rest = len(outcome.refused) - REASONS_SHOWN
    if rest > 0:
        flash(_("另有 %(count)s 项没有办理，请逐项打开查看原因。", count=rest), "warning")
