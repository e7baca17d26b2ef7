"""The one composition root: settings, clock, storage, database, security and views become an application."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app import assets, cli
from app.domain.clock import Clock, SystemClock
from app.extensions import Console, Parts, csrf, db, migrate
from app.security import gate, headers, selfcheck
from app.security.actor import current_actor
from app.security.limits import storage_uri
from app.security.manager import ConsoleSecurityManager
from app.security.throttle import Counters
from app.services import reading
from app.storage import storage_from_url
from config import ROOT, Settings, load_or_exit, ready
from models.engine import guard, install
from models.types import use_keys
from views import addresses, badges, catalogues, errors, kept, once, register_all, shown_errors

log = logging.getLogger(__name__)

LARGEST_FIELD = 500_000
MOST_FORM_PARTS = 1_000
READING = frozenset({"GET", "HEAD"})


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """The application. It reads the database's address and writes nothing to it."""
    chosen = _checked(settings)
    use_keys(*chosen.data_keys)
    app = Flask("app", static_folder="static", template_folder="templates")
    app.config.update(_flask_config(chosen), **_fab_config(chosen))
    app.extensions["yht"] = Parts(
        settings=chosen,
        clock=clock or SystemClock(),
        storage=storage_from_url(chosen.storage_url),
        counters=Counters(chosen.ratelimit_url, chosen.secret_key),
    )
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _compose(app, chosen)
    return app


def _checked(settings: Settings | None) -> Settings:
    return load_or_exit() if settings is None else ready(settings)


def _compose(app: Flask, settings: Settings) -> None:
    app.before_request(_read_once)
    app.teardown_request(_end_reading)
    gate.install_first(app)
    headers.install(app, strict_transport=settings.is_production)
    assets.install(app)
    csrf.init_app(app)
    errors.register(app)
    shown_errors.init(app)
    kept.install(app)
    once.install(app)
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        install(db.engine)
        guard(db.session.session_factory, lambda told: log.error(told, stack_info=True))
        console = Console(security_manager_class=ConsoleSecurityManager)
        console.init_app(app, db.session)
        catalogues.install(app)
        addresses.install(app)
        register_all(console)
        app.extensions["yht"].views.update({view.endpoint: view for view in console.baseviews})
        gate.install_last(app)
        cli.register(app)
        app.context_processor(lambda: _for_templates(settings))
        selfcheck.check(app)


def _read_once() -> None:
    """A request that only reads asks the database each thing once."""
    if request.method in READING:
        reading.begin(db.session())


def _end_reading(error: BaseException | None) -> None:
    """And its transaction ends without a trace."""
    if error is None and request.method in READING and db.session.registry.has():
        reading.end(db.session())


def _for_templates(settings: Settings) -> dict[str, Any]:
    return {
        "profile": settings.profile,
        "request_id": g.get("request_id"),
        "current_actor": current_actor,
        **badges.for_templates(),
        **kept.for_templates(),
    }


def _flask_config(settings: Settings) -> dict[str, Any]:
    """Flask and its smaller extensions."""
    return {
        "SECRET_KEY": settings.secret_key,
        "DEBUG": settings.debug,
        "PROPAGATE_EXCEPTIONS": False,  # tests see the page that a person would see
        "TRUSTED_HOSTS": list(settings.hosts),
        "PREFERRED_URL_SCHEME": urlsplit(settings.public_url).scheme,
        "MAX_CONTENT_LENGTH": settings.max_request_bytes,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FIELD,
        "MAX_FORM_PARTS": MOST_FORM_PARTS,
        "SESSION_COOKIE_NAME": "__Host-yht" if settings.is_production else "yht",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "WTF_CSRF_CHECK_DEFAULT": False,  # app.security.gate checks, knowing which views take keys alone
        "WTF_CSRF_TIME_LIMIT": settings.session_absolute_hours * 3600,
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_STORAGE_URI": storage_uri(settings.ratelimit_url),
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_HEADERS_ENABLED": True,
    }


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.database_url.startswith("sqlite"):
        return {"hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": settings.threads,
        "max_overflow": 2,
        "pool_timeout": 10,
    }


def _fab_config(settings: Settings) -> dict[str, Any]:
    """Flask-AppBuilder and Babel."""
    return {
        "APP_NAME": "一号通",
        "AUTH_TYPE": 1,
        "AUTH_USER_REGISTRATION": False,
        "FAB_BASE_TEMPLATE": "console/base.html",
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_VIEWS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_MENU_API": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_PASSWORD_HASH_METHOD": settings.password_hash,
        "LANGUAGES": {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}},
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(ROOT, "translations")),
    }
