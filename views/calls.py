"""来电查询: find who is on the telephone, see what they see, help from there, note the call."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.permissions import may
from app.domain.terms import N_, TERMS
from app.scope import fetch
from app.security.here import now
from app.services import account_requests, calls, reset
from models.organization import Organization
from models.types import mask_mobile
from views import once
from views.accounts.acts import forgive, is_counted_out, is_locked
from views.accounts.users import state_of
from views.base import TrustedBaseView, current_actor, db
from views.cells import local_time
from views.home import of_applicant
from views.interface import as_key
from views.query import check_arguments
from views.registers.notices import event_word, sent, state_label
from views.words import translate

RESENT, UNLOCKED = N_("短信已重新排队发送。"), N_("账号已解除锁定。")


class CallView(TrustedBaseView):
    """/calls/."""

    route_base = "/calls"
    default_view = "list"
    class_permission_name = "calls"

    @expose("/", methods=["GET"])
    @has_access
    def list(self) -> Any:
        """Search; a single hit opens at once."""
        check_arguments()
        wanted = request.args.get("q", "").strip()
        found = calls.find(db(), current_actor(), wanted)
        if len(found) == 1:
            return redirect(f"{self.route_base}/{found[0].id}")
        return self.render_template(
            "pages/calls.html", title=_("来电查询"), q=wanted, found=found, limit=calls.FIND_LIMIT
        )

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Any:
        """One organization: account, last error, messages, calls, and its own page read-only."""
        check_arguments()
        return self._draw(self._unit(pk))

    @expose("/<pk>/note", methods=["POST"])
    @has_access
    @once.makes_a_row
    def note(self, pk: str) -> Any:
        """Note the call; what was typed stays when it cannot be kept."""
        key = self._unit(pk).id
        try:
            calls.note(db(), current_actor(), key, request.form.get("note", ""), now=now())
        except Invalid as invalid:
            db().rollback()
            return make_response(self._draw(self._unit(str(key)), translate(invalid.problems[0].sentence)), 422)
        flash(_("来电已记录，只有工作人员能看到。"), "success")
        return redirect(f"{self.route_base}/{key}")

    @expose("/<pk>/resend", methods=["POST"])
    @has_access
    def resend(self, pk: str) -> Any:
        """重发 one of its messages."""
        key, wanted = self._unit(pk).id, as_key(request.form.get("message"))
        return self._help(key, RESENT, lambda: calls.resend(db(), current_actor(), key, wanted, now=now()))

    @expose("/<pk>/unlock", methods=["POST"])
    @has_access
    def unlock(self, pk: str) -> Any:
        """解除锁定 of its account."""
        key = self._unit(pk).id
        return self._help(key, UNLOCKED, lambda: _unlock(key))

    def _help(self, key: int, said: str, service: Callable[[], Any]) -> Any:
        try:
            service()
        except Refused as refusal:
            db().rollback()
            flash(translate(refusal.sentence), "warning")
        else:
            flash(_(said), "success")
        return redirect(f"{self.route_base}/{key}")

    def _unit(self, pk: str) -> Organization:
        return fetch(db(), current_actor(), Organization, as_key(pk))

    def _draw(self, unit: Organization, error: str = "") -> Any:
        actor = current_actor()
        seen = calls.page_of(db(), actor, unit, now=now())
        return self.render_template(
            "pages/call.html", title=_("来电查询"), unit=unit, error=error,
            typed=request.form.get("note", "") if error else "",
            accounts=[_account(one) for one in reset.accounts_read(db(), unit)],
            last_error=calls.last_error(db(), actor, unit),
            messages=[_message(row) for row in calls.sent(db(), actor, unit)],
            notes=calls.notes(db(), actor, unit), contact_mobile=mask_mobile(unit.contact_mobile), at=local_time,
            requests=_requests(unit), can={verb: may(actor.roles, "calls", verb) for verb in ("resend", "unlock")},
            **of_applicant(seen),
        )  # fmt: skip


def _account(user: Any) -> dict[str, Any]:
    """How the account stands, and whether it is locked now."""
    return {"name": user.username, "state": state_of(user), "is_locked": is_locked(user) or is_counted_out(user)}


def _unlock(key: int) -> None:
    """The service, and the tries that are counted beside the database."""
    users = reset.accounts_read(db(), fetch(db(), current_actor(), Organization, key))
    calls.unlock(db(), current_actor(), key, now=now(), is_counted_out=any(is_counted_out(one) for one in users))
    for one in users:
        forgive(one)


def _message(row: Any) -> dict[str, Any]:
    """One message as it may be read, codes covered."""
    text, mobile = sent(row)
    over = row.expires_at is not None and row.expires_at <= now()
    return {
        "id": row.id, "event": event_word(row.dedup_key), "text": text, "mobile": mobile,
        "at": local_time(row.created_at), "state": state_label(row.status), "status": row.status, "is_over": over,
    }  # fmt: skip


def _requests(unit: Organization) -> Any:
    """What a clerk may take in from here: 密码重置, 代码认领."""
    return [
        {"label": _(TERMS[kind]), "url": f"/accountrequests/{kind}/{unit.id}"}
        for kind in account_requests.AT_THE_COUNTER
        if account_requests.why_not(db(), current_actor(), kind, unit) is None
    ]
