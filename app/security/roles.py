"""The permission matrix, written into FAB's tables exactly: what it lacks is added, what it no longer says goes."""

from collections.abc import Iterable
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
)
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from app.domain.permissions import PERMISSIONS
from app.domain.terms import Role as RoleName
from app.security.actor import MENU, PREFIX
from models.engine import begin_write

ONE_WRITER_OF_ROLES = 3_202_812_017  # any constant, the same in every process
Right = tuple[str, str]  # (permission, view), as FAB names them


def verb_of(permission: str) -> str:
    """The matrix's word for a FAB permission: `can_list` and the action `list` are one right."""
    return permission.removeprefix(PREFIX)


def wanted_rights(views: Iterable[Any], menu: Iterable[Any]) -> dict[str, set[Right]]:
    """Per role the rights it must have, from the registered views, the menu and the matrix."""
    offered = {(right, view.class_permission_name) for view in views for right in view.base_permissions or ()}
    entries = [(group, child) for group in menu for child in (group.childs or [group])]
    wanted = {}
    for role in RoleName:
        rights = {(right, name) for right, name in offered if _grants(role, name, right)}
        for group, child in entries:
            if _opens(rights, child):
                rights |= {(MENU, child.name), (MENU, group.name)}
        wanted[role.value] = rights
    return wanted


def _grants(role: RoleName, resource: str, right: str) -> bool:
    return verb_of(right) in PERMISSIONS.get(role, {}).get(resource, frozenset())


def _opens(rights: set[Right], entry: Any) -> bool:
    """Whether the page behind a menu entry is open with these rights."""
    view = entry.baseview
    if view is None or not hasattr(getattr(view, view.default_view, None), "_permission_name"):
        return False
    return (PREFIX + view.get_method_permission(view.default_view), view.class_permission_name) in rights


def sync_roles(session: Session, appbuilder: Any) -> int:
    """Make the tables say what the matrix says; gives how many grants changed. Safe to run twice at once."""
    begin_write(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_WRITER_OF_ROLES})
    wanted = wanted_rights(appbuilder.baseviews, appbuilder.menu.get_list())
    rights = _ensure_rights(session, set().union(*wanted.values()))
    roles = _named(session, Role, set(wanted))
    changed = sum(_sync_role(session, roles[name], {rights[right] for right in held}) for name, held in wanted.items())
    _drop_unused(session, set(rights.values()))
    session.commit()
    return changed


def pending_changes(session: Session, appbuilder: Any) -> int:
    """How many grants `sync_roles` would change; reads only."""
    grant = assoc_permissionview_role.c
    query = select(Role.name, Permission.name, ViewMenu.name).select_from(assoc_permissionview_role)
    query = query.join(Role, Role.id == grant.role_id)
    query = query.join(PermissionView, PermissionView.id == grant.permission_view_id)
    query = query.join(Permission, Permission.id == PermissionView.permission_id)
    query = query.join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    held = {(row[0], row[1], row[2]) for row in session.execute(query)}
    wanted = wanted_rights(appbuilder.baseviews, appbuilder.menu.get_list())
    return len(held ^ {(role, *right) for role, rights in wanted.items() for right in rights})


def _ensure_rights(session: Session, needed: set[Right]) -> dict[Right, int]:
    """The keys of the rights, made where they are missing."""
    there = _rights(session)
    missing = sorted(needed - set(there))
    if missing:
        permissions = _named(session, Permission, {permission for permission, _ in missing})
        views = _named(session, ViewMenu, {view for _, view in missing})
        rows = [{"permission_id": permissions[p], "view_menu_id": views[v]} for p, v in missing]
        session.execute(insert(PermissionView), rows)
        there = _rights(session)
    return {right: there[right] for right in needed}


def _rights(session: Session) -> dict[Right, int]:
    query = select(Permission.name, ViewMenu.name, PermissionView.id).select_from(PermissionView)
    query = query.join(Permission, Permission.id == PermissionView.permission_id)
    query = query.join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def _named(session: Session, model: Any, names: set[str]) -> dict[str, int]:
    """The keys of the rows of these names, made where they are missing."""
    query = select(model.name, model.id).where(model.name.in_(names))
    there = {row[0]: row[1] for row in session.execute(query)}
    missing = sorted(names - set(there))
    if missing:
        session.execute(insert(model), [{"name": name} for name in missing])
        there = {row[0]: row[1] for row in session.execute(query)}
    return there


def _sync_role(session: Session, role_id: int, wanted: set[int]) -> int:
    grant = assoc_permissionview_role
    held = set(session.scalars(select(grant.c.permission_view_id).where(grant.c.role_id == role_id)))
    surplus, missing = held - wanted, wanted - held
    if surplus:
        which = (grant.c.role_id == role_id) & grant.c.permission_view_id.in_(surplus)
        session.execute(delete(grant).where(which))
    if missing:
        rows = [{"role_id": role_id, "permission_view_id": right} for right in sorted(missing)]
        session.execute(insert(grant), rows)
    return len(surplus) + len(missing)


def _drop_unused(session: Session, used: set[int]) -> None:
    """Rights that no view offers any more, and grants of roles that the matrix does not know."""
    grant = assoc_permissionview_role
    known = select(Role.id).where(Role.name.in_([role.value for role in RoleName]))
    session.execute(delete(grant).where(grant.c.role_id.not_in(known)))
    stale = [key for key in session.scalars(select(PermissionView.id)) if key not in used]
    if stale:
        session.execute(delete(grant).where(grant.c.permission_view_id.in_(stale)))
        session.execute(delete(PermissionView).where(PermissionView.id.in_(stale)))
