"""A form for a new row bears a mark of its own: sent twice, or again after Back, it makes one row."""

import secrets
import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from flask import Flask, flash, g, redirect, request
from flask_babel import gettext as _
from markupsafe import Markup

from app.security.actor import current_actor
from app.security.here import db, now
from app.security.redirects import local_path
from app.services import sent_forms

FIELD = "form_mark"
NOT_CONTENT = frozenset({FIELD, "csrf_token", "returned_form"})
WAITS_SECONDS, LOOKS_EVERY = 10.0, 0.1


def install(app: Flask) -> None:
    """Widgets are drawn without the context of a page, so the input is known everywhere."""
    app.jinja_env.globals[FIELD] = field


def field() -> Markup:
    """The hidden input of a form that makes a row."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, secrets.token_urlsafe(12))


def makes_a_row(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view whose POST makes a row. It answers with a redirect, or says by `made` that a row was made."""

    @wraps(view)
    def once(*args: Any, **values: Any) -> Any:
        if request.method != "POST" or not request.form.get(FIELD):
            return view(*args, **values)
        mark, content = _mark(), _content()
        known = sent_forms.begin(db(), current_actor(), mark, content, now=now())
        if known is not None:
            return _lead(mark, content)
        return _first(mark, lambda: view(*args, **values))

    return once


def made(page: str) -> None:
    """A row was made although the answer is a page; this one shows the row."""
    g.made_page = page


def _first(mark: str, make: Callable[[], Any]) -> Any:
    page = None
    try:
        answer = make()
        page = _page_of(answer)
    finally:
        db().rollback()
        sent_forms.finish(db(), current_actor(), mark, page)
    return answer


def _page_of(answer: Any) -> str | None:
    """The page that shows what was made; None when nothing was."""
    if "made_page" in g:
        return str(g.made_page)
    is_redirect = getattr(answer, "status_code", 200) in (302, 303)
    return local_path(answer.location, request.host_url) if is_redirect else None


def _lead(mark: str, content: str) -> Any:
    """To what the form made; while that is still being made, wait for it."""
    ends_at = time.monotonic() + WAITS_SECONDS
    while True:
        known = sent_forms.find(db(), current_actor(), mark)
        if known is None or known.led_to or time.monotonic() > ends_at:
            break
        db().rollback()
        time.sleep(LOOKS_EVERY)
    if known is None or not known.led_to:
        flash(_("刚才的提交没有完成。请重新填写后再提交。"), "warning")
        return redirect(request.full_path.rstrip("?") if "GET" in _methods() else "/")
    if known.content == content:
        flash(_("这份表单已经提交过，没有重复登记。"), "info")
    else:
        flash(_("这份表单已经提交过，之后改的内容没有保存。请在这条记录上修改。"), "warning")
    return redirect(known.led_to)


def _methods() -> set[str]:
    return set(request.url_rule.methods or ()) if request.url_rule is not None else set()


def _mark() -> str:
    return sha256(f"{request.full_path} {request.form[FIELD]}".encode()).hexdigest()


def _content() -> str:
    named = sorted((name, values) for name, values in request.form.lists() if name not in NOT_CONTENT)
    files = sorted((name, file.filename) for name, file in request.files.items())
    return sha256(repr((named, files)).encode()).hexdigest()
