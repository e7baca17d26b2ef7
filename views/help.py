"""帮助: the way, drawn from the tables that decide it; papers, password, contacts. For everybody."""

from typing import Any

from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select

from app.domain import journey
from app.domain.permissions import may
from app.domain.return_answers import answer_to
from app.domain.terms import N_, TERMS, Kind, Status
from app.domain.workflow import TABLES
from app.security.here import db, settings, time_limits
from models.dictionary import ReturnReason
from views.base import TrustedBaseView, current_actor
from views.entry import entry_facts
from views.flow import chart, deed_word, who_word
from views.outlooks import time_in_words
from views.words import in_language, state

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
                (kind, _heading(kind), _next_rows(kind), _cycle_rows(kind), chart(kind, _heading(kind)))
                for kind in (Kind.ENTERPRISE, Kind.PROJECT, Kind.UNIT_WORK)
            ],
            reasons=_reasons(),
            days=time_limits(),
            is_staff=may(current_actor().roles, "styleguide", "list"),
            initial_password_hours=settings().initial_password_hours,
            **entry_facts(),
        )


def _heading(kind: Kind) -> str:
    words = {Kind.ENTERPRISE: TERMS["enterprise_record"], Kind.UNIT_WORK: N_("单体信息")}
    return _(words.get(kind, TERMS[Kind.PROJECT]))


def _reasons() -> list[tuple[str, str]]:
    """Every reason for a return that reviewers are offered, and what to do about it."""
    offered = select(ReturnReason).where(ReturnReason.is_active).order_by(ReturnReason.sort, ReturnReason.id)
    return [(in_language(reason), _(answer_to(reason.code))) for reason in db().scalars(offered)]


def _next_rows(kind: Kind) -> list[dict[str, str]]:
    """Where it stands, what comes next, who has it, how long."""
    return [
        {
            "place": state(journey.PLACES[place]),
            "sentence": _(step.sentence),
            "hand": _(journey.HANDS[step.hand]) if step.hand in journey.HANDS else "—",
            "time": time_in_words(step),
        }
        for (of, place), step in journey.NEXT.items()
        if of == kind
    ]


def _cycle_rows(kind: Kind) -> list[dict[str, str]]:
    """The life cycle's own rows, in words."""
    rows = {(t.source, t.action, t.target, t.by): t for t in TABLES[kind] if t.action not in INSIDE}.values()
    return [
        {
            "source": state(TERMS[t.source]),
            "by": who_word(t.by),
            "action": deed_word(kind, t.action, t.source),
            "target": state(TERMS[Status(t.target)]) if t.target else _("删除"),
        }
        for t in rows
    ]
