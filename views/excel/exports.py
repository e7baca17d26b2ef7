"""导出任务: one's own exports in the background, how far they are, and their files for a week."""

from pathlib import Path
from typing import Any

from flask import abort, send_file, session
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.security.actor import current_actor
from app.security.here import db, settings
from app.services import export
from app.services.export_jobs import FOLDER, KEPT
from reports.list_columns import LISTS
from views.base import TrustedBaseView
from views.cells import local_time
from views.excel.exporting import WAITING, WORKBOOK
from views.interface import as_key


class ExportView(TrustedBaseView):
    """/exports/ of everybody who may export."""

    route_base = "/exports"
    default_view = "index"
    class_permission_name = "exports"
    method_permission_name = {"index": "list", "download": "show"}

    @expose("/")
    @has_access
    def index(self) -> Any:
        jobs = export.own_jobs(db(), current_actor())
        return self.render_template(
            "excel/exports.html", title=_("导出任务"), jobs=jobs, local_time=local_time, days=KEPT.days,
            titles={name: kind.title for name, kind in LISTS.items()},
            is_open=any(job.state in export.UNFINISHED for job in jobs),
        )  # fmt: skip

    @expose("/<pk>/download", methods=["GET"])
    @has_access
    def download(self, pk: str) -> Response:
        """The workbook; 404 for everybody else's, before it is there, and once it is out of the person's reach."""
        try:
            job = export.to_download(db(), current_actor(), as_key(pk))
        except NotFound:
            abort(404)
        path = Path(settings().data_dir) / FOLDER / str(job.file_key)
        if not path.is_file():
            abort(404)
        answer = send_file(path, mimetype=WORKBOOK, as_attachment=True, download_name=job.file_name)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def finished() -> list[dict[str, Any]]:
    """Exports of this browser that have ended since its last page, each told once; asks nothing while none waits."""
    waiting = session.get(WAITING)
    if not waiting:
        return []
    keys = [key for key in waiting if isinstance(key, int)]
    ended = [job for job in export.own_jobs(db(), current_actor()) if job.id in keys and job.finished_at is not None]
    if ended:
        session[WAITING] = [key for key in keys if key not in {job.id for job in ended}]
    return [{"id": job.id, "name": job.file_name or "", "is_done": job.state == "done"} for job in ended]
