"""The counter (窗口核验): find a project, check its originals, record the letter, hand the number over."""

from datetime import date
from typing import Any

from flask import abort, current_app, flash, make_response, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from app.domain.clock import local_date
from app.domain.errors import Invalid, Refused, say
from app.domain.fields.mandate import MANDATE
from app.domain.terms import OriginalResult
from app.scope import fetch
from app.security.here import now, scan_limits
from app.services import counter, counter_queue, mandate
from app.services.lifecycle import CHANGED_MEANWHILE
from models.project import Project
from views import counter_log, once
from views.base import TrustedBaseView, current_actor, db
from views.cells import local_time
from views.counter_desk import Desk, Typed, desk_of
from views.forms import RuleForm
from views.interface import as_key
from views.query import check_arguments
from views.words import translate

KEPT = "desk"  # what was marked on the desk while a letter was being recorded
MOST_KEPT = 1500  # characters: the cookie that carries them is small

MandateForm = RuleForm.of(MANDATE)


class CounterView(TrustedBaseView):
    """窗口核验 and 领取."""

    route_base = "/counter"
    default_view = "list"
    class_permission_name = "counter"

    @expose("/", methods=["GET"])
    @has_access
    def list(self) -> Any:
        """Search, or what waits; a single hit opens its desk."""
        check_arguments()
        actor, wanted = current_actor(), request.args.get("q", "").strip()
        self.update_redirect()
        if not wanted:
            to_check = counter_queue.to_check(db(), actor)
            return self._find_page("", to_check=to_check, to_hand_over=counter_queue.to_hand_over(db(), actor))
        found = counter.find(db(), actor, wanted)
        if len(found) == 1:
            return redirect(url_for(f"{self.endpoint}.desk", pk=found[0].id))
        return self._find_page(wanted, found=counter_queue.lines(db(), found), limit=counter.FIND_LIMIT)

    def _find_page(self, wanted: str, **lists: Any) -> Any:
        return self.render_template(
            "pages/counter_find.html", title=_("窗口核验"), q=wanted, local_time=local_time, **lists
        )

    @expose("/log/", methods=["GET"])
    @has_access
    @permission_name("list")
    def log(self) -> Any:
        """窗口日志 of a day; today's unless another is asked for."""
        check_arguments()
        return self.render_template("pages/counter_log.html", title=_("窗口日志"), **counter_log.page(_day("")))

    @expose("/log/<day>", methods=["GET"])
    @has_access
    @permission_name("list")
    def log_paper(self, day: str) -> Any:
        """The same as PDF, to be filed."""
        return counter_log.paper(_day(day))

    @expose("/<pk>", methods=["GET"])
    @has_access
    @permission_name("list")
    def desk(self, pk: str) -> Any:
        """One project on the desk."""
        check_arguments()
        project = self._project(pk)
        self.update_redirect()
        return self._draw(project, _kept(project.id))

    @expose("/<pk>/mandate", methods=["POST"])
    @has_access
    @permission_name("check")
    @once.makes_a_row
    def mandate(self, pk: str) -> Any:
        """Record the letter that the agent brought."""
        project = self._project(pk)
        key, owner, typed = project.id, project.organization_id, Typed.of(request.form)
        form, storage = MandateForm(), current_app.extensions["yht"].storage
        try:
            letter = mandate.add(
                db(), current_actor(), storage, owner, form.raw(), frozenset(typed.stamps), _scan(),
                limits=scan_limits(), letter_code=typed.letter_code, now=now(),
            )  # fmt: skip
        except (Invalid, Refused, StaleDataError) as trouble:
            return self._again(key, typed, form, trouble)
        _keep(key, typed, letter.id)
        flash(_("委托书已登记，请继续核对原件。"), "success")
        return self._to_desk(key)

    @expose("/<pk>/originals", methods=["POST"])
    @has_access
    @permission_name("check")
    @once.makes_a_row
    def originals(self, pk: str) -> Any:
        """Record what was seen; a mismatch returns the project."""
        key, typed = self._project(pk).id, Typed.of(request.form)
        try:
            findings = typed.findings()
            counter.check_originals(
                db(), current_actor(), key, as_key(typed.mandate_id), findings,
                presented_by=typed.presented_by, now=now(),
            )  # fmt: skip
        except (Invalid, Refused, StaleDataError) as trouble:
            return self._again(key, typed, MandateForm(), trouble)
        unmatched = sum(finding.result != OriginalResult.MATCH for finding in findings.values())
        if unmatched:
            flash(_("项目已当场退回，共 %(count)s 项，已短信告知单位。", count=unmatched), "warning")
        else:
            flash(_("原件核验完成，可以打印回执。"), "success")
        return self._to_desk(key)

    @expose("/<pk>/hand_over", methods=["POST"])
    @has_access
    def hand_over(self, pk: str) -> Any:
        """Hand the number over."""
        key, typed = self._project(pk).id, Typed.of(request.form)
        letter = as_key(typed.mandate_id)
        try:
            counter.hand_over(db(), current_actor(), key, received_by=typed.received_by, mandate_id=letter, now=now())
        except (Invalid, Refused, StaleDataError) as trouble:
            return self._again(key, typed, MandateForm(), trouble)
        flash(_("编号已领取。"), "success")
        return self._to_desk(key)

    # The page ------------------------------------------------------------------------------------

    def _project(self, pk: str) -> Project:
        """The project, or 404; a draft is not the counter's yet."""
        project = fetch(db(), current_actor(), Project, as_key(pk))
        if project.status not in counter.AT_THE_COUNTER:
            abort(404)
        return project

    def _to_desk(self, key: int) -> Any:
        return redirect(url_for(f"{self.endpoint}.desk", pk=key))

    def _again(self, key: int, typed: Typed, form: RuleForm, trouble: Exception) -> Any:
        """The desk with everything as it was typed, and what is wrong with it."""
        db().rollback()
        if isinstance(trouble, Invalid):
            return make_response(self._draw(self._project(str(key)), typed, form, trouble), 200)
        sentence = trouble.sentence if isinstance(trouble, Refused) else say(CHANGED_MEANWHILE)
        flash(translate(sentence), "danger")
        return make_response(self._draw(self._project(str(key)), typed, form), 409)

    def _draw(
        self, project: Project, typed: Typed, form: RuleForm | None = None, trouble: Invalid | None = None
    ) -> Any:
        desk: Desk = desk_of(project, typed, form or MandateForm(formdata=None), trouble, is_new=form is None)
        return self.render_template(
            "pages/counter.html", title=_("窗口核验"), desk=desk, project=project, local_time=local_time
        )


