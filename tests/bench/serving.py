"""The two web applications as gunicorn loads them; each answer says how many statements it took."""

import os
from typing import Any

from flask import Flask, g
from sqlalchemy import event
from sqlalchemy.engine import Engine

from run import settled
from tests.app_fixtures import settings_for

HEADER = "X-Statements"
CONTROL = ("BEGIN", "PRAGMA", "SAVEPOINT", "COMMIT", "ROLLBACK")  # no questions to the tables


def ours() -> Flask:
    """The console."""
    from pathlib import Path

    from app.factory import create_app

    folder, url = Path(os.environ["BENCH_FOLDER"]), os.environ["BENCH_URL"]
    many = {"login_limit_spray": "1000 per 60 minutes", "public_url": f"http://127.0.0.1:{os.environ['BENCH_PORT']}"}
    console = create_app(settings_for(url, folder, threads=int(os.environ["BENCH_THREADS"]), **many))
    return counted(settled(console))


def bare() -> Flask:
    """V1."""
    from tests.bench.bare import create_bare

    return counted(create_bare(os.environ["BENCH_URL"]))


def counted(app: Flask) -> Flask:
    """The application with its statements counted per request; one thread serves one request at a time."""
    count = {"statements": 0}

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(CONTROL):
            count["statements"] += 1

    def begin() -> None:
        g.statements_before = count["statements"]

    def tell(response: Any) -> Any:
        response.headers[HEADER] = str(count["statements"] - g.get("statements_before", 0))
        return response

    event.listen(Engine, "before_cursor_execute", note)
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(tell)
    return app
