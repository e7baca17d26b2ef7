"""The person behind the request as the services know them, and what they may open: read once, kept in `g`."""

from functools import lru_cache
from typing import cast

from flask import g, has_request_context
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from flask_login import current_user
from sqlalchemy import bindparam, select

from app.domain.permissions import ANONYMOUS, Actor, root_may
from app.domain.terms import Role as RoleName
from app.security.here import address, db
from app.services import reference, reference_tables
from models.user import User

MENU, PREFIX = "menu_access", "can_"  # of FAB's permissions
Rights = frozenset[tuple[str, str]]  # (permission, view), as FAB names them


def signed_in_user() -> User | None:
    """The account of this request, or None."""
    if not has_request_context():
        return None
    user = current_user._get_current_object()
    return cast("User", user) if user.is_authenticated else None


def current_actor() -> Actor:
    """Who acts. Built from the database, once per request; a stranger is ANONYMOUS with an address."""
    if "actor" not in g:
        user = signed_in_user()
        g.actor = _actor_of(user) if user else _stranger()
    return cast("Actor", g.actor)


def forget_actor() -> None:
    """Read the person anew, after signing in or out within a request."""
    for name in ("actor", "granted", "rights"):
        g.pop(name, None)


def rights_of(user: User) -> Rights:
    """Every (permission, view) that the account's roles carry now, from where the person works."""
    if g.get("rights") is None or g.rights[0] != user.id:
        granted = _granted(user)[1]
        g.rights = user.id, granted if _is_root(user) else frozenset(filter(_open_everywhere, granted))
    return cast("Rights", g.rights[1])


def _is_root(user: User) -> bool:
    return bool(user.bureau and user.bureau.parent_id is None)


def _open_everywhere(right: tuple[str, str]) -> bool:
    """Whether the right needs no root bureau; a menu entry stands wherever its list may be read."""
    permission, view = right
    return permission == MENU or root_may(False, view, permission.removeprefix(PREFIX))


def _granted(user: User) -> tuple[frozenset[str], Rights]:
    """Roles and rights in one query, once per request for the person at hand, or as they were under its stamp."""
    if g.get("granted") is None or g.granted[0] != user.id:
        stamp = reference_tables.stamp_of(db())
        g.granted = (user.id, *(_read_granted(user.id) if stamp is None else _granted_under(stamp, user.id)))
    return cast("tuple[frozenset[str], Rights]", g.granted[1:])


GRANTED = (  # put together once, as every request asks it
    select(Role.name, Permission.name, ViewMenu.name)
    .select_from(assoc_user_role)
    .join(Role, Role.id == assoc_user_role.c.role_id)
    .outerjoin(assoc_permissionview_role, assoc_permissionview_role.c.role_id == Role.id)
    .outerjoin(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
    .outerjoin(Permission, Permission.id == PermissionView.permission_id)
    .outerjoin(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    .where(assoc_user_role.c.user_id == bindparam("user_id"))
)


@lru_cache(maxsize=4_096)
def _granted_under(_stamp: int, user_id: int) -> tuple[frozenset[str], Rights]:
    """The same while the stamp holds that this request has read: any change of a role or a right draws another."""
    return _read_granted(user_id)


def _read_granted(user_id: int) -> tuple[frozenset[str], Rights]:
    rows = db().execute(GRANTED, {"user_id": user_id}).all()
    known = {role.value for role in RoleName}
    roles = frozenset(row[0] for row in rows if row[0] in known)
    return roles, frozenset((row[1], row[2]) for row in rows if row[0] in known and row[1])


def _actor_of(user: User) -> Actor:
    below = reference.bureaus_below(db(), user.bureau_id) if user.bureau_id else frozenset()
    return Actor(
        user_id=user.id,
        username=user.username,
        name=user.display_name or user.username,
        roles=_granted(user)[0],
        organization_id=user.organization_id,
        bureau_id=user.bureau_id,
        bureau_ids=below,
        is_root=_is_root(user),
        address=address(),
        request_id=g.get("request_id"),
    )


def _stranger() -> Actor:
    if not has_request_context():
        return ANONYMOUS
    return Actor(user_id=None, username="", address=address(), request_id=g.get("request_id"))
