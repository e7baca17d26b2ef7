"""Counts beside the menu's entries: what the person can act on. Read once, when a page draws its rail."""

from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy import func, select
from werkzeug.local import LocalProxy

from app.domain.permissions import Actor, may
from app.domain.terms import Role, Status
from app.scope import criteria
from app.security.actor import current_actor, signed_in_user
from app.security.here import db
from app.services import inbox, second_person
from models.enterprise import Enterprise
from models.project import Project

URGENT = frozenset({"enterprises", "projects", "pending_acts"})  # what came back has colour


def for_templates() -> dict[str, Any]:
    """For the frame: counts by menu name (read when the rail asks), which have colour, and where one works."""
    return {"nav_badges": LocalProxy(_of_this_request), "nav_urgent": URGENT, "current_place": _place()}


def _place() -> str:
    """The bureau that a member of staff works at; empty for everybody else."""
    user = signed_in_user()
    return user.bureau.name if user is not None and user.bureau is not None else ""


def nav_badges(actor: Actor) -> Mapping[str, int]:
    """Returned records and unread messages for an applicant, submitted records for those who review: one statement."""
    asked = {}
    if Role.APPLICANT in actor.roles:
        asked["enterprises"] = _count(actor, Enterprise, Status.RETURNED)
        asked["projects"] = _count(actor, Project, Status.RETURNED)
        asked["inbox"] = inbox.unread(actor).scalar_subquery()
    if may(actor.roles, "worklist", "list"):
        asked["worklist"] = _count(actor, Enterprise, Status.SUBMITTED) + _count(actor, Project, Status.SUBMITTED)
    if may(actor.roles, "pending_acts", "confirm"):
        asked["pending_acts"] = second_person.waiting_for(actor).scalar_subquery()
    if not asked:
        return {}
    found = db().execute(select(*(count.label(name) for name, count in asked.items()))).one()
    return dict(found._mapping)


def _count(actor: Actor, model: Any, status: Status) -> Any:
    query = select(func.count()).select_from(model).where(criteria(actor, model), model.status == status)
    return query.scalar_subquery()


def _of_this_request() -> Mapping[str, int]:
    if "nav_badges" not in g:
        g.nav_badges = nav_badges(current_actor())
    counts: Mapping[str, int] = g.nav_badges
    return counts
