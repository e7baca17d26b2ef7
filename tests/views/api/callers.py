"""Systems that call the interface: a key with its scopes, and a client that sends it."""

import json
from collections.abc import Iterable
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.api import KeyScope
from app.domain.matters import Matter
from app.domain.terms import Role
from app.services import api_keys
from models.api_key import ApiKey
from tests import builders
from tests.app_fixtures import MONDAY

ALL = tuple(str(scope) for scope in KeyScope)


class System:
    """A program of another office, which knows nothing but the address and its key."""

    def __init__(self, app: Flask, key: str) -> None:
        self.client, self.key = app.test_client(use_cookies=False), key

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def put(self, path: str, body: object, **options: Any) -> TestResponse:
        return self.send("PUT", path, data=json.dumps(body), content_type="application/json", **options)


def issued(
    session: Session,
    *,
    scopes: Iterable[str] = ALL,
    matters: Iterable[str] | None = None,
    bureau: str = "320281",
    expires_on: str = "2027-06-30",
) -> tuple[ApiKey, str]:
    """A key that the administrator of its bureau has issued, and its text."""
    administrator = builders.staff(session, Role.ADMINISTRATOR, bureau=bureau)
    held = [Matter.CONSTRUCTION_PERMIT, Matter.TENDER] if matters is None and KeyScope.WRITE_MATTERS in scopes else []
    asked = {
        "name": "演示许可系统", "bureau_id": administrator.bureau_id, "expires_on": expires_on,
        "scopes": list(scopes), "matters": [str(matter) for matter in (held if matters is None else matters)],
    }  # fmt: skip
    return api_keys.issue(session, administrator, asked, now=MONDAY)
