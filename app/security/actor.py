"""The person behind the request as the services know them, and what they may open: read once, kept in `g`."""

from typing import cast

from flask import g, has_request_context
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
)
from flask_login import current_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.permissions import ANONYMOUS, Actor, root_may
from app.domain.terms import Role as RoleName
from app.security.here import address, db
from app.services import reference, stamped
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
    for name in ("actor", "held_roles", "granted", "rights"):
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
    """Roles and rights, once per request for the person at hand."""
    if g.get("granted") is None or g.granted[0] != user.id:
        roles = _roles_of(user) & KNOWN
        g.granted = (user.id, roles, _rights_of_roles(db(), roles))
    return cast("tuple[frozenset[str], Rights]", g.granted[1:])


def _roles_of(user: User) -> frozenset[str]:
    """Names of the roles that the account holds: the session lookup has read those of the person at hand."""
    if g.get("held_roles") is not None and g.held_roles[0] == user.id:
        return cast("frozenset[str]", g.held_roles[1])
    return frozenset(role.name for role in user.roles)


@stamped.once
def _rights_of_roles(session: Session, roles: frozenset[str]) -> Rights:
    return frozenset((right, view) for right, view in session.execute(RIGHTS_OF, {"roles": sorted(roles)}))


KNOWN = frozenset(role.value for role in RoleName)
# Put together once, as every request that writes asks it.
RIGHTS_OF = (
    select(Permission.name, ViewMenu.name)
    .select_from(Role)
    .join(assoc_permissionview_role, assoc_permissionview_role.c.role_id == Role.id)
    .join(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
    .join(Permission, Permission.id == PermissionView.permission_id)
    .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    .where(Role.name.in_(bindparam("roles", expanding=True)))
)


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
        matters=frozenset(user.matters or ()),
        address=address(),
        request_id=g.get("request_id"),
    )


def _stranger() -> Actor:
    if not has_request_context():
        return ANONYMOUS
    return Actor(user_id=None, username="", address=address(), request_id=g.get("request_id"))
