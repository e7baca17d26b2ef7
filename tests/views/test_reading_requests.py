"""How a request that only reads ends: by COMMIT, so that PostgreSQL keeps what it has planned, and without a trace."""

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.extensions import db
from app.services import reading
from models.bureau import Bureau
from tests.databases import on_postgresql

OFTEN = 8  # psycopg prepares what it has been asked five times


@on_postgresql
def test_what_pages_ask_again_and_again_is_planned_once(app: Flask) -> None:
    browser = app.test_client()
    for _ in range(OFTEN):
        assert browser.get("/").status_code == 200

    with app.app_context(), db.engine.connect() as connection:
        prepared = connection.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    assert prepared


@pytest.mark.parametrize("through", ["flush", "statement"])
def test_what_a_page_should_not_have_changed_is_not_kept(session: Session, through: str) -> None:
    bureau = session.scalars(select(Bureau).order_by(Bureau.id)).first()
    assert bureau is not None
    before = bureau.name
    if through == "flush":
        bureau.name = "演示局"
        session.flush()
    else:
        session.execute(update(Bureau).where(Bureau.id == bureau.id).values(name="演示局"))

    reading.end(session)
    session.rollback()

    assert session.scalar(select(Bureau.name).where(Bureau.id == bureau.id)) == before
