"""Counts beside the menu's entries: what the person can act on. Read once, when a page draws its rail."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from flask import g
from sqlalchemy import select
from werkzeug.local import LocalProxy

from app import listing
from app.domain.clock import SHANGHAI, local_date
from app.domain.permissions import Actor, may, root_may
from app.domain.terms import Role, Status
from app.scope import criteria
from app.security.actor import current_actor, signed_in_user
from app.security.here import db, now
from app.services import account_requests, api_keys, calendar, inbox, pushes, second_person, unit_filings, worklist
from models.enterprise import Enterprise
from models.project import Project
from models.unit_work import UnitFiling
from views.excel.exports import finished
from views.rail import rail

MOST = 1_000  # a badge counts no further
URGENT = frozenset(
    {"enterprises", "projects", "unit_works", "pending_acts", "account_requests", "pushes", "calendar", "api_keys"}
)  # what came back, or waits for no other


def for_templates() -> dict[str, Any]:
    """For the frame: counts by menu name (read when the rail asks), which have colour, and where one works."""
    return {
        "nav_badges": LocalProxy(of_this_request),
        "nav_urgent": URGENT,
        "rail": rail,
        "current_place": _place(),
        "find_url": _find_url(),
        "finished_exports": finished,
    }


def _place() -> str:
    """The bureau that a member of staff works at; empty for everybody else."""
    user = signed_in_user()
    return user.bureau.name if user is not None and user.bureau is not None else ""


def _find_url() -> str:
    """Where staff look for a project from any page; whoever builds has its few in one list."""
    roles = current_actor().roles
    return "/projects/list/" if Role.APPLICANT not in roles and may(roles, "projects", "list") else ""


def nav_badges(actor: Actor) -> Mapping[str, int]:
    """Returned records and unread messages for an applicant, submitted records for those who review: one statement."""
    query = _counts(replace(actor, username="", name="", address=None, request_id=None), local_date(now()))
    return dict(db().execute(query).one()._mapping) if query is not None else {}


@lru_cache(maxsize=512)
def _counts(actor: Actor, today: date) -> Any:
    """The statement for this person today; putting it together costs more than running it."""
    asked = {}
    if Role.APPLICANT in actor.roles:
        asked["enterprises"] = _count(actor, Enterprise, Status.RETURNED)
        asked["projects"] = _count(actor, Project, Status.RETURNED)
        asked["unit_works"] = _count(actor, UnitFiling, Status.RETURNED)
        asked["inbox"] = inbox.unread(actor).scalar_subquery()
    if may(actor.roles, "worklist", "list"):
        asked["worklist"] = _waiting(actor)
    if may(actor.roles, "pending_acts", "confirm"):
        asked["pending_acts"] = second_person.waiting_for(actor).scalar_subquery()
    if may(actor.roles, "account_requests", "list"):
        asked["account_requests"] = account_requests.outcomes_for(actor).scalar_subquery()
    if may(actor.roles, "account_requests", "confirm"):
        asked["account_requests"] += account_requests.waiting_for(actor).scalar_subquery()
    if may(actor.roles, "api_keys", "add"):
        begins = datetime.combine(today, time.min, SHANGHAI)
        asked["api_keys"] = listing.counted(api_keys.ending(actor, now=begins), MOST)
    if may(actor.roles, "pushes", "replay"):
        asked["pushes"] = listing.counted(pushes.refused(actor), MOST)
    if may(actor.roles, "calendar", "publish") and root_may(actor.is_root, "calendar", "publish"):
        waiting = [listing.counted(keys, MOST) for keys in calendar.undated()]
        asked["calendar"] = sum(waiting, start=_waiting(actor, undated=True))
    return select(*(count.label(name) for name, count in asked.items())) if asked else None


def _count(actor: Actor, model: Any, status: Status) -> Any:
    return listing.counted(select(model.id).where(criteria(actor, model), model.status == status), MOST)


def _waiting(actor: Actor, *, undated: bool = False) -> Any:
    """Open cases of all kinds; `undated` those whose due date is 待公布日历."""
    enterprises, projects = (
        listing.counted(worklist.waiting(actor, kind, undated=undated), MOST) for kind in worklist.KINDS
    )
    filings = unit_filings.waiting(actor)
    filings = filings.where(UnitFiling.due_on.is_(None)) if undated else filings
    return enterprises + projects + listing.counted(filings, MOST)


def of_this_request() -> Mapping[str, int]:
    """The counts of the person at hand, asked once."""
    if "nav_badges" not in g:
        g.nav_badges = nav_badges(current_actor())
    counts: Mapping[str, int] = g.nav_badges
    return counts
