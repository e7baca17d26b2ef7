"""What was sent after its session had ended: kept for the person, and put back into the form once they sign in again.

Whatever the form is. Nothing is sent by itself: the form stands there filled in, and the person presses its button.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, flash, g, jsonify, redirect, request, session
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.domain.errors import Refused
from app.security import chosen
from app.security.actor import current_actor, signed_in_user
from app.security.forgery import OutlivedForm
from app.security.here import db, now
from app.security.redirects import local_path
from app.services import people, unsaved
from models.unsaved_entry import FORM_WIDTH, SENT_WIDTH
from models.user import User
from views import errors
from views.base import TrustedBaseView
from views.cells import local_time
from views.navigation import came_from, can_be_opened

MARK = "kept"  # in the cookie of somebody for whom something is kept: only their pages look for it
RETURNED = "returned_form"  # in a form that was filled in anew: the address under which it is kept
MANY = "many"  # the page that draws the form for many rows anew
NEVER_KEPT = ("/password/",)  # what is typed there is a secret
NOT_FILLED_IN = frozenset({"csrf_token", "chosen", "form_mark", RETURNED})  # a form brings its own
# What a page brings along, or a button says: by themselves these are nothing that somebody typed.
NOT_TYPED = NOT_FILLED_IN | {
    "version", "submission_id", "action", "rowid", "truthfulness_declared", "message", "token", "replaces", "save",
    "submit_too", "next", "page", "conditions", "form", "base", "back",
}  # fmt: skip
KEYED_OTHERWISE = {"/unitworks/submit": "/unitworks/edit/{key}", "/unitworks/remove": "/unitworks/list/"}
SECRETS = ("password", "sms_code", "one_time_code")


def install(app: Flask) -> None:
    """Take in the forms that come too late, and forget the ones that went through."""
    app.register_error_handler(OutlivedForm, _take_in)
    app.after_request(_forget_what_went_through)


def for_templates() -> dict[str, Any]:
    """What the frame of every page asks."""
    return {"returned_form": returned_form}


# Coming too late ------------------------------------------------------------------------------------------


def _take_in(outlived: OutlivedForm) -> Any:
    """Keep what was typed for its person, and say where it will stand."""
    g.outlived = True
    if _asked_by_script():
        return jsonify(sentence=_("登录已失效。请重新登录后再办。")), 401
    page = form_page()
    try:
        is_kept = _keep(outlived.person, page)
    except Refused:
        return errors.answer(400, _("登录已失效，填写的内容太多，没有暂存。请返回上一页，在新窗口登录后再提交。"))
    if outlived.here is None:
        flash(_told(is_kept), "warning")
        return redirect(f"/login/?next={quote(page)}")
    if outlived.here == outlived.person:
        session[MARK] = True
        flash(_("页面打开的时间太长，刚才没有办理。请核对后再提交。"), "warning")
        return redirect(page)
    return errors.answer(400, _("没有办理：这份表单是用另一个账号打开的。请用原来的账号登录后再提交。"))


def _told(is_kept: bool) -> str:
    if is_kept:
        return _("登录已失效，刚才没有办理。您填写的内容已暂存：请重新登录，回到原来的表单，核对后再提交。")
    return _("登录已失效，刚才没有办理。请重新登录后再办。")


def _asked_by_script() -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.accept_mimetypes.best == (
        "application/json"
    )


def _keep(person: int, page: str) -> bool:
    entries = _typed()
    if not entries or request.path.startswith(NEVER_KEPT):
        return False
    sent_to = _with_query()[:SENT_WIDTH]
    return unsaved.keep_sent(db(), person, page, sent_to, entries, now=now())


def _typed() -> dict[str, list[str]]:
    """Every value of the form by input name, without secrets; nothing when no part of it was typed."""
    named = {
        name: values
        for name, values in request.form.lists()
        if name not in {"csrf_token", RETURNED} and not any(secret in name for secret in SECRETS)
    }
    return named if _is_typed(named) else {}


def _is_typed(entries: Mapping[str, list[str]]) -> bool:
    return any(name not in NOT_TYPED and any(value.strip() for value in values) for name, values in entries.items())


# Where the form stands ------------------------------------------------------------------------------------


def form_page() -> str:
    """The page on which the form that is being sent stands: an address that can be opened."""
    if request.path.endswith("/action_post") and chosen.FIELD in request.form:
        step = request.form.get("action", "")
        return _short(_quoted(request.path.removesuffix("action_post") + f"{MANY}/{step}"))
    if can_be_opened(request.path):
        return _short(_with_query())
    sent_from = came_from()
    if sent_from is not None:
        return _short(sent_from)
    return next(path for path in _nearby() if can_be_opened(path))


def _nearby() -> Any:
    """Pages that such a form may stand on, the likeliest first."""
    base, _slash, rest = request.path.strip("/").partition("/")
    base, key = f"/{base}", next(iter((request.view_args or {}).values()), "")
    named = f"{base}/{rest.partition('/')[0]}"
    if named in KEYED_OTHERWISE:
        yield _quoted(KEYED_OTHERWISE[named].format(key=key))
    if "/attachments/" in request.path:
        yield _quoted(f"{base}/edit/{key}")
    yield _quoted(f"{base}/show/{(request.view_args or {}).get('pk', key)}")
    parts = request.path.strip("/").split("/")
    for count in range(len(parts) - 1, 0, -1):
        path = _quoted("/" + "/".join(parts[:count]))
        yield from (path, path + "/")
    yield f"{base}/list/"
    yield "/"


def _with_query() -> str:
    query = request.query_string.decode("ascii", "replace")
    return _quoted(request.path) + (f"?{query}" if query else "")


def _quoted(path: str) -> str:
    return quote(path, safe="/:@!$&'()*+,;=~")


def _short(path: str) -> str:
    return path if len(path) <= FORM_WIDTH else path.partition("?")[0][:FORM_WIDTH]


# Coming back ----------------------------------------------------------------------------------------------


def look_out(user: User) -> str | None:
    """Somebody has just signed in: whether something waits for them, and on which page."""
    page = unsaved.newest_sent(db(), people.actor_of(db(), user.id))
    if page:
        session[MARK] = True
    return page


def returned_form() -> dict[str, Any] | None:
    """What the page at hand is to be filled in with: asked by the frame of every page, looked up for few."""
    if request.method != "GET" or not session.get(MARK):
        return None
    if "returned_form" not in g:
        g.returned_form = _returned(_short(_with_query()))
    found: dict[str, Any] | None = g.returned_form
    return found


def _returned(page: str) -> dict[str, Any] | None:
    row = unsaved.kept(db(), current_actor(), page)
    if row is None or row.sent_to is None:
        return None
    entries = {name: values for name, values in row.entries.items() if name not in NOT_FILLED_IN}
    return {
        "form": row.form,
        "kept_at": local_time(row.kept_at),
        "told": {
            "action": row.sent_to,
            "form": row.form,
            "entries": entries,
            "typed": [value for name, values in entries.items() if name not in NOT_TYPED for value in values if value],
        },
    }


def forget(form: str) -> None:
    """The form went through, or the person wants none of it."""
    actor = current_actor()
    unsaved.drop(db(), actor, form)
    if unsaved.newest_sent(db(), actor) is None:
        session.pop(MARK, None)


def _forget_what_went_through(response: Any) -> Any:
    """A form that was filled in anew and was not refused is no longer kept."""
    form = request.form.get(RETURNED) if request.method == "POST" and response.status_code < 400 else None
    if form and current_actor().user_id is not None and not g.get("outlived"):
        forget(form)
    return response


class ReturnedFormView(TrustedBaseView):
    """/returned_form/ has no page of its own: what came too late stands on the page of its form."""

    route_base = "/returned_form"

    @expose("/drop", methods=["POST"])
    def drop(self) -> Any:
        """Want none of it; the form opens as it would for anybody."""
        if signed_in_user() is None:
            return redirect("/login/")
        form = local_path(request.form.get("form")) or "/"
        forget(form)
        return redirect(form)
