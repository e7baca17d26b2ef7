"""Starting: no SQL at all, no stock page, and no start at all when a rule is broken."""

import threading
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import BaseView, ModelView, expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import PermissionView, Role, assoc_permissionview_role
from flask_appbuilder.security.views import UserDBModelView
from sqlalchemy import Engine, event, func, insert, select
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from app.domain.permissions import PERMISSIONS
from app.domain.terms import Role as RoleName
from app.factory import create_app
from app.security import selfcheck
from app.security.roles import pending_changes, sync_roles
from config import BadSettings
from models.organization import Organization
from models.project import Project
from models.user import User
from tests.app_fixtures import PASSWORD, close, running
from tests.databases import on_sqlite
from views.base import EagerInterface, TrustedBaseView, TrustedModelView


def test_a_start_sends_no_statement_to_the_database(settings: Any, clock: FixedClock) -> None:
    statements: list[str] = []

    def note(_c: object, _u: object, sql: str, *_: object) -> None:
        statements.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        create_app(settings, clock=clock)
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert statements == []


@on_sqlite
def test_settings_handed_over_are_judged_too(settings: Any) -> None:
    with pytest.raises(BadSettings):
        create_app(settings.model_copy(update={"profile": "production"}))


@on_sqlite
def test_no_page_of_fabs_own_is_reachable(app: Flask) -> None:
    names = {type(view).__name__ for view in app.extensions["appbuilder"].baseviews}
    paths = {rule.rule for rule in app.url_map.iter_rules()}

    assert not names & {"UserDBModelView", "RoleModelView", "ResetPasswordView", "ResetMyPasswordView", "SecurityApi"}
    assert not paths & STOCK_PAGES


STOCK_PAGES = {  # /users/ and /roles/ are views of ours
    "/groups/list/", "/permissionviews/list/", "/userstatschartview/chart/",
    "/resetpassword/form", "/resetmypassword/form", "/userinfoeditview/form", "/registeruser/form",
}  # fmt: skip


class UntrustedView(BaseView):
    @expose("/")
    @has_access
    def index(self) -> str:
        return ""


class UntrustedRows(ModelView):
    datamodel = SQLAInterface(Organization)


class UnscopedRows(TrustedModelView):
    datamodel = EagerInterface(Organization)
    class_permission_name = "organizations"
    base_filters = []
    list_columns = ["name"]


class NamelessRows(TrustedModelView):
    datamodel = EagerInterface(Organization)
    list_columns = ["name"]


class LeakyRows(TrustedModelView):
    datamodel = EagerInterface(Project)
    class_permission_name = "projects"
    list_columns = ["name"]
    search_columns = ["organization", "contact_mobile"]
    order_columns = ["organization.name"]
    edit_columns = ["status", "organization"]


class GetDeletes(TrustedBaseView):
    @expose("/delete/<pk>", methods=["GET", "POST"])
    def delete(self, pk: str) -> str:
        return pk


@on_sqlite
@pytest.mark.parametrize(
    ("view", "words"),
    [
        (UntrustedView, ["not a TrustedBaseView", "names no class_permission_name"]),
        (UntrustedRows, ["not a TrustedModelView"]),
        (UnscopedRows, ["has no scope"]),
        (NamelessRows, ["names no class_permission_name"]),
        (LeakyRows, ["searches organization", "contact_mobile, which is encrypted", "orders by organization.name",
                     "lets a form write status", "every row of organization"]),
        (GetDeletes, ["answers more than POST"]),
        (UserDBModelView, ["one of FAB's own security views"]),
    ],
    ids=lambda given: given.__name__ if isinstance(given, type) else "",
)  # fmt: skip
def test_a_view_that_breaks_a_rule_stops_the_start(
    settings: Any, clock: FixedClock, view: type, words: list[str]
) -> None:
    app = create_app(settings, clock=clock)
    if view is UserDBModelView:
        view.datamodel = SQLAInterface(User)
    with app.app_context():
        app.extensions["appbuilder"].add_view_no_menu(view)

        with pytest.raises(selfcheck.Unsafe) as unsafe:
            selfcheck.check(app)

    for word in words:
        assert word in str(unsafe.value)


@on_sqlite
def test_a_route_outside_the_views_and_an_exemption_stop_the_start(settings: Any, clock: FixedClock) -> None:
    app = create_app(settings, clock=clock)
    app.add_url_rule("/quiet", "quiet", lambda: "")
    app.extensions["csrf"].exempt("somewhere.view")
    try:
        with pytest.raises(selfcheck.Unsafe) as unsafe, app.app_context():
            selfcheck.check(app)
    finally:
        app.extensions["csrf"]._exempt_views.clear()

    assert "/quiet belongs to no view" in str(unsafe.value)
    assert "exempt from CSRF" in str(unsafe.value)


# Roles ------------------------------------------------------------------------------------------------


