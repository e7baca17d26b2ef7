"""A client that nobody wrote by hand: generated from the document, over a real connection, it writes and reads all seven."""

import importlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.domain.matters import Matter
from models.project import Project
from tests.databases import on_sqlite
from tests.views.api.callers import issued
from views.api.examples import record_of
from views.api.openapi import document

NUMBER = "3202812611230101"
PACKAGE = "generated_client"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the generated package."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    (folder / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
    made = subprocess.run(
        [
            sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none",
            "--output-path", PACKAGE, "--config", "config.yml", "--fail-on-warning",
        ],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))


@pytest.fixture
def served(app: Flask, db_session: Session, project: Project) -> Iterator[tuple[str, str]]:
    """The real application on this machine, and a key for all seven."""
    key = issued(db_session, matters=[str(matter) for matter in Matter])[1]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1", key
    server.shutdown()
    thread.join()


def part(package: str, *path: str) -> Any:
    return importlib.import_module(".".join((package, *path)))


@on_sqlite
def test_a_generated_client_writes_and_reads_all_seven_matters(client: str, served: tuple[str, str]) -> None:
    address, key = served
    caller = part(client).AuthenticatedClient(base_url=address, token=key, raise_on_unexpected_status=True)
    models = part(client, "models")

    for matter in Matter:
        name = "".join(word.capitalize() for word in matter.split("_"))
        write = part(client, "api", "matters", f"write_{matter}")
        read = part(client, "api", "projects", f"read_{matter}")
        accept = models.AcceptStep.from_dict({"step": "accept"})
        step = getattr(models, f"{name}RecordStep").from_dict({"step": "record", "record": record_of(matter)})

        accepted = write.sync(NUMBER, client=caller, body=accept)
        written = write.sync(NUMBER, client=caller, body=step)
        seen = read.sync(NUMBER, client=caller)

        assert (accepted.status, written.status, written.changed) == ("accepted", "done", True), matter
        assert seen.records[0].record["inner_number"] == record_of(matter)["inner_number"]

    project = part(client, "api", "projects", "read_project").sync(NUMBER, client=caller)
    assert {one.status for one in project.matters} == {"done"}
    assert part(client, "api", "changes", "read_changes").sync(client=caller).has_more is False
    assert (
        part(client, "api", "lookup", "lookup").sync(NUMBER, client=part(client).Client(base_url=address)).number
        == NUMBER
    )
