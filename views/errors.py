"""The page for what went wrong: a sentence and an id, also when the database or the frame itself is gone."""

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError  # noqa: A004
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import N_
from app.domain.tries import Tries
from app.security import denials, tries
from app.security.here import db
from app.security.passwords import Busy
from app.security.throttle import TooMany
from app.services.held_files import FULL
from app.storage.store import NO_ROOM
from models.engine import has_committed, was_thrown_out
from views.words import translate

log = logging.getLogger(__name__)

RETRY_SECONDS = "5"
OTHER_WINDOW_SECONDS = 60  # a limit of the framework does not say when it ends
PLAIN = (
    "<!DOCTYPE html><html lang='zh-CN'><meta charset='utf-8'><title>{code}</title><h1>{sentence}</h1><p>{id}</p></html>"
)
EXPIRED = N_("页面已过期或不是从本系统打开的。请返回上一页，刷新后再试。")
CANNOT = N_("系统暂时无法办理，请稍后再试。")
FAILED = N_("系统出错，您填写的内容可能没有保存。")


def register(app: Flask) -> None:
    """One handler per kind of trouble; all end in the same page, or in a problem under /api/."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _error: answer(400, _(EXPIRED)))
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(Busy, lambda _error: _later())
    for trouble in (OperationalError, InterfaceError, TimeoutError):
        app.register_error_handler(trouble, _database_away)
    app.register_error_handler(DBAPIError, _database_refused)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(Exception, _unforeseen)


def answer(code: int, sentence: str | None = None, **headers: str) -> Response:
    """The page or the problem of an error."""
    program = _is_program()
    response = _problem(code, sentence) if program else make_response(_page(code, sentence), code)
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def _is_program() -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, sentence: str | None, /, **more: Any) -> Response:
    """A problem in JSON (RFC 9457); `more` are members of our own: the rule's `code`, the `errors` of fields."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "request_id": g.get("request_id")}
    response = make_response(jsonify({**body, **({"detail": sentence} if sentence else {}), **more}), status)
    response.mimetype = "application/problem+json"
    return response


def _page(code: int, sentence: str | None) -> str:
    """Our page; when it cannot be drawn, a few words without it."""
    try:
        return render_template("console/error.html", code=code, sentence=sentence, request_id=g.get("request_id"))
    except Exception:
        log.exception("the error page failed")
        return PLAIN.format(code=code, sentence=escape(sentence or FAILED), id=g.get("request_id", ""))


def _refused(error: Refused) -> Response:
    sentence = translate(error.sentence)
    if not _is_program():
        return answer(409, sentence)
    return _problem(403 if error.code == "role" else 409, sentence, code=error.code)


def _invalid(error: Invalid) -> Response:
    if not _is_program():
        return answer(400, _problems(error))
    told = [{"field": problem.field, "detail": translate(problem.sentence)} for problem in error.problems]
    return _problem(422, _("有内容不符合要求，没有保存。"), errors=told)


def _not_found(error: NotFound) -> Response:
    if not error.recorded:
        denials.note(404)
    return answer(404)


def _http(error: HTTPException) -> Any:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    denials.note(error.code)
    if error.code == HTTPStatus.TOO_MANY_REQUESTS:
        tries.tell(Tries.OTHER, TooMany(OTHER_WINDOW_SECONDS))
    response = answer(error.code)
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def _overtaken(_error: StaleDataError) -> Response:
    _give_up()
    return answer(409)


def _too_many(error: TooMany) -> Response:
    minutes = -(-error.retry_after // 60)
    sentence = _("尝试次数太多，请 %(minutes)s 分钟后再试。", minutes=minutes)
    return answer(429, sentence, Retry_After=str(error.retry_after))


def _later() -> Response:
    return answer(503, _(CANNOT), Retry_After=RETRY_SECONDS)


def _database_away(error: Exception) -> Any:
    """Locked, full, read-only or gone: nothing was saved, trying again may work, and once we try it ourselves."""
    is_ours = isinstance(error, DBAPIError) and was_thrown_out(error) and not has_committed(db())
    if is_ours and not g.get("is_second_try"):
        return _again()
    log.warning("the database did not answer: %r", getattr(error, "orig", error))
    _give_up()
    return _later()


def _again() -> Any:
    """The same request once more: another transaction had ours thrown out, so nothing of it was done."""
    g.is_second_try = True
    db().rollback()
    for sent in request.files.values():
        sent.stream.seek(0)
    try:
        return current_app.dispatch_request()
    except Exception as error:  # noqa: BLE001 - the handlers tell what came of it, as they would the first time
        return current_app.handle_user_exception(error)


def _database_refused(error: DBAPIError) -> Response:
    """A value that the database cannot take, or a rule of its own; never told in its words."""
    if error.connection_invalidated:
        return _database_away(error)
    log.error("the database refused a statement: %r", error.orig)
    _give_up()
    return answer(500)


def _no_room(error: OSError) -> Response:
    """A full disk, wherever it was met, is told as one; any other trouble with files is unforeseen."""
    if error.errno not in NO_ROOM:
        return _unforeseen(error)
    log.error("no room left on the disk: %r", error)
    _give_up()
    return answer(503, _(FULL), Retry_After=RETRY_SECONDS)


def _unforeseen(_error: Exception) -> Response:
    log.exception("request %s failed", g.get("request_id"))
    _give_up()
    return answer(500)


def _give_up() -> None:
    """Nothing half done stays, and the page is drawn for a stranger: reading the person may be what failed."""
    current_app.extensions["sqlalchemy"].session.rollback()
    g._login_user = current_app.login_manager.anonymous_user()
    g.user = current_user


def _problems(error: Invalid) -> str:
    return " ".join(translate(problem.sentence) for problem in error.problems)
