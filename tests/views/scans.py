"""Sending scans to a record's page."""

import io
from typing import Any

from werkzeug.test import TestResponse

from tests.views.world import World

JSON = {"Accept": "application/json"}


def upload(
    world: World, who: str, project_id: int, content: bytes, name: str = "批文.pdf", *, slot: str = "approval_document",
    headers: dict[str, str] | None = None, **form: Any,
) -> TestResponse:  # fmt: skip
    """One file as the page's script sends it."""
    sent = {**form, "file": (io.BytesIO(content), name)}
    path = f"/projects/{project_id}/attachments/{slot}"
    return world.post(who, path, sent, content_type="multipart/form-data", headers=JSON if headers is None else headers)
