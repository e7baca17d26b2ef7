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
    """Returned records and unread messages for an applicant, submitted records for those who review."""
    counts: dict[str, int] = {}
    if Role.APPLICANT in actor.roles:
        counts["enterprises"] = _count(actor, Enterprise, Status.RETURNED)
        counts["projects"] = _count(actor, Project, Status.RETURNED)
        counts["inbox"] = inbox.unread_count(db(), actor)
    if may(actor.roles, "worklist", "list"):
        waiting = (_count(actor, model, Status.SUBMITTED) for model in (Enterprise, Project))
        counts["worklist"] = sum(waiting)
    if may(actor.roles, "pending_acts", "confirm"):
        counts["pending_acts"] = second_person.waiting_count(db(), actor)
    return counts


def _count(actor: Actor, model: Any, status: Status) -> int:
    query = select(func.count()).select_from(model).where(criteria(actor, model), model.status == status)
    return db().scalar(query) or 0


def _of_this_request() -> Mapping[str, int]:
    if "nav_badges" not in g:
        g.nav_badges = nav_badges(current_actor())
    counts: Mapping[str, int] = g.nav_badges
    return counts
