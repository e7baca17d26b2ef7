"""登记查询, open to the public: a number tells project, builder and state, on a page and as JSON."""

from typing import Any

from flask import abort, jsonify, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.domain.number import length_fault
from app.domain.terms import Status, status_word
from app.domain.tries import Tries
from app.security import tries
from app.security.here import db, place, settings
from app.services import lookup
from views.base import TrustedApiView, TrustedBaseView
from views.query import check_arguments
from views.words import translate

LONGEST = 200  # with whatever was copied along


class LookupView(TrustedBaseView):
    """`/lookup/?number=`."""

    route_base = "/lookup"
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        check_arguments()
        asked = request.args.get("number", "").strip()[:LONGEST]
        found = _look(asked) if asked else None
        fault = length_fault(asked) if asked and found is None else None
        return self.render_template(
            "pages/lookup.html", title=_("登记查询"), asked=asked, found=found, fault=fault and translate(fault)
        )


class LookupApiView(TrustedApiView):
    """`/api/v1/lookup/<number>`: the same for programs; no session is read, no other site's script is let in."""

    route_base = "/api/v1/lookup"
    default_view = "show"

    @expose("/<number>")
    def show(self, number: str) -> Any:
        found = _look(number[:LONGEST])
        if found is None:
            abort(404)
        return jsonify(
            number=found.number,
            project_name=found.name,
            builder=found.builder,
            status=state_code(found.status),
            status_word=status_word(found.status, numbered=True),
            issued_on=found.issued_on.isoformat() if found.issued_on else None,
        )


def _look(text: str) -> lookup.Found | None:
    """Page and interface share one limit. Raises TooMany."""
    tries.spend(Tries.LOOKUP, settings().lookup_limit, place())
    return lookup.by_number(db(), text)


def state_code(status: str) -> str:
    """A numbered project's state for machines: issued while its approval stands, else the word of the life cycle."""
    return "issued" if status == Status.APPROVED else status
