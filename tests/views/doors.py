"""Every way by which a browser can ask for an act on a record, with everything that its form would bring."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.terms import Action, Kind
from models.enterprise import Enterprise
from models.project import Project

BASES = {Kind.PROJECT: "/projects", Kind.ENTERPRISE: "/enterprises"}
MODELS: dict[Kind, Any] = {Kind.PROJECT: Project, Kind.ENTERPRISE: Enterprise}
OWN_ROUTE = frozenset({Action.EDIT, Action.DELETE})
MANY_BY_FORM = frozenset({Action.RETURN, Action.UNLOCK, Action.VOID, Action.TRANSFER, Action.TAKE_BACK, Action.ASSIGN})
BY_FORM = MANY_BY_FORM | {Action.APPROVE, Action.ALLOW_DUPLICATE}
UNTIL = "2026-11-30"


@dataclass(frozen=True)
class Door:
    """One request: where to, and what the form carries."""

    name: str
    path: str
    form: dict[str, Any]


def doors(kind: Kind, action: Action, row: dict[str, Any], *, bureau_id: int) -> Iterator[Door]:
    """All doors to this act on the row as it stands."""
    base, key = BASES[kind], row["id"]
    form = {
        "version": row["version"],
        "submission_id": row["submission_id"] or "",
        **FORMS.get(action, _none)(bureau_id),
    }
    if action in OWN_ROUTE:
        yield Door("own route", f"{base}/{action}/{key}", form)
    if action is Action.SUBMIT:
        yield Door("edit form", f"{base}/edit/{key}", {**form, "submit_too": "1"})
    yield Door("action", f"{base}/action/{action}/{key}", form)
    yield Door("bulk", f"{base}/action_post", {**form, "action": str(action), "rowid": [key]})
    if action in BY_FORM:
        yield Door("form", f"{base}/{action}/{key}", form)


def _none(_bureau_id: int) -> dict[str, Any]:
    return {}


def _items(_bureau_id: int) -> dict[str, Any]:
    return {
        "items-0-target": "address", "items-0-reason_code": "not_filled", "items-0-instruction": "请写明路名",
        "comment": "演示意见",
    }  # fmt: skip


FORMS: dict[Action, Callable[[int], dict[str, Any]]] = {
    Action.EDIT: lambda _: {"name": "改过的名称", "remarks": "改动", "address": "改过的地点"},
    Action.SUBMIT: lambda _: {"truthfulness_declared": "y"},
    Action.RETURN: _items,
    Action.UNLOCK: lambda _: {"fields": ["address"], "until": UNTIL, "reason": "演示原因"},
    Action.VOID: lambda _: {"reason": "演示原因"},
    Action.ALLOW_DUPLICATE: lambda _: {"reason": "演示原因"},
    Action.TAKE_BACK: lambda _: {"reason": "演示原因"},
    Action.ASSIGN: lambda _: {"reason": "演示原因", "assignee_id": "1"},
    Action.TRANSFER: lambda bureau_id: {"bureau_id": bureau_id, "reason": "演示原因"},
}
