"""What `flask --app run` and the web server open: the application, made when it is first asked for."""

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    from app.factory import create_app  # noqa: PLC0415 - importing this module must not need settings

    application = create_app()
    globals()["app"] = application
    return application
