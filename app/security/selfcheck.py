"""What must be true of the application before it serves anybody; a start that breaks a rule does not happen."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_appbuilder.baseviews import BaseCRUDView, BaseModelView
from flask_appbuilder.security import views as stock
from werkzeug.routing import Rule

from app.security.gate import CHANGING
from app.security.headers import STATIC_ENDPOINTS
from models.types import EncryptedJson, EncryptedText

PLAIN_ENDPOINTS = STATIC_ENDPOINTS | {"health.healthz", "health.readyz"}
TRUSTED_BASE, TRUSTED_ROWS = "TrustedBaseView", "TrustedModelView"
SCOPE = "InScope"
POST_ONLY = frozenset({"delete", "action", "action_post", "logout"})
SECRET_TYPES = (EncryptedText, EncryptedJson)
STOCK_VIEWS = tuple(
    kind for kind in vars(stock).values() if isinstance(kind, type) and kind.__module__ == stock.__name__
)


class Unsafe(RuntimeError):
    """The application breaks a rule of its own; the message lists each."""


def check(app: Flask) -> None:
    """Raise Unsafe with every broken rule."""
    broken = [*_settings(app), *_routes(app)]
    for view in app.extensions["appbuilder"].baseviews:
        broken += _view(view)
    if broken:
        raise Unsafe("; ".join(broken))


def _settings(app: Flask) -> Iterator[str]:
    if "csrf" not in app.extensions or not app.config.get("WTF_CSRF_ENABLED", True):
        yield "CSRF protection is off"
    if app.extensions["csrf"]._exempt_views or app.extensions["csrf"]._exempt_blueprints:
        yield "something is exempt from CSRF protection"
    if app.config["FAB_CREATE_DB"] or app.config["FAB_UPDATE_PERMS"]:
        yield "a start would write to the database"
    if not app.config["TRUSTED_HOSTS"] or not app.config["MAX_CONTENT_LENGTH"]:
        yield "hosts or request sizes are unbounded"


def _routes(app: Flask) -> Iterator[str]:
    views = {view.endpoint for view in app.extensions["appbuilder"].baseviews}
    for rule in app.url_map.iter_rules():
        blueprint, _dot, method = rule.endpoint.partition(".")
        if rule.endpoint not in PLAIN_ENDPOINTS and blueprint not in views:
            yield f"{rule.rule} belongs to no view"
        if method in POST_ONLY and _methods(rule) - {"POST"}:
            yield f"{rule.rule} changes something and answers more than POST"


def _methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def _view(view: Any) -> Iterator[str]:
    name = type(view).__name__
    ancestors = {kind.__name__ for kind in type(view).__mro__}
    if isinstance(view, STOCK_VIEWS):
        yield f"{name} is one of FAB's own security views"
    if isinstance(view, BaseModelView | BaseCRUDView):
        if TRUSTED_ROWS not in ancestors:
            yield f"{name} is not a {TRUSTED_ROWS}"
        else:
            yield from _rows(view, name)
    elif TRUSTED_BASE not in ancestors:
        yield f"{name} is not a {TRUSTED_BASE}"
    if view.base_permissions and not type(view).class_permission_name:
        yield f"{name} names no class_permission_name"


def _rows(view: Any, name: str) -> Iterator[str]:
    scoped = any(type(one).__name__ == SCOPE for one in view._base_filters.filters)
    if not scoped and not view.unscoped_because:
        yield f"{name} has no scope"
    model = view.datamodel
    for column in view.search_columns:
        if model.is_relation(column) or column not in model.list_columns:
            yield f"{name} searches {column}, which is no column of its own"
        elif isinstance(model.list_columns[column].type, SECRET_TYPES):
            yield f"{name} searches {column}, which is encrypted"
    for column in {*view.add_columns, *view.edit_columns}:
        if model.is_relation(column) and column not in view.small_relations:
            yield f"{name} offers every row of {column} in a select box"
        if column in {"id", "version", "status", "number"}:
            yield f"{name} lets a form write {column}"
    for column in view.order_columns:
        if column not in model.list_columns:
            yield f"{name} orders by {column}, which is no column of its own"


__all__ = ["CHANGING", "Unsafe", "check"]