def _day(text: str) -> date:
    """A day of the calendar; 404 for what is none in an address, today for what is none in a form."""
    try:
        return date.fromisoformat(text or request.args.get("day", ""))
    except ValueError:
        return abort(404) if text else local_date(now())


def _scan() -> tuple[Any, str] | None:
    """The uploaded letter, if a file was chosen."""
    sent = request.files.get("mandate")
    return (sent.stream, sent.filename) if sent and sent.filename else None


def _keep(key: int, typed: Typed, letter_id: int) -> None:
    """Carry the marks over the redirect: the clerk may have begun with the originals."""
    results = {str(n): result for n, result in typed.results.items() if result in set(OriginalResult)}
    notes = {str(n): note for n, note in typed.notes.items() if note.strip()}
    if sum(map(len, notes.values())) > MOST_KEPT:
        notes = {}
    session[KEPT] = {"project": key, "mandate": letter_id, "results": results, "notes": notes}


def _kept(key: int) -> Typed:
    """The marks of this desk, once."""
    kept = session.pop(KEPT, None)
    if not isinstance(kept, dict) or kept.get("project") != key:
        return Typed()
    results = {int(n): result for n, result in kept["results"].items()}
    notes = {int(n): note for n, note in kept["notes"].items()}
    return Typed(mandate_id=str(kept["mandate"]), results=results, notes=notes)
