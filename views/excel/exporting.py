"""导出 on a list: the whole list as it is narrowed and ordered, or the ticked rows; long ones go to the background."""

import io
from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, request, send_file, session
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import get_locale, gettext, lazy_gettext
from flask_babel import gettext as _

from app.domain.clock import local_date
from app.domain.errors import Refused
from app.listing import Condition
from app.security.actor import current_actor
from app.security.here import db, now
from app.services import export
from app.services.export import Wanted
from reports import list_words
from reports.list_columns import LISTS
from reports.list_words import Words
from views.acting import on_rows
from views.query import check_arguments
from views.words import is_chinese, translate

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAITING = "exports_waiting"  # in the browser's session: jobs whose end its pages will tell
MOST_COLUMNS = 60


class ExportsRows:
    """Mixin of list views: `export_kind` names one of reports.list_columns.LISTS."""

    export_kind: str

    def export_url(self) -> str | None:
        """The page that asks for columns, carrying the list's conditions; None for those who may not export."""
        view: Any = self
        if not view.appbuilder.sm.has_access("can_export", view.class_permission_name):
            return None
        asked = request.query_string.decode()
        return f"{view.route_base}/export" + (f"?{asked}" if asked else "")

    @expose("/export", methods=["GET", "POST"])
    @has_access
    @permission_name("export")
    def export_list(self) -> Any:
        """Choose columns, then get the workbook, or have it written in the background."""
        check_arguments()
        if request.method == "POST":
            return self._export(self._wanted(columns=request.form.getlist("columns")[:MOST_COLUMNS]))
        view: Any = self
        kind = LISTS[self.export_kind]
        rows = export.count(db(), current_actor(), self._wanted())
        return view.render_template(
            "excel/export.html", title=_("导出%(list)s", list=gettext(kind.title)), kind=kind, view=view, count=rows,
            at_once=export.AT_ONCE, address=request.full_path.rstrip("?"), back=view.list_url(),
        )  # fmt: skip

    @action("export", lazy_gettext("导出"), None, None, single=False)
    @on_rows
    def export(self, rows: Sequence[Any]) -> Any:
        """The ticked rows with the usual columns, at once."""
        return self._export(self._wanted(keys=[row.id for row in rows]))

    def row_can(self, item: Any) -> list[str]:
        """The acts that the bulk bar may count this row for: any row can be exported."""
        others = getattr(super(), "row_can", None)
        return [*(others(item) if others else ()), "export"]

    def export_conditions(self) -> list[Condition]:
        """What narrows the list, as plain data that a job can carry."""
        view: Any = self
        conditions: list[Condition] = view.asked_filters()
        return conditions

    def _wanted(self, *, columns: Sequence[str] = (), keys: Sequence[int] | None = None) -> Wanted:
        view: Any = self
        conditions = [] if keys is not None else self.export_conditions()
        view_order = view.order_of(view.asked(), conditions)
        return Wanted(
            kind=self.export_kind, conditions=tuple(conditions), keys=None if keys is None else tuple(keys),
            order=view_order.column.key, is_falling=view_order.is_falling, columns=tuple(columns),
            language=str(get_locale() or "zh"),
        )  # fmt: skip

    def _export(self, wanted: Wanted) -> Any:
        actor = current_actor()
        file = io.BytesIO()
        try:
            written = export.at_once(db(), actor, wanted, file, words(), now=now())
            if written is None:
                return self._in_background(wanted)
        except Refused as refusal:
            db().rollback()
            flash(translate(refusal.sentence), "danger")
            return redirect("/exports/")
        file.seek(0)
        name = f"{gettext(wanted.list_kind.title)}_{local_date(now()):%Y%m%d}.xlsx"
        answer = make_response(send_file(file, mimetype=WORKBOOK, as_attachment=True, download_name=name))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _in_background(self, wanted: Wanted) -> Any:
        job = export.queue(db(), current_actor(), wanted, now=now())
        session[WAITING] = [*session.get(WAITING, []), job.id][-10:]
        flash(_("导出已在后台进行，完成后会在这里提示。"), "success")
        return redirect("/exports/")


def words() -> Words:
    """What the reader at hand reads."""
    return list_words.load(db(), gettext, is_chinese=is_chinese())
