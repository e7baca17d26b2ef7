"""Sending scans to a record's page."""

import io
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.views.world import World

JSON = {"Accept": "application/json"}


def upload(
    world: World, who: str, project_id: int, content: bytes, name: str = "批文.pdf", *, slot: str = "approval_document",
    headers: dict[str, str] | None = None, **form: Any,
) -> TestResponse:  # fmt: skip
    """One file as the page's script sends it."""
    sent = {"csrf_token": world.tokens[who], **form, "file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(sent)  # the test client itself would leave a temporary file open
    return world.browser(who).post(
        f"/projects/{project_id}/attachments/{slot}", data=body,
        content_type=f'multipart/form-data; boundary="{boundary}"', headers=JSON if headers is None else headers,
    )  # fmt: skip
