"""What `flask --app run` and the web server open: the application, made when it is first asked for."""

import gc
from typing import Any


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    from app.factory import create_app  # noqa: PLC0415 - importing this module must not need settings

    application = settled(create_app())
    globals()["app"] = application
    return application


def settled(application: Any) -> Any:
    """What has been made by now lives as long as the process: no request has to look through it for garbage."""
    gc.collect()
    gc.freeze()
    return application
