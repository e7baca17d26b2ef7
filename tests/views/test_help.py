"""帮助 is open to everybody and says what the tables say."""

from app.domain import journey
from tests.databases import on_sqlite

pytestmark = on_sqlite


def test_every_next_step_is_explained(client):
    page = client.get("/help/").get_data(as_text=True)

    for step in journey.NEXT.values():
        assert step.sentence in page


def test_whom_to_ask_and_what_to_bring_are_there(client):
    page = client.get("/help/").get_data(as_text=True)

    for anchor in ("contacts", "counter", "papers", "password", "steps"):
        assert f'id="{anchor}"' in page
    assert "86071119" in page


def test_limits_are_those_of_the_settings(client, settings):
    page = client.get("/help/").get_data(as_text=True)

    assert f"{settings.project_review_days} 个工作日内" in page
