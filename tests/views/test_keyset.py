"""Pages by keys: forward and back meets every row once, in each order; a token is ours or answered 400."""

import base64
import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from models.project import Project
from models.sorting import ordered_by
from tests import builders
from views import keyset
from views.keyset import Order, place_of, token_of
from views.projects import ProjectView

ORDERS = ["id", *ProjectView.order_columns, "numbered_at"]
each_order = pytest.mark.parametrize("name", ORDERS)
each_way = pytest.mark.parametrize("falling", [True, False], ids=["falling", "rising"])


def order_by(name: str, falling: bool = True) -> Order:
    return Order(name, ordered_by(Project, name), Project.id, falling)


@pytest.fixture
def rows(session: Session) -> list[Project]:
    """Sixty projects with ties and gaps in every column."""
    organization, applicant = builders.registered(session, 1)
    dice = random.Random(7)
    some = [
        {
            "organization_id": organization.id, "created_by_id": applicant.user_id, "created_at": builders.NOW,
            "updated_at": builders.NOW, "version": 1, "submission_count": 0, "is_major": False,
            "duplicate_allowed": False, "name": dice.choice(["甲", "乙", "a", "A", "一_二"]),
            "builder_name": dice.choice(["", "演示单位", "演示公司"]), "status": dice.choice(["draft", "submitted"]),
            "investment_10k_cny": dice.choice([None, Decimal("0.0001"), Decimal("18650"), Decimal("99999999.9999")]),
            "submitted_at": dice.choice([None, builders.NOW, builders.NOW + timedelta(microseconds=1)]),
            "due_on": dice.choice([None, date(2026, 11, 23), date(2026, 12, 1)]),
            "number": f"320281261118{n:04d}" if n % 3 else None,
            "numbered_at": builders.NOW + timedelta(days=n % 2) if n % 3 else None,
        }
        for n in range(60)
    ]  # fmt: skip
    session.execute(insert(Project.__table__), some)
    session.commit()
    return session.query(Project).all()


def walk(session: Session, order: Order, size: int, *, forward: bool) -> list[list[int]]:
    """All pages, from the first to the last, or from the last to the first."""
    page = keyset.read(session.query(Project), order, size, before=None if forward else keyset.END)
    pages = [[row.id for row in page.rows]]
    while token := page.after if forward else page.before:
        side = {"after" if forward else "before": token}
        page = keyset.read(session.query(Project), order, size, **side)
        pages.append([row.id for row in page.rows])
    return pages


@each_order
@each_way
def test_walking_meets_every_row_exactly_once(session: Session, rows: list[Project], name: str, falling: bool) -> None:
    order = order_by(name, falling)
    whole = [row.id for row in order.whole(session.query(Project))]

    assert sorted(whole) == sorted(row.id for row in rows)
    for size in (1, 7, 60):
        assert [key for page in walk(session, order, size, forward=True) for key in page] == whole, size
        back = walk(session, order, size, forward=False)
        assert [key for page in reversed(back) for key in page][-size:] == whole[-size:], size
        assert {key for page in back for key in page} == set(whole), size


@each_order
def test_the_page_before_the_next_is_the_page_at_hand(session: Session, rows: list[Project], name: str) -> None:
    query, order = session.query(Project), order_by(name)
    first = keyset.read(query, order, 7)
    second = keyset.read(query, order, 7, after=first.after)
    third = keyset.read(query, order, 7, after=second.after)

    again = keyset.read(query, order, 7, before=third.before)

    assert [row.id for row in again.rows] == [row.id for row in second.rows]
    assert keyset.read(query, order, 7, before=second.before).before is None


@each_order
def test_rows_without_a_value_stand_last_both_ways(session: Session, rows: list[Project], name: str) -> None:
    for falling in (True, False):
        values = [getattr(row, name) for row in order_by(name, falling).whole(session.query(Project))]
        gaps = [value is None for value in values]

        assert gaps == sorted(gaps)


def test_where_the_row_has_gone_the_list_goes_on_from_its_place(session: Session, rows: list[Project]) -> None:
    order = order_by("id")
    token = token_of(order, rows[30])
    session.delete(rows[30])
    session.commit()

    page = keyset.read(session.query(Project), order, 3, after=token)

    assert [row.id for row in page.rows] == [row.id for row in reversed(rows[27:30])]


@each_order
def test_a_token_gives_back_the_place(session: Session, rows: list[Project], name: str) -> None:
    order = order_by(name)

    for row in rows:
        place = place_of(order, token_of(order, row))
        assert (place.value, place.key) == (None if name == "id" else getattr(row, order.column.key), row.id)


def refused(order: Order, token: str) -> bool:
    with Flask("t").app_context():
        try:
            place_of(order, token)
        except BadRequest:
            return True
    return False


def made(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "parts",
    [
        ("investment_10k_cny", 1, 5, 1), ("investment_10k_cny", 1, "NaN", 1), ("investment_10k_cny", 1, "1e99", 1),
        ("investment_10k_cny", 1, "5", 0), ("investment_10k_cny", 1, "5", True), ("investment_10k_cny", 1, "5", 2**31),
        ("investment_10k_cny", 0, "5", 1), ("name", 1, "甲", 1), ("investment_10k_cny", 1, "5", "1"),
        ("investment_10k_cny", 1, ["5"], 1), ("investment_10k_cny", 1, "5"), (),
    ],
)  # fmt: skip
def test_a_token_of_another_kind_is_refused(parts: tuple[Any, ...]) -> None:
    assert refused(order_by("investment_10k_cny"), made(*parts))


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", None), ("name", "\0"), ("name", "\ud800"), ("name", 5), ("submitted_at", "2026-11-23T10:00:00"),
     ("submitted_at", "x"), ("due_on", "2026-02-30"), ("due_on", 20261123), ("id", 5)],
)  # fmt: skip
def test_a_value_that_is_not_of_the_column_is_refused(name: str, value: Any) -> None:
    assert refused(order_by(name), made(name, 1, value, 1))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_text_is_refused_in_peace(token: str) -> None:
    assert refused(order_by("name"), token)
