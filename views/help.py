"""帮助: the way, drawn from the tables that decide it; papers, password, contacts. For everybody."""

from typing import Any

from flask_appbuilder import expose
from flask_babel import gettext as _

from app.domain import journey
from app.domain.permissions import may
from app.domain.terms import TERMS, Kind, Status, submit_word
from app.domain.workflow import LIFE_CYCLES, SYSTEM, Transition
from app.security.here import settings
from views.base import TrustedBaseView, current_actor
from views.entry import entry_facts
from views.words import state

INSIDE = frozenset({"edit", "claim", "release", "allow_duplicate"})  # they lead nowhere, so the way does not show them


class HelpView(TrustedBaseView):
    """/help/."""

    route_base = "/help"
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        self.update_redirect()
        return self.render_template(
            "pages/help.html",
            title=_("帮助"),
            ways=[
                (kind, _heading(kind), _next_rows(kind), _cycle_rows(kind)) for kind in (Kind.ENTERPRISE, Kind.PROJECT)
            ],
            days=_days(),
            is_staff=may(current_actor().roles, "styleguide", "list"),
            initial_password_hours=settings().initial_password_hours,
            **entry_facts(),
        )


def _heading(kind: Kind) -> str:
    word = TERMS["enterprise_record"] if kind == Kind.ENTERPRISE else TERMS[Kind.PROJECT]
    return _(word)


def _next_rows(kind: Kind) -> list[dict[str, str]]:
    """Where it stands, what comes next, who has it, how long."""
    return [
        {
            "place": state(journey.PLACES[place]),
            "sentence": _(step.sentence),
            "hand": "—" if step.hand == journey.Hand.NOBODY else _(journey.HANDS[step.hand]),
            "time": _time(step),
        }
        for (of, place), step in journey.NEXT.items()
        if of == kind
    ]


def _time(step: journey.Next) -> str:
    if step.limit == "counter":
        return _("到窗口后 %(days)s 个工作日内", days=_days()[step.limit])
    if step.limit:
        return _("%(days)s 个工作日内", days=_days()[step.limit])
    return _(step.takes) if step.takes else ""


def _days() -> dict[str, int]:
    """The limits that applicants wait for, by their names in TimeLimits."""
    chosen = settings()
    return {
        "enterprise_review": chosen.enterprise_review_days,
        "project_review": chosen.project_review_days,
        "counter": chosen.counter_days,
    }


def _cycle_rows(kind: Kind) -> list[dict[str, str]]:
    """The life cycle's own rows, in words."""
    rows = {(t.source, t.action, t.target, t.by): t for t in LIFE_CYCLES[kind] if t.action not in INSIDE}.values()
    return [
        {
            "source": state(TERMS[t.source]),
            "by": _("、").join(sorted(_(TERMS[role]) if role != SYSTEM else _("系统") for role in t.by)),
            "action": _(_deed(kind, t)),
            "target": state(TERMS[Status(t.target)]) if t.target else _("删除"),
        }
        for t in rows
    ]


def _deed(kind: Kind, transition: Transition) -> str:
    if transition.action == "submit":
        return submit_word(kind, transition.source)
    return TERMS[transition.action]
