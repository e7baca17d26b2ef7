"""通知模板: every notice there is with its text in force; an administrator words it within the rules."""

from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.errors import Conflict, NotFound, Refused
from app.domain.fields.notice import NOTICE_TEXT
from app.domain.notices import FILLED_IN, NOTICES, OCCASIONS, placeholders, sample_of, segments, wording_fault
from app.domain.permissions import root_may
from app.security.here import now
from app.services import notice_templates, upkeep
from views.base import TrustedBaseView, current_actor, db
from views.cells import local_time
from views.editing import NOT_SAVED, attempt, tell_saved
from views.forms import RuleForm
from views.interface import as_key
from views.words import translate

FORM = RuleForm.of(NOTICE_TEXT)


class NoticeTemplateView(TrustedBaseView):
    """/noticetemplates: one page per event, by its name."""

    route_base = "/noticetemplates"
    class_permission_name = "notice_templates"
    default_view = "list"

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        self.update_redirect()
        return self.render_template(
            "pages/reference/notices.html", title=_("通知模板"), view=self,
            wordings=notice_templates.all_wordings(db(), current_actor()),
        )  # fmt: skip

    @expose("/show/<event>")
    @has_access
    def show(self, event: str) -> Any:
        self.update_redirect()
        return self.render_template("pages/reference/notice.html", view=self, **self._told(self._find(event)))

    @expose("/edit/<event>", methods=["GET", "POST"])
    @has_access
    def edit(self, event: str) -> Any:
        wording = self._find(event)
        form = FORM()
        form.offer()
        if request.method == "POST":
            return self._save(form, wording)
        self.update_redirect()
        refusal = upkeep.refusal(current_actor(), self.class_permission_name, "edit")
        if refusal:
            flash(translate(refusal), "warning")
            return redirect(f"{self.route_base}/show/{event}")
        form.text.data, form.version.data = wording.text, str(wording.version)
        return self._page(form, wording, 200)

    @expose("/restore/<event>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def restore(self, event: str) -> Any:
        self._find(event)
        try:
            notice_templates.restore(db(), current_actor(), event, now=now())
        except Refused as refusal:
            flash(translate(refusal.sentence), "warning")
        else:
            flash(_("已恢复默认文字。"), "success")
        return redirect(f"{self.route_base}/show/{event}")

    def _save(self, form: Any, wording: notice_templates.Wording) -> Any:
        event = wording.notice.event
        if request.form.get("preview"):
            return self._page(form, wording, 200)
        try:
            saved = attempt(form, lambda: self._change(event, form))
        except Conflict as conflict:
            flash(translate(conflict.sentence), "danger")
            fresh = self._find(event)
            form.version.data, form.theirs = str(fresh.version), fresh.text
            return self._page(form, fresh, 409)
        if saved is None:
            return self._page(form, self._find(event), NOT_SAVED)
        tell_saved(_("已保存，下一条通知起使用。"))
        return redirect(f"{self.route_base}/show/{event}")

    def _change(self, event: str, form: Any) -> bool:
        version = as_key(form.version.data) or 0
        notice_templates.change(db(), current_actor(), event, form.raw(), version, now=now())
        return True

    def _find(self, event: str) -> notice_templates.Wording:
        try:
            return notice_templates.wording_of(db(), current_actor(), event)
        except NotFound:
            abort(404)

    def _page(self, form: Any, wording: notice_templates.Wording, code: int) -> Any:
        told = self._told(wording, form.text.data or "")
        return make_response(
            self.render_template("pages/reference/notice_edit.html", form=form, view=self, **told), code
        )

    def _told(self, wording: notice_templates.Wording, text: str | None = None) -> dict[str, Any]:
        """What the page says about a wording: when it is sent, what may be filled in, how it reads."""
        event = wording.notice.event
        text = wording.text if text is None else text
        fits = wording_fault(event, text) is None
        sample = sample_of(event, text) if fits else None
        return {
            "title": occasion(event),
            "wording": wording,
            "offered": [(name, _(FILLED_IN[name][0]), FILLED_IN[name][1]) for name in placeholders(event)],
            "sample": sample,
            "sample_length": len(sample or ""),
            "sms_count": segments(sample) if sample else 0,
            "default": NOTICES[event].text,
        }

    # What the pages ask ----------------------------------------------------------------------------------

    def may_edit(self) -> bool:
        return root_may(current_actor().is_root, self.class_permission_name, "edit")

    def occasion(self, event: str) -> str:
        return occasion(event)

    def when(self, instant: Any) -> str:
        return local_time(instant)


def occasion(event: str) -> str:
    """When the notice is sent, in words."""
    return _(OCCASIONS[event]) if event in OCCASIONS else event
