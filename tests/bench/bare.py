"""V1, what the console is measured against: a bare FAB ModelView, tuned by FAB's own options and nothing else.

The same eight columns, a foreign one among them, which is left out of the search form; roles in the database; the
same rows, engine and language. No template, filter or interface of ours.
"""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.manager import SecurityManager
from sqlalchemy import select

from app.domain.fields import PROJECT
from models import Model
from models.engine import install
from models.project import Project
from models.types import use_keys
from models.user import User
from tests.databases import TEST_KEY

LISTED = (
    "number", "name", "organization", "category_code", "status", "investment_10k_cny", "submitted_at", "due_on",
)  # fmt: skip
ROLE, ACCOUNT = "BareViewer", "bare.bench"
VIEW = "BareProjectView"


class BareProjectView(ModelView):
    """The list and the page of projects as FAB makes them."""

    datamodel = SQLAInterface(Project)
    route_base = "/bare"
    list_columns = list(LISTED)
    search_columns = [name for name in LISTED if name != "organization"]
    show_columns = [*LISTED, *sorted(set(PROJECT.names) - set(LISTED))]
    add_columns = edit_columns = [name for name in PROJECT.names if hasattr(Project, name)]
    base_order = ("id", "desc")
    page_size = 25


class BareSecurityManager(SecurityManager):
    """FAB's, on the accounts that are there."""

    user_model = User


def create_bare(database_url: str, *, grant: bool = False) -> Flask:
    """The application; `grant` writes its role and the role's rights, once per database."""
    use_keys(TEST_KEY)
    app = Flask("bare", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY="bench-" * 8, SQLALCHEMY_DATABASE_URI=database_url, BABEL_DEFAULT_LOCALE="zh",
        LANGUAGES={"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}},
        FAB_CREATE_DB=False, FAB_UPDATE_PERMS=False, FAB_ADD_SECURITY_API=False, AUTH_TYPE=1,
    )  # fmt: skip
    db = SQLA(metadata=Model.metadata)
    db.init_app(app)
    with app.app_context():
        install(db.engine)
        builder = AppBuilder(security_manager_class=BareSecurityManager)
        builder.init_app(app, db.session)
        builder.add_view(BareProjectView, "Projects", category="Records")
        if grant:
            _grant(builder)
    return app


def _grant(builder: Any) -> None:
    """A role in the database that may see the list, the page and the form, and its account."""
    sm = builder.sm
    role = sm.add_role(ROLE)
    for permission, view in (
        ("can_list", VIEW), ("can_show", VIEW), ("can_add", VIEW), ("menu_access", "Projects"), ("menu_access", "Records"),
    ):  # fmt: skip
        sm.add_permission_role(role, sm.add_permission_view_menu(permission, view))
    user = builder.session.scalars(select(User).where(User.username == ACCOUNT)).one()
    user.roles = [role]
    builder.session.commit()
