"""Bodies of requests: one JSON object, read strictly, never large."""

import json
from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from app.domain.terms import N_
from views.errors import answer

LARGEST = 64 * 1024  # bytes; the longest record has some four thousand characters
NOT_JSON = N_("请求正文应为 UTF-8 编码的 JSON 对象，键不能重复，不能有 NaN。")


def body() -> Any:
    """What the request says: text, whole numbers, booleans, lists and objects. Ends with 400, 413 or 415 otherwise."""
    if request.mimetype != "application/json":
        abort(answer(415, _("请以 application/json 发送请求正文。")))
    request.max_content_length = LARGEST
    try:
        return json.loads(
            request.get_data(cache=False).decode("utf-8"),
            object_pairs_hook=_once, parse_constant=_refuse, parse_float=_Fraction,
        )  # fmt: skip
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a key twice, a figure of thousands of digits, too deep
        abort(answer(400, _(NOT_JSON)))


class _Fraction:
    """A figure with a point: no field takes one, quantities are text."""

    def __init__(self, text: str) -> None:
        self.text = text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(text)
