"""Counts beside the menu's entries: what the person can act on. Read once, when a page draws its rail."""

from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy import func, select
from werkzeug.local import LocalProxy

from app.domain.permissions import Actor, may
from app.domain.terms import Status
from app.scope import criteria
from app.security.actor import current_actor
from app.security.here import db
from app.services import inbox
from models.enterprise import Enterprise
from models.project import Project

URGENT = frozenset({"enterprises", "projects"})  # what came back has colour


def for_templates() -> dict[str, Any]:
    """`nav_badges` by menu name and `nav_urgent`, for the rail; nothing is read until it asks."""
    return {"nav_badges": LocalProxy(_of_this_request), "nav_urgent": URGENT}


def nav_badges(actor: Actor) -> Mapping[str, int]:
    """Returned records and unread messages for an applicant, submitted records for those who review."""
    counts: dict[str, int] = {}
    if actor.organization_id is not None:
        counts["enterprises"] = _count(actor, Enterprise, Status.RETURNED)
        counts["projects"] = _count(actor, Project, Status.RETURNED)
        counts["inbox"] = inbox.unread_count(db(), actor)
    if may(actor.roles, "worklist", "list"):
        waiting = (_count(actor, model, Status.SUBMITTED) for model in (Enterprise, Project))
        counts["worklist"] = sum(waiting)
    return counts


def _count(actor: Actor, model: Any, status: Status) -> int:
    query = select(func.count()).select_from(model).where(criteria(actor, model), model.status == status)
    return db().scalar(query) or 0


def _of_this_request() -> Mapping[str, int]:
    if "nav_badges" not in g:
        g.nav_badges = nav_badges(current_actor())
    counts: Mapping[str, int] = g.nav_badges
    return counts
