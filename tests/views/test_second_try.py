"""Another transaction had ours thrown out: the request is done once more before anybody reads that it cannot be done."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_appbuilder import expose
from sqlalchemy import text

from app.domain.clock import FixedClock
from config import Settings
from models.engine import begin_write
from tests.app_fixtures import ConsoleClient, running
from tests.databases import on_postgresql

THROWN_OUT = text("DO $$ BEGIN RAISE EXCEPTION 'thrown out' USING ERRCODE = '40P01'; END $$")
KEPT = text("UPDATE organization SET name = name")
tries: list[str] = []


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    from views.base import TrustedBaseView, db

    class CrowdedView(TrustedBaseView):
        route_base = "/crowded"
        default_view = "enter"

        @expose("/<int:times>/<int:kept>")
        def enter(self, times: int, kept: int) -> str:
            """Thrown out so many times, each time after something was kept or not."""
            tries.append("")
            begin_write(db())
            if kept:
                db().execute(KEPT)
                db().commit()
            if len(tries) <= times:
                db().execute(THROWN_OUT)
            return "entered"

    tries.clear()
    with running(settings, clock, CrowdedView) as app:
        yield app


@on_postgresql
@pytest.mark.parametrize(
    ("path", "code", "tried"),
    [("/crowded/0/0", 200, 1), ("/crowded/1/0", 200, 2), ("/crowded/2/0", 503, 2), ("/crowded/1/1", 503, 1)],
    ids=["let through", "once", "twice", "after something was kept"],
)
def test_who_was_thrown_out_is_tried_once_more(client: ConsoleClient, path: str, code: int, tried: int) -> None:
    answer = client.get(path)

    assert (answer.status_code, len(tries)) == (code, tried)
