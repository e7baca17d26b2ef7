"""核对: what a receipt or a certificate says now, for everybody who holds it; nothing personal, nothing to guess."""

from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.domain.paper_codes import WORDS, read
from app.domain.tries import Tries
from app.security import tries
from app.security.here import db, now, place, settings
from app.services import verify
from views.base import TrustedBaseView
from views.cells import local_time
from views.query import check_arguments

LONGEST = 300  # the whole address of a QR code, too


class VerifyView(TrustedBaseView):
    """`/verify/<code>`."""

    route_base = "/verify"
    default_view = "index"

    @expose("/", methods=["GET"])
    def index(self) -> Any:
        """For a code that is typed by hand."""
        check_arguments()
        code = request.args.get("code", "").strip()[:LONGEST]
        known = read(code)
        if known or (code and "/" not in code):
            return redirect(f"/verify/{known or code}")
        page = self._draw(code, None)
        return (page, 404) if code else page

    @expose("/<code>", methods=["GET"])
    def show(self, code: str) -> Any:
        tries.spend(Tries.VERIFY, settings().lookup_limit, place())
        code = code[:LONGEST]
        found, letter = verify.standing(db(), code), verify.letter(db(), code, now=now())
        page = self._draw(code, found, letter)
        return (page, 404) if found is None and letter is None else page

    def _draw(self, code: str, found: verify.Standing | None, letter: verify.Letter | None = None) -> Any:
        paper = found or letter
        words = _(WORDS[paper.kind]) if paper else ""
        return self.render_template(
            "pages/verify.html", title=_("核对凭证"), code=code, found=found, letter=letter, word=words,
            at=local_time(found.at) if found else "",
        )  # fmt: skip
