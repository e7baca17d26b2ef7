"""Who holds a role at one's bureau and below."""

from flask_appbuilder.security.sqla.models import Role as FabRole
from flask_appbuilder.security.sqla.models import assoc_user_role
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.scope import criteria
from models.bureau import Bureau
from models.user import User

MOST = 100  # named; the count says how many there are


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """Accounts in reach per role that can sign in."""
    query = (
        select(FabRole.name, func.count())
        .join(assoc_user_role, assoc_user_role.c.role_id == FabRole.id)
        .join(User, User.id == assoc_user_role.c.user_id)
        .where(criteria(actor, User), User.active.is_(True))
        .group_by(FabRole.name)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def of(session: Session, actor: Actor, role: str) -> list[tuple[int, str, str]]:
    """Key, name and bureau of the staff who hold it, by name; at most MOST."""
    query = (
        select(User.id, User.display_name, Bureau.name)
        .join(Bureau, Bureau.id == User.bureau_id)
        .join(assoc_user_role, assoc_user_role.c.user_id == User.id)
        .join(FabRole, FabRole.id == assoc_user_role.c.role_id)
        .where(criteria(actor, User), FabRole.name == role, User.active.is_(True))
        .order_by(User.display_name_order, User.id)
        .limit(MOST)
    )
    return [(key, name, bureau) for key, name, bureau in session.execute(query)]
