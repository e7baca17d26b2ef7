"""A person as the services know them, read from the database, for work after the request; and one deed at a time."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from models.bureau import Bureau
from models.user import User


def actor_of(session: Session, user_id: int) -> Actor:
    """The account with the rights that it has now; one that is closed or gone has none."""
    user = session.get(User, user_id, populate_existing=True)
    if user is None or not user.active or user.must_change_password:
        return Actor(user_id=None, username="")
    known = {role.value for role in Role}
    return Actor(
        user_id=user.id,
        username=user.username,
        name=user.display_name or user.username,
        roles=frozenset(role.name for role in user.roles if role.name in known),
        organization_id=user.organization_id,
        bureau_id=user.bureau_id,
        bureau_ids=_bureaus(session, user.bureau_id),
        is_root=user.bureau is not None and user.bureau.parent_id is None,
        matters=frozenset(user.matters or ()),
    )


def hold(session: Session, actor: Actor) -> None:
    """Let no other transaction write what this person keeps until this one ends; who refers to them does not wait."""
    session.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))


def _bureaus(session: Session, bureau_id: int | None) -> frozenset[int]:
    """The bureau and all below it."""
    if bureau_id is None:
        return frozenset()
    tree: Any = select(Bureau.id).where(Bureau.id == bureau_id).cte("below", recursive=True)
    tree = tree.union(select(Bureau.id).join(tree, Bureau.parent_id == tree.c.id))  # UNION ends a looped tree too
    return frozenset(session.scalars(select(tree.c.id)))
