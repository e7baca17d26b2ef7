"""历史导入: a template to fill in, a trial run that says something about each row, and storing what was tried."""

import io
import re
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from flask import abort, make_response, request, send_file
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from app.domain.clock import local_date
from app.domain.errors import Refused, say
from app.domain.terms import N_
from app.security.here import db, now, settings
from app.services import held_files, import_batch, import_words
from app.services.import_table import MOST_ROWS, Batch, ImportKind, read_batch
from app.services.import_verdict import Report
from reports.reading import LIMITS, refused
from views.base import TrustedBaseView, current_actor
from views.excel.exporting import WORKBOOK
from views.words import is_chinese, translate

SHA256 = re.compile(r"[0-9a-f]{64}")
SHOWN = 20  # problems on the screen; the workbook has all
GONE = N_("文件已超过保留时间，请重新上传。")
TITLES = {ImportKind.PROJECTS: N_("历史项目"), ImportKind.ORGANIZATIONS: N_("建设单位")}


class ImportView(TrustedBaseView):
    """/imports/ of administrators."""

    route_base = "/imports"
    default_view = "index"
    class_permission_name = "imports"
    method_permission_name = {"index": "list", "template": "list", "check": "add", "annotated": "add", "store": "add"}

    @expose("/")
    @has_access
    def index(self) -> Any:
        return self._page()

    @expose("/template/<kind>", methods=["GET"])
    @has_access
    def template(self, kind: str) -> Any:
        """The workbook to fill in, with today's lists."""
        chosen, file = _kind(kind), io.BytesIO()
        import_words.template(
            db(), current_actor(), chosen, file, say=gettext, is_chinese=is_chinese(), now=now()
        )  # fmt: skip
        return _workbook(file, _("%(kind)s导入模板", kind=gettext(TITLES[chosen])))

    @expose("/check", methods=["POST"])
    @has_access
    @permission_name("add")
    def check(self) -> Any:
        """试运行 of an uploaded file: nothing is stored, the file waits an hour for the confirmation."""
        kind, sent = _kind(request.form.get("kind", "")), request.files.get("file")
        if sent is None or not sent.filename:
            return self._page(say(N_("请选择要导入的 .xlsx 文件。")), kind)
        try:
            path = _keep(sent.stream)
            batch = _read(kind, path)
            report = import_batch.check(db(), current_actor(), batch, now=now())
        except Refused as refusal:
            return self._page(refusal.sentence, kind)
        return self._result(batch, report)

    @expose("/annotated", methods=["POST"])
    @has_access
    @permission_name("add")
    def annotated(self) -> Any:
        """The same workbook with notes in the cells."""
        try:
            batch = _held()
            report = import_batch.check(db(), current_actor(), batch, now=now())
        except Refused as refusal:
            return self._page(refusal.sentence)
        file = io.BytesIO()
        import_words.annotated(report, file, say=gettext, translate=translate, now=now())
        return _workbook(file, _("%(kind)s导入结果", kind=gettext(TITLES[batch.kind])))

    @expose("/store", methods=["POST"])
    @has_access
    @permission_name("add")
    def store(self) -> Any:
        """确认导入 of the file that was tried."""
        try:
            batch = _held()
            only_good = request.form.get("only_good") == "1"
            report = import_batch.store(db(), current_actor(), batch, only_good=only_good, now=now())
        except Refused as refusal:
            return self._page(refusal.sentence)
        return self._result(batch, report, is_done=True)

    def _page(self, problem: Any = None, kind: ImportKind | None = None) -> Any:
        page = self.render_template(
            "excel/imports.html", title=_("历史导入"), kinds=TITLES, chosen=kind, most_rows=MOST_ROWS,
            limit=LIMITS.max_file_bytes // 2**20, problem=translate(problem) if problem else None,
        )  # fmt: skip
        return make_response(page, 422) if problem else page

    def _result(self, batch: Batch, report: Report, *, is_done: bool = False) -> Any:
        page = self.render_template(
            "excel/import_result.html", title=_("%(kind)s导入", kind=gettext(TITLES[batch.kind])), report=report,
            batch=batch, counts=report.counts, problems=_first(report), is_done=is_done and report.stored > 0,
            is_refused=is_done and not report.stored, token=_token(batch), words=import_words.VERDICTS,
            total=batch.row_count, most=SHOWN,
        )  # fmt: skip
        return make_response(page, 409) if is_done and not report.stored and not report.is_good else page


def _kind(text: str) -> ImportKind:
    if text not in set(ImportKind):
        abort(404)
    return ImportKind(text)


def _workbook(file: IO[bytes], name: str) -> Any:
    file.seek(0)
    download_name = f"{name}_{local_date(now()):%Y%m%d}.xlsx"
    answer = make_response(send_file(file, mimetype=WORKBOOK, as_attachment=True, download_name=download_name))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _first(report: Report) -> list[dict[str, Any]]:
    """The first problems and remarks, row by row, for the screen."""
    found = []
    for table in report.tables:
        labels = {field.name: field.label for field in table.table.kind.table}
        for judged in table.rows:
            for is_remark, part in ((False, judged.problems), (True, judged.remarks)):
                found += [
                    {
                        "sheet": table.table.kind.sheet, "row": judged.row.number, "is_remark": is_remark,
                        "label": labels.get(problem.field, problem.field), "text": translate(problem.sentence),
                    }
                    for problem in part
                ]  # fmt: skip
    return sorted(found, key=lambda one: one["is_remark"])


# The file between trial and confirmation ---------------------------------------------------------------


def _folder() -> Path:
    return Path(settings().data_dir) / held_files.FOLDER


def _keep(stream: IO[bytes]) -> Path:
    """Put the upload aside. Raises Refused when it is too large."""
    data = stream.read(LIMITS.max_file_bytes + 1)
    if len(data) > LIMITS.max_file_bytes:
        raise refused("too_large")
    return held_files.keep(_folder(), data)


def _read(kind: ImportKind, path: Path) -> Batch:
    """The file as rows, from then on under its hash; one that cannot be read is not kept."""
    try:
        with path.open("rb") as file:
            batch = read_batch(db(), kind, file)
    except Refused:
        path.unlink(missing_ok=True)
        raise
    held_files.settle(path, batch.sha256)
    return batch


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="import")


def _token(batch: Batch) -> str:
    """Which file this person may store, until when."""
    until = (now() + held_files.KEPT).isoformat()
    told = {"kind": str(batch.kind), "file": batch.sha256, "user": current_actor().user_id, "until": until}
    return str(_signer().dumps(told))


def _held() -> Batch:
    """The file behind the form's token. Raises Refused when its hour is over; 400 for a token that is none."""
    try:
        told = _signer().loads(request.form.get("token", ""))
    except BadSignature:
        abort(400)
    if told["user"] != current_actor().user_id or not SHA256.fullmatch(told["file"]):
        abort(400)
    path = held_files.place_of(_folder(), told["file"])
    if datetime.fromisoformat(told["until"]) < now() or not path.is_file():
        raise Refused(say(GONE), "gone")
    with path.open("rb") as file:
        return read_batch(db(), ImportKind(told["kind"]), file)
