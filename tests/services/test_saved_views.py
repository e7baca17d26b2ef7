"""常用视图 on both databases: one name for one person and list."""

from datetime import UTC, datetime

import pytest

from app.domain.errors import NotFound
from app.services import saved_views
from tests.services.test_unsaved import person

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PAGE = "/projects/list/"


def test_a_name_means_the_latest_conditions_of_its_list(session):
    actor = person(session)
    saved_views.save(session, actor, PAGE, " 在审 ", "status=submitted", now=NOW)
    saved_views.save(session, actor, PAGE, "在审", "status=returned", now=NOW)
    saved_views.save(session, actor, "/enterprises/list/", "在审", "status=submitted", now=NOW)

    found = saved_views.of_page(session, actor, PAGE)

    assert [(row.name, row.conditions) for row in found] == [("在审", "status=returned")]


def test_another_s_view_is_not_there(session):
    actor, stranger = person(session), person(session)
    row = saved_views.save(session, actor, PAGE, "在审", "status=submitted", now=NOW)

    with pytest.raises(NotFound):
        saved_views.delete(session, stranger, row.id)

    assert saved_views.of_page(session, stranger, PAGE) == []
    assert saved_views.delete(session, actor, row.id) == PAGE
    assert saved_views.of_page(session, actor, PAGE) == []


def test_one_spelling_of_conditions_without_the_place_in_the_list():
    asked = [("status", "submitted"), ("q", ""), ("after_ProjectView", "x"), ("psize_ProjectView", "50"), ("a", "1")]

    assert saved_views.conditions_of(asked) == "a=1&status=submitted"
