"""In which order rows are held, everywhere.

Two transactions that hold a row each and wait for the other's end in a deadlock, and one of them is thrown out. So
whoever writes takes rows in one order. Every row that is written refers to its organization, if only through its event
in the audit trail, and the database holds what is referred to: therefore the organization comes first. Who writes the
organization itself holds it alone; all others hold it beside each other, and wait only for the former.

SQLite has one writer at a time and needs none of this.
"""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.account_request import AccountRequest
from models.attachment import Attachment
from models.enterprise import Enterprise
from models.mandate import Mandate
from models.matter import ProjectMatter
from models.organization import Organization
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from models.unit_work import UnitFiling
from models.user import User

ORDER: tuple[type[Any], ...] = (
    Organization,
    Enterprise,
    Project,
    UnitFiling,
    ProjectMatter,
    Mandate,
    Attachment,
    AccountRequest,
    PendingAct,
    Outbox,
    User,
)
"""First to last; rows of one table by their key. What is not named here is only added, or is nobody's in particular."""


def hold_organization(session: Session, model: type[Any], key: object) -> None:
    """Hold the organization that the row belongs to, beside others who write of it, before the row itself is held."""
    owner = _owner(model, key)
    if owner is not None and session.get_bind().dialect.name == "postgresql":
        query = select(Organization.id).where(Organization.id == owner.scalar_subquery())
        session.execute(query.with_for_update(read=True, key_share=True, of=Organization))


def hold_own(session: Session, organization_id: int | None) -> None:
    """The same of an organization that is known, before anything is written that refers to it."""
    if organization_id is not None and session.get_bind().dialect.name == "postgresql":
        query = select(Organization.id).where(Organization.id == organization_id)
        session.execute(query.with_for_update(read=True, key_share=True, of=Organization))


def is_held_alone(model: type[Any]) -> bool:
    """Whether who holds the row also keeps out those who refer to it: the organization's name and code go far."""
    return model is Organization


def _owner(model: type[Any], key: object) -> Select[Any] | None:
    """The organization's key, asked of the row itself, or of the project or enterprise that it hangs on."""
    if model is Organization:
        return None
    if hasattr(model, "organization_id"):
        return select(model.organization_id).where(model.id == key)
    above = [
        select(parent.organization_id).join(model, getattr(model, column) == parent.id).where(model.id == key)
        for column, parent in (("project_id", Project), ("enterprise_id", Enterprise))
        if hasattr(model, column)
    ]
    return select(func.coalesce(*(one.scalar_subquery() for one in above), None)) if above else None
