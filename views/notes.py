"""内部备注 on the record views: a page of a case's notes for staff, and the form for another."""

from typing import Any

from flask import flash, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.permissions import may
from app.domain.terms import Kind
from app.security.here import now
from app.services import lookups, notes
from views import once
from views.base import current_actor, db
from views.cells import local_time
from views.words import translate


class KeepsNotes:
    """Mixin of the record views: `/notes/<pk>`."""

    kind: Kind
    route_base: str

    @expose("/notes/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("note")
    @once.makes_a_row
    def notes(self, pk: str) -> Any:
        """Read them; write another, which stays typed when it cannot be kept."""
        view: Any = self
        row = view.scoped(pk)
        if request.method == "GET":
            return self._draw_notes(row)
        key = row.id
        try:
            notes.add(db(), current_actor(), self.kind, key, request.form.get("note", ""), now=now())
        except Invalid as invalid:
            db().rollback()
            return make_response(self._draw_notes(view.scoped(key), translate(invalid.problems[0].sentence)), 422)
        flash(_("备注已保存，只有工作人员能看到。"), "success")
        return redirect(f"{self.route_base}/notes/{key}")

    def notes_of(self, item: Any) -> dict[str, Any] | None:
        """For the record's page: how many there are and where; nothing for whoever builds."""
        if not may(current_actor().roles, notes.RESOURCES[self.kind], "note"):
            return None
        return {"count": lookups.around(db(), item).note_count, "url": f"{self.route_base}/notes/{item.id}"}

    def _draw_notes(self, row: Any, error: str = "") -> Any:
        view: Any = self
        told = [
            {"id": note.id, "at": local_time(note.written_at), "who": note.written_by.display_name, "text": note.text}
            for note in notes.of_record(db(), current_actor(), row)
        ]
        return view.render_template(
            "records/notes.html", title=_("内部备注"), item=row, notes=told, error=error, view=view,
            typed=request.form.get("note", "") if error else "",
        )  # fmt: skip