def _held(session: Session) -> dict[str, set[str]]:
    rows = session.execute(
        select(Role.name, PermissionView)
        .join(assoc_permissionview_role, assoc_permissionview_role.c.role_id == Role.id)
        .join(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
    )
    held: dict[str, set[str]] = {}
    for role, right in rows:
        held.setdefault(role, set()).add(f"{right.permission.name} {right.view_menu.name}")
    return held


def test_roles_say_what_the_matrix_says(app: Flask, db_session: Session) -> None:
    held = _held(db_session)

    assert set(db_session.scalars(select(Role.name))) >= {role.value for role in RoleName}
    for role, rights in held.items():
        for right in rights:
            permission, view = right.split(" ")
            granted = PERMISSIONS[RoleName(role)].get(view, frozenset())
            assert permission == "menu_access" or permission.removeprefix("can_") in granted, (role, right)
    assert "can_list projects" in held["reviewer"]
    assert "can_list projects" not in held.get("auditor", set())


def test_a_grant_that_the_matrix_does_not_know_goes_and_a_missing_one_comes(app: Flask, db_session: Session) -> None:
    from app.extensions import db

    before = _held(db_session)
    auditor = db_session.scalars(select(Role.id).where(Role.name == "auditor")).one()
    stranger = Role(name="Admin")
    db_session.add(stranger)
    db_session.flush()
    grant = assoc_permissionview_role
    right, other = db_session.scalars(select(PermissionView.id).order_by(PermissionView.id).limit(2)).all()
    db_session.execute(insert(grant), [{"role_id": auditor, "permission_view_id": right}])
    db_session.execute(insert(grant), [{"role_id": stranger.id, "permission_view_id": right}])
    db_session.execute(grant.delete().where(grant.c.permission_view_id == other))
    db_session.commit()

    with app.app_context():
        assert pending_changes(db.session(), app.extensions["appbuilder"]) > 0
        sync_roles(db.session(), app.extensions["appbuilder"])
        assert pending_changes(db.session(), app.extensions["appbuilder"]) == 0
        assert sync_roles(db.session(), app.extensions["appbuilder"]) == 0

    assert _held(db_session) == before


def test_a_fresh_database_made_ready_twice_at_once_is_ready_once(
    empty_database_url: str, tmp_path: Any, clock: FixedClock
) -> None:
    from app.cli.init import init
    from tests.app_fixtures import settings_for

    chosen = settings_for(
        empty_database_url, tmp_path, admin_username="first.admin", admin_password="Bureau-Secret-2026"
    )
    apps = [create_app(chosen, clock=clock) for _ in range(2)]
    outcomes: list[Any] = []

    def run(app: Flask) -> None:
        outcomes.append(app.test_cli_runner().invoke(init))

    threads = [threading.Thread(target=run, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for app in apps:
        close(app)

    assert [(one.exit_code, one.exception) for one in outcomes] == [(0, None), (0, None)]
    with running(chosen, clock) as app:
        from app.extensions import db

        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(User)) == 1
        assert app.test_client().sign_in("first.admin", "Bureau-Secret-2026").status_code == 302  # type: ignore[attr-defined]


# Commands ---------------------------------------------------------------------------------------------


@on_sqlite
def test_the_first_administrator_needs_a_strong_password_and_is_made_once(app: Flask, db_session: Session) -> None:
    from app.cli.init import create_admin

    runner = app.test_cli_runner()

    weak = runner.invoke(create_admin, ["--username", "boss", "--password", "11111"])
    made = runner.invoke(create_admin, ["--username", "boss", "--password", "Bureau-Secret-2026"])
    again = runner.invoke(create_admin, ["--username", "BOSS", "--password", "Other-Secret-2026"])

    assert weak.exit_code == 1
    assert (made.exit_code, again.exit_code) == (0, 0)
    assert "未作改动" in again.output
    user = db_session.scalars(select(User)).one()
    assert [role.name for role in user.roles] == ["administrator"]
    assert user.bureau.parent_id is None
    assert PASSWORD not in made.output


@on_sqlite
def test_create_admin_without_a_name_says_what_is_missing(app: Flask) -> None:
    from app.cli.init import create_admin

    answer = app.test_cli_runner().invoke(create_admin, [])

    assert answer.exit_code == 1
    assert "YHT_ADMIN_USERNAME" in answer.output


def test_check_finds_what_is_missing_and_then_nothing(app: Flask) -> None:
    from app.cli.check import check
    from app.cli.init import create_admin, init

    runner = app.test_cli_runner()
    runner.invoke(init)

    before = runner.invoke(check)
    runner.invoke(create_admin, ["--username", "boss", "--password", "Bureau-Secret-2026"])
    after = runner.invoke(check)

    assert (before.exit_code, after.exit_code) == (1, 0)
    assert "create-admin" in before.output
