"""What `flask --app run` and the web server open: the application, made when it is first asked for."""

import gc
from typing import Any

OBJECTS_OF_A_PAGE = 20_000


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    from app.factory import create_app  # noqa: PLC0415 - importing this module must not need settings

    application = settled(create_app())
    globals()["app"] = application
    return application


def settled(application: Any) -> Any:
    """What has been made by now lives as long as the process: no request has to look through it for garbage.

    A page makes thousands of objects that go with it by themselves, so the collector looks after cycles less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_OF_A_PAGE)
    return application
