"""消息: what the organization was told, beside the SMS; newest first, read one by one or all at once."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.security.here import db, now
from app.services import inbox
from views.base import TrustedBaseView, current_actor
from views.cells import local_time
from views.interface import as_key

MOST_AT_ONCE = 200


class InboxView(TrustedBaseView):
    """/inbox/ of an applicant."""

    route_base = "/inbox"
    default_view = "index"
    class_permission_name = "inbox"
    method_permission_name = {"index": "list", "show": "list", "read": "list"}

    @expose("/")
    @has_access
    def index(self) -> Any:
        before = request.args.get("before")
        unread = request.args.get("unread") == "1"
        messages, has_older = inbox.page(db(), current_actor(), before=_key(before) if before else None, unread=unread)
        return self.render_template(
            "pages/inbox.html",
            title=_("消息"),
            messages=messages,
            has_older=has_older,
            is_first=not before,
            unread_only=unread,
            unread_count=inbox.unread_count(db(), current_actor()),
            local_time=local_time,
        )

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> Any:
        """One message; it counts as read when its reader says so."""
        return self.render_template(
            "pages/inbox_message.html",
            title=_("消息"),
            message=inbox.message(db(), current_actor(), _key(pk)),
            local_time=local_time,
        )

    @expose("/read", methods=["POST"])
    @has_access
    def read(self) -> Response:
        """Mark the messages `message` read, or with `all` every one."""
        chosen = [_key(text) for text in request.form.getlist("message")]
        if len(chosen) > MOST_AT_ONCE:
            abort(400)
        everything = bool(request.form.get("all"))
        if chosen or everything:
            self._mark(None if everything else chosen)
        else:
            flash(_("没有勾选消息，请先勾选。"), "warning")
        return redirect("/inbox/?unread=1" if request.form.get("unread") == "1" else "/inbox/")

    def _mark(self, chosen: list[int] | None) -> None:
        count = inbox.mark_read(db(), current_actor(), chosen, now=now())
        if count:
            flash(_("已标为已读：%(count)s 条。", count=count), "success")
        else:
            flash(_("没有未读消息，无需标为已读。"), "info")


def _key(text: str) -> int:
    return as_key(text) or abort(404)
