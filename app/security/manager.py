"""FAB's security manager with its doors closed: our sessions, our rights per request, none of its own views."""

from typing import Any

from flask import Flask, g
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_limiter import Limiter
from flask_login import LoginManager, current_user

from app.security import sessions, signin
from app.security.actor import MENU, rights_of, signed_in_user
from app.security.here import address, is_key_request
from models.user import User


class ConsoleSecurityManager(SecurityManager):
    """What FAB asks of a security manager, answered from the session row and the rights in `g`."""

    user_model = User
    userstatschartview = None

    # FAB's own views and tables ---------------------------------------------------------------

    def register_views(self) -> None:
        """None of FAB's views: sign-in is ours, accounts are edited in our own views."""

    def create_db(self) -> None:
        """Nothing: a start writes nothing, `yht init` does."""

    def add_permissions_view(self, base_permissions: Any, view_menu: str) -> None:
        """Nothing: app.security.roles writes rights, from the matrix, exactly."""

    def add_permissions_menu(self, view_menu_name: str) -> None:
        """Nothing, as above."""

    def create_jwt_manager(self, app: Flask) -> None:
        """None: FAB's token login would be a second door."""

    # Who is asking --------------------------------------------------------------------------------

    def create_login_manager(self, app: Flask) -> LoginManager:
        manager = super().create_login_manager(app)
        manager.session_protection = None  # the session row decides, not the browser's address
        return manager

    def create_limiter(self, app: Flask) -> Limiter:
        limiter = Limiter(key_func=address)
        limiter.init_app(app)
        return limiter

    def load_user(self, pk: Any) -> User | None:
        """The account behind a session token. FAB calls it a pk; the cookie never holds one."""
        if is_key_request():
            return None
        visit = sessions.resume(str(pk))
        if visit is None:
            sessions.forget_browser()
            return None
        return visit.user

    def load_user_jwt(self, _jwt_header: Any, jwt_data: Any) -> None:
        """Nobody: there are no tokens."""

    def auth_user_db(self, username: str | None, password: str | None) -> User | None:
        """The same door for whoever calls FAB's."""
        return signin.sign_in(username or "", password or "")

    @property
    def current_user(self) -> User | None:
        return signed_in_user()

    @staticmethod
    def before_request() -> None:
        g.user = current_user

    # What they may open ---------------------------------------------------------------------------

    def has_access(self, permission_name: str, view_name: str) -> bool:
        user = signed_in_user()
        return user is not None and self._has_view_access(user, permission_name, view_name)

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return not user.must_change_password and (permission_name, view_name) in rights_of(user)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Never: public pages ask for no right, all others need a person."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        user = signed_in_user()
        if user is None or user.must_change_password:
            return set()
        return {view for permission, view in rights_of(user) if permission == MENU}
