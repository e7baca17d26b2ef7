"""Scans: taken in from a record's page, shown page by page, downloaded; always within the reader's scope."""

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import abort, current_app, flash, jsonify, redirect, request, send_file
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import Kind
from app.scope import fetch
from app.security.here import db, now, scan_limits
from app.services import attachment
from app.storage import preview_page
from models.attachment import Attachment
from views.base import TrustedBaseView, current_actor
from views.interface import as_key
from views.words import translate

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'self'"


def accept_upload(kind: Kind, record_id: int, slot: str, back: str) -> Any:
    """The upload of one scan (multipart `file`): JSON for the page's script, a redirect for a plain form."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _answer(400, _("请选择要上传的 PDF 文件。"), back)
    try:
        row = attachment.add(
            db(), current_actor(), current_app.extensions["yht"].storage, kind, record_id, slot,
            sent.stream, sent.filename,
            limits=scan_limits(), replaces=as_key(request.form.get("replaces", "")), now=now(),
        )  # fmt: skip
    except Invalid as invalid:
        return _answer(422, " ".join(translate(p.sentence) for p in invalid.problems), back)
    except Refused as refusal:
        return _answer(409, translate(refusal.sentence), back)
    if not _wants_json():
        flash(_("已上传「%(name)s」。", name=row.original_name), "success")
        return redirect(back)
    return jsonify(
        id=row.id,
        original_name=row.original_name,
        page_count=row.page_count,
        size_bytes=row.size_bytes,
        remove_url=f"/attachments/{row.id}/remove",
    )


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _answer(code: int, sentence: str, back: str) -> Any:
    if _wants_json():
        return jsonify(sentence=sentence), code
    flash(sentence, "danger")
    return redirect(back)


class AttachmentView(TrustedBaseView):
    """Reading and removing scans by their id."""

    route_base = "/attachments"
    class_permission_name = "attachments"
    default_view = "show"

    @expose("/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Response:
        """The file itself: inline in a sandbox, or as a download under its own name; answers ranges."""
        row = self._row(pk)
        path = self._path(row)
        answer = send_file(path, mimetype="application/pdf", conditional=True, etag=row.sha256)
        way = "attachment" if request.args.get("download") == "1" else "inline"
        answer.headers["Content-Disposition"] = (
            f"{way}; filename=\"scan.pdf\"; filename*=UTF-8''{quote(row.original_name)}"
        )
        answer.headers["Content-Security-Policy"] = SANDBOX
        answer.headers["Cache-Control"] = "no-store"  # Flask's own "no-cache" would leave it on a shared computer
        return answer

    @expose("/<pk>/pages/<number>", methods=["GET"])
    @has_access
    @permission_name("show")
    def show_page(self, pk: str, number: str) -> Response:
        """A picture of one page: what the pages of this console show, so that no reader runs a scan's script."""
        row = self._row(pk)
        page = as_key(number)
        picture = preview_page(current_app.extensions["yht"].storage, row.sha256, page) if page else None
        if picture is None:
            abort(404)
        answer = send_file(BytesIO(picture), mimetype="image/png")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @expose("/<pk>/remove", methods=["POST"])
    @has_access
    def remove(self, pk: str) -> Any:
        row = self._row(pk)
        owner = f"/projects/edit/{row.project_id}" if row.project_id else f"/enterprises/edit/{row.enterprise_id}"
        try:
            attachment.remove(db(), current_actor(), row.id, now=now())
            flash(_("已移除。"), "success")
        except Refused as refusal:
            flash(translate(refusal.sentence), "danger")
        except Invalid as invalid:
            flash(" ".join(translate(problem.sentence) for problem in invalid.problems), "danger")
        return redirect(owner)

    def _row(self, pk: str) -> Attachment:
        try:
            return fetch(db(), current_actor(), Attachment, as_key(pk))
        except NotFound:
            abort(404)

    def _path(self, row: Attachment) -> Path:
        """Where the file lies, after its hash was checked; a damaged file is refused, never served."""
        storage = current_app.extensions["yht"].storage
        storage.open(row.sha256).close()
        return Path(storage.path(row.sha256))
