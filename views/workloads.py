"""在办情况: who holds which cases, for those who spread the work; from there a case is taken back or given on."""

from typing import Any

from flask import abort
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.clock import local_date
from app.domain.errors import NotFound
from app.domain.permissions import may
from app.domain.terms import TERMS, Action
from app.security.here import now
from app.services import calendar, worklist, workloads
from app.services.desk import RESOURCES
from views.base import TrustedBaseView, current_actor, db
from views.cells import local_time
from views.interface import as_key
from views.query import check_arguments
from views.words import translate

MOVES = (Action.ASSIGN, Action.TAKE_BACK)


class WorkloadView(TrustedBaseView):
    """Everybody's open cases, and one person's."""

    route_base = "/workloads"
    default_view = "list"
    class_permission_name = "workloads"

    @expose("/", methods=["GET"])
    @has_access
    def list(self) -> Any:
        """The reviewers of the bureau and those below."""
        check_arguments()
        found = workloads.overview(db(), current_actor(), now=now())
        self.update_redirect()
        return self.render_template(
            "pages/workloads.html", title=_("在办情况"), found=found, kinds=workloads.KINDS, local_time=local_time
        )

    @expose("/<pk>", methods=["GET"])
    @has_access
    @permission_name("list")
    def person(self, pk: str) -> Any:
        """One reviewer's cases, with what may be done with them."""
        check_arguments()
        try:
            load, cases = workloads.held_by(db(), current_actor(), as_key(pk) or 0)
        except NotFound:
            abort(404)
        self.update_redirect()
        return self.render_template(
            "pages/workload.html", title=load.name, load=load, parts=_parts(cases), limit=workloads.MOST_CASES,
            local_time=local_time,
        )  # fmt: skip


def _parts(cases: "list[workloads.Held]") -> "list[dict[str, Any]]":
    """The cases by kind, each kind with its address and the acts of this person; how each one's clock stands."""
    roles, today, days = current_actor().roles, local_date(now()), calendar.in_force(db())
    parts = []
    for kind in workloads.KINDS:
        rows = []
        for one in (one for one in cases if one.kind == kind):
            due, urgency = worklist.due_words(one.due_on, today, days, waits=one.clock_waits)
            rows.append({"case": one, "due": translate(due), "urgency": urgency})
        base = RESOURCES[kind]
        acts = [(str(act), _(TERMS[act])) for act in MOVES if may(roles, base, act)]
        if rows:
            parts.append({"kind": str(kind), "word": _(TERMS[kind]), "base": base, "rows": rows, "acts": acts})
    return parts
