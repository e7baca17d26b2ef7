"""What is typed into a record's form is kept a few seconds later, and offered when the form is opened again (暂存)."""

from typing import Any

from flask import jsonify, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_wtf.csrf import generate_csrf

from app.domain.errors import Refused
from app.security.here import now
from app.services import unsaved
from models.unsaved_entry import UnsavedEntry
from views.base import current_actor, db
from views.cells import local_time
from views.words import translate

LIKE = "like"  # in the address of a new record's form: the key of the earlier one that it is begun with
OF = "of"  # beside a form: the key of the record that the form belongs to
ANSWERS = "items-"  # what the inputs of the return sheet begin with


class KeepsUnsaved:
    """Mixin for record views: `/unsaved` takes a form as it stands, gives it back, and forgets it."""

    def source(self) -> Any:
        """The earlier record that the address of a new one's form names; 404 for one out of reach."""
        key, view = request.args.get(LIKE), self
        return view.scoped(key) if key is not None else None  # type: ignore[attr-defined]

    def beside(self, item: Any) -> str:
        """What the addresses beside a form end in: which record it belongs to, or which one it is begun with."""
        source = self.source() if item is None else None
        if item is not None:
            return f"?{OF}={item.id}"
        return f"?{LIKE}={source.id}" if source is not None else ""

    def unsaved_url(self, item: Any) -> str:
        """Where a form keeps what is typed."""
        view: Any = self
        return f"{view.route_base}/unsaved{self.beside(item)}"

    def unsaved_form(self, item: Any) -> str:
        """The address of the form itself: what is kept is kept under it."""
        view: Any = self
        if item is not None:
            return f"{view.route_base}/edit/{item.id}"
        return f"{view.route_base}/add{self.beside(None)}"

    def unsaved_since(self, item: Any) -> str:
        """When something was kept that the form about to be drawn does not show; nothing for a form sent back."""
        if request.method != "GET":
            return ""
        row = unsaved.kept(db(), current_actor(), self.unsaved_form(item))
        return local_time(row.kept_at) if row and row.sent_to is None else ""  # what was sent is put back unasked

    def forget_unsaved(self, item: Any) -> None:
        """The form was saved."""
        unsaved.drop(db(), current_actor(), self.unsaved_form(item))

    @expose("/unsaved", methods=["GET"])
    @has_access
    @permission_name("edit")
    def unsaved(self) -> Any:
        """What is kept, and the token of this session: a page that outlived its own goes on with it."""
        row = unsaved.kept(db(), current_actor(), self.unsaved_form(self.record_of_form()))
        return jsonify(token=generate_csrf(), **_told(row))

    @expose("/unsaved", methods=["POST"])
    @has_access
    @permission_name("edit")
    def keep_unsaved(self) -> Any:
        """Keep the form as it stands."""
        view: Any = self
        form, taken = self.unsaved_form(self.record_of_form()), {*view.record_table.names, "version", "base"}
        named = {name: values for name, values in request.form.lists() if name in taken or name.startswith(ANSWERS)}
        try:
            unsaved.keep(db(), current_actor(), form, named, now=now())
        except Refused as refusal:
            return jsonify(problem=translate(refusal.sentence)), 422
        return jsonify(kept_at=local_time(now()))

    @expose("/unsaved/drop", methods=["POST"])
    @has_access
    @permission_name("edit")
    def drop_unsaved(self) -> Any:
        """Want none of it; the form opens as it was saved."""
        form = self.unsaved_form(self.record_of_form())
        unsaved.drop(db(), current_actor(), form)
        return redirect(form)

    def record_of_form(self) -> Any:
        """The record that the address of a form's neighbour names, or None for a new one; 404 out of reach."""
        view: Any = self
        key = request.args.get(OF)
        return view.scoped(key) if key is not None else None


def _told(row: UnsavedEntry | None) -> dict[str, Any]:
    return {"kept_at": local_time(row.kept_at), "entries": row.entries} if row else {"kept_at": None, "entries": None}
