"""The monthly report on screen (登记月报): choose, read, drill down, download, issue, open what was issued."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.domain.month import FIELD, Month, read
from app.domain.permissions import may
from app.security.here import now
from app.services import report
from reports.monthly.definitions import BY_KEY, DEFINITIONS, GENERAL
from views.base import TrustedBaseView, current_actor, db
from views.cells import local_time
from views.excel.report_cells import Asked, changes, drawn, lines, said_month, where
from views.interface import as_key
from views.query import check_arguments
from views.words import is_chinese, translate

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReportView(TrustedBaseView):
    """登记月报."""

    route_base = "/reports"
    default_view = "list"
    class_permission_name = "reports"

    @expose("/", methods=["GET"])
    @has_access
    def list(self) -> Any:
        """The month as the data stand now; without being asked, last month's of one's own bureau."""
        check_arguments()
        asked = _asked(request.args)
        try:
            month = read(asked.month, now=now())
        except Invalid as trouble:
            return make_response(self._page(asked, None, translate(trouble.problems[0].sentence)), 422)
        made = report.monthly(db(), current_actor(), asked.bureau, month, now=now(), english=not is_chinese())
        self.update_redirect()
        return self._page(asked, made)

    @expose("/rows", methods=["GET"])
    @has_access
    @permission_name("list")
    def rows(self) -> Any:
        """The projects behind one figure."""
        check_arguments()
        asked, actor = _asked(request.args), current_actor()
        definition = BY_KEY.get(request.args.get("figure", ""))
        if definition is None or definition.rows is None:
            abort(404)
        if asked.edition:
            found = report.drilled_edition(db(), actor, as_key(asked.edition), definition.rows, asked.line)
        else:
            month = _month(asked)
            found = report.drilled(db(), actor, asked.bureau, month, definition.rows, asked.line, now=now())
        return self.render_template(
            "pages/report_rows.html",
            title=_(definition.heading),
            meaning=_(definition.meaning),
            asked=asked,
            where=where(asked),
            found=found,
            most=report.MOST_ROWS,
        )

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Any:
        """An edition as it was issued, and what was restated since."""
        check_arguments()
        opened = report.opened(db(), current_actor(), as_key(pk), now=now(), english=not is_chinese())
        made = opened.report
        asked = Asked(str(made.month), made.bureau_code, str(opened.row.id))
        self.update_redirect()
        return self._page(asked, made, opened=opened)

    @expose("/export", methods=["POST"])
    @has_access
    def export(self) -> Any:
        """下载 Excel; the audit trail keeps who took what."""
        asked, file, actor = _asked(request.form), io.BytesIO(), current_actor()
        told: dict[str, Any] = {"now": now(), "say_in": _, "english": not is_chinese()}
        if asked.edition:
            name = report.export_edition(db(), actor, as_key(asked.edition), file, **told)
        else:
            name = report.export(db(), actor, asked.bureau, _month(asked), file, **told)
        file.seek(0)
        return send_file(file, mimetype=WORKBOOK, as_attachment=True, download_name=name)

    @expose("/issue", methods=["POST"])
    @has_access
    def issue(self) -> Any:
        """发布: the month becomes its next edition."""
        asked = _asked(request.form)
        try:
            row = report.issue(db(), current_actor(), asked.bureau, _month(asked), now=now())
        except Refused as refusal:
            flash(translate(refusal.sentence), "danger")
            return redirect(url_for(f"{self.endpoint}.list", month=asked.month, bureau=asked.bureau))
        flash(_("已发布 %(month)s 月报第 %(number)s 版。", month=row.month, number=row.edition), "success")
        return redirect(url_for(f"{self.endpoint}.show", pk=row.id))

    def _page(
        self, asked: Asked, made: Any, trouble: str = "", *, opened: report.Opened | None = None
    ) -> str | Response:
        """The one page for figures of now and of an edition."""
        actor = current_actor()
        restated = opened.restated if opened else None
        page: str = self.render_template(
            "pages/report.html",
            title=_("登记月报"),
            asked=asked,
            report=made,
            said_month=said_month(Month(*map(int, asked.month.split("-"))), now()) if made else "",
            error=trouble,
            field=FIELD,
            bureaus=report.bureaus(db(), actor),
            headings=[_(definition.heading) for definition in DEFINITIONS],
            lines=lines(made, asked, restated) if made else [],
            opened=opened,
            changes=changes(made, restated, opened.moved) if opened and restated else None,
            drawn=drawn,
            editions=report.editions(db(), actor, made.bureau_id if made else None),
            can_issue=made is not None and opened is None and may(actor.roles, "reports", "issue"),
            has_ended=made is not None and report.has_ended(made.month, now=now()),
            meanings=[(_(definition.heading), _(definition.meaning)) for definition in DEFINITIONS],
            general=[_(sentence) for sentence in GENERAL],
            local_time=local_time,
        )
        return page


def _asked(given: Mapping[str, str]) -> Asked:
    """What the address or the form asks for; left open, one's own bureau and last month."""
    bureau = given.get("bureau", "").strip() or report.own_bureau_code(db(), current_actor())
    return Asked(
        month=given.get("month", "").strip()[:20] or str(report.last_month(now())),
        bureau=bureau[:20],
        edition=given.get("edition", "").strip()[:20],
        region=given.get("region", "")[:10],
        category=given.get("category", "")[:10],
        level=given.get("level", "")[:10],
    )


def _month(asked: Asked) -> Month:
    """The month; a wrong one is answered with its sentence (Invalid)."""
    return read(asked.month, now=now())
