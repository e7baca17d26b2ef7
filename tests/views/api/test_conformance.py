"""The document and the interface agree: schemathesis sends what the document allows and what it forbids."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from app.domain.matters import Matter
from tests import builders
from tests.app_fixtures import MONDAY, running, settings_for
from tests.views.api.callers import issued
from tests.views.applicants import a_case
from views.api.openapi import document

NUMBER = "3202812611230101"
EXAMPLES = 25  # of each operation and kind
# What an entry that fits the document may still meet: rules between entries, and where the matter stands.
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "410", "422"]}}}
)
OPERATIONS = [
    f"{method.upper()} {path}"
    for path, operations in document()["paths"].items()
    for method in operations
    if method in ("get", "put")
]


@pytest.fixture(scope="module")
def called(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """An application with one numbered project, and a key that opens everything."""
    folder = tmp_path_factory.mktemp("conformance")
    shutil.copy(sqlite_template, folder / "test.db")
    often = "6000 per minute"
    chosen = settings_for(f"sqlite:///{folder / 'test.db'}", folder, api_limit=often, api_key_limit=often)
    with running(chosen, FixedClock(MONDAY)) as app:
        with app.app_context():
            from app.extensions import db

            with Session(db.engine) as session:
                builders.approved_project(session, a_case(session), name="演示接口项目")
                _row, key = issued(session, matters=[str(matter) for matter in Matter])
        yield app, key


@pytest.fixture(scope="module")
def schema(called: tuple[Flask, str]) -> Any:
    app, key = called
    return schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", app, config=CONFIG, headers={"Authorization": f"Bearer {key}"}
    )


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_one_that_the_document_names(
    schema: Any, called: tuple[Flask, str], operation: str, mode: GenerationMode
) -> None:
    """Status, media type, headers and body of each answer; what is forbidden is refused, what is allowed is taken."""
    method, path = operation.split()
    key, known = called[1], {"number": NUMBER} if mode is GenerationMode.POSITIVE and "{number}" in path else None
    strategy = schema[path][method].as_strategy(generation_mode=mode, path_parameters=known)

    @given(case=strategy)
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def judged(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"})

    judged()


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.startswith("PUT")])
def test_the_examples_work(called: tuple[Flask, str], operation: str) -> None:
    app, key = called
    path = operation.split()[1]
    body = document()["paths"][path]["put"]["requestBody"]["content"]["application/json"]
    client, address = app.test_client(use_cookies=False), "/api/v1" + path.replace("{number}", NUMBER)

    for name in ("record",):
        sent = body["examples"][name]["value"]
        answer = client.put(address, json=sent, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code in (200, 409), (name, answer.json)
