"""What programs make clients of: names that survive in ASCII, shapes that generators understand, steps that come late."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.domain.matters import NOT_BY_SYSTEMS, TRANSITIONS, Matter, MatterAction, MatterStatus
from models.matter import ProjectMatter
from tests.databases import on_sqlite
from tests.services.matter_entries import entries
from tests.views.api.callers import System, issued
from views.api.openapi import document

NUMBER = "3202812611230101"
OPERATIONS = [
    operation for path in document()["paths"].values() for method, operation in path.items() if method in ("get", "put")
]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(child)


def test_names_that_clients_are_made_of_are_plain_and_each_its_own() -> None:
    ids = [operation["operationId"] for operation in OPERATIONS]
    tags = {tag for operation in OPERATIONS for tag in operation["tags"]}

    assert len(set(ids)) == len(ids)
    assert all(
        re.fullmatch("[A-Za-z][A-Za-z0-9]*", name) for name in (*ids, *tags, *document()["components"]["schemas"])
    )
    assert tags == {tag["name"] for tag in document()["tags"]}


def test_no_shape_says_const_and_every_choice_says_by_what() -> None:
    schemas = document()["components"]["schemas"]
    choices = [node for node in nodes(document()) if "oneOf" in node]

    assert not any("const" in node for node in nodes(document()))
    assert len(choices) == len(Matter)
    for choice in choices:
        mapping = choice["discriminator"]["mapping"]
        assert [one["$ref"] for one in choice["oneOf"]] == list(mapping.values())
        for step, reference in mapping.items():
            assert schemas[reference.rpartition("/")[2]]["properties"]["step"] == {"type": "string", "enum": [step]}


@on_sqlite
@pytest.mark.parametrize("action", [a for a in MatterAction if a != MatterAction.CLOSE])
@pytest.mark.parametrize("status", [s for s in MatterStatus if s != MatterStatus.CLOSED])
def test_a_late_step_goes_back_nowhere(
    system: System, db_session: Session, status: MatterStatus, action: MatterAction
) -> None:
    row = db_session.query(ProjectMatter).filter_by(matter="tender").one()
    row.status, row.words = status, None
    db_session.commit()
    body: dict[str, Any] = {"step": str(action)}
    if action == MatterAction.RECORD:
        body["record"] = {**entries(Matter.TENDER), "valid_until": None}
    elif action != MatterAction.ACCEPT:
        body["words"] = "请补充材料"

    answer = system.put(f"/projects/{NUMBER}/matters/tender", body)

    reached = None if (status, action) in NOT_BY_SYSTEMS else TRANSITIONS.get((status, action))
    is_repeat = action == MatterAction.ACCEPT and status == MatterStatus.ACCEPTED
    db_session.expire_all()
    assert answer.status_code == (200 if reached or is_repeat else 409)
    assert row.status == (reached or status)


def test_a_code_or_an_end_that_cannot_be_is_refused_at_its_field(app: Any, db_session: Session, project: Any) -> None:
    system = System(app, issued(db_session, matters=["construction_permit"])[1])
    record = {
        **entries(Matter.CONSTRUCTION_PERMIT), "contractor_code": "PDY00001-1", "designer_code": "91320281MA1ABCDE11",
        "valid_until": "2026-11-01",
    }  # fmt: skip

    answer = system.put(f"/projects/{NUMBER}/matters/construction_permit", {"step": "record", "record": record})

    assert answer.status_code == 422
    assert {one["field"] for one in answer.json["errors"]} == {
        "record.contractor_code", "record.designer_code", "record.valid_until",
    }  # fmt: skip


@on_sqlite
def test_a_cursor_that_was_never_given_is_gone(system: System) -> None:
    end = system.get("/changes").json["cursor"]

    assert system.get(f"/changes?since={end}").status_code == 200
    assert system.get(f"/changes?since={int(end) + 1}").status_code == 410
    assert system.get("/changes?since=999999999999999999").status_code == 410
