"""消息: one's own only, newest first, read once and for good."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.terms import Role
from models.inbox_message import InboxMessage
from tests.builders import NOW
from tests.databases import on_sqlite
from tests.views.applicants import an_applicant

pytestmark = on_sqlite


def messages(session, organization, count, **different):
    """As many further messages, a minute apart, the last one newest."""
    organization_id = organization.id
    session.rollback()  # a read that is still open could not be followed by a write
    rows = [
        InboxMessage(
            organization_id=organization_id,
            event="project:return",
            text=f"【一号通】演示消息{n}号",
            created_at=NOW + timedelta(minutes=n),
            **different,
        )
        for n in range(1, count + 1)
    ]
    session.add_all(rows)
    session.commit()
    return rows


def shown(browser, address="/inbox/"):
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.findall(r"演示消息(\d+)号", answer.get_data(as_text=True))


@pytest.fixture
def organization(db_session):
    return an_applicant(db_session)[0]


@pytest.fixture
def browser(organization, client_for):
    return client_for(organization.org_code)


def unread(session, organization):
    session.rollback()
    query = select(InboxMessage).where(InboxMessage.organization_id == organization.id, InboxMessage.read_at.is_(None))
    return list(session.scalars(query))


def test_the_newest_come_first(db_session, organization, browser):
    messages(db_session, organization, 3)

    assert shown(browser) == ["3", "2", "1"]


def test_a_page_holds_25_and_leads_to_the_older_ones(db_session, organization, browser):
    messages(db_session, organization, 30)

    first = browser.get("/inbox/").get_data(as_text=True)
    older = re.search(r'href="(/inbox/\?before=\d+)"', first)[1]

    assert len(re.findall(r"演示消息\d+号", first)) == 25
    assert shown(browser, older) == ["5", "4", "3", "2", "1"]


def test_messages_of_the_same_instant_are_neither_lost_nor_shown_twice(db_session, organization, browser):
    for row in messages(db_session, organization, 30):
        row.created_at = NOW + timedelta(hours=1)
    db_session.commit()

    first = browser.get("/inbox/").get_data(as_text=True)
    older = re.search(r'href="(/inbox/\?before=\d+)"', first)[1]

    assert sorted(map(int, re.findall(r"演示消息(\d+)号", first) + shown(browser, older))) == list(range(1, 31))


def test_others_messages_are_not_shown(db_session, browser):
    messages(db_session, an_applicant(db_session)[0], 2)

    assert shown(browser) == []


def test_one_message_is_marked_read(db_session, organization, browser):
    rows = messages(db_session, organization, 2)
    before = len(unread(db_session, organization))

    answer = browser.send("/inbox/read", {"message": rows[0].id})

    assert answer.location == "/inbox/"
    left = unread(db_session, organization)
    assert len(left) == before - 1
    assert rows[0].id not in [row.id for row in left]


def test_all_are_marked_read_at_once(db_session, organization, browser):
    messages(db_session, organization, 3)

    browser.send("/inbox/read", {"all": "1"})

    assert unread(db_session, organization) == []


def test_reading_again_keeps_the_first_instant(db_session, organization, browser, clock):
    row = messages(db_session, organization, 1)[0]
    browser.send("/inbox/read", {"message": row.id})
    clock.advance(timedelta(minutes=5))

    browser.send("/inbox/read", {"message": row.id})

    db_session.rollback()
    assert row.read_at == NOW


def test_with_one_foreign_message_among_them_none_is_marked(db_session, organization, browser):
    own = messages(db_session, organization, 1)[0]
    foreign = messages(db_session, an_applicant(db_session)[0], 1)[0]

    answer = browser.send("/inbox/read", {"message": [own.id, foreign.id]})

    assert answer.status_code == 404
    db_session.rollback()
    assert (own.read_at, foreign.read_at) == (None, None)


@pytest.mark.parametrize("before", ["abc", "0", "-1", "99999999999999999999", "999999"])
def test_an_odd_place_to_go_on_from_is_not_found(browser, before):
    assert browser.get(f"/inbox/?before={before}").status_code == 404


def test_marking_nothing_says_so(browser):
    browser.send("/inbox/read", {"all": "1"})
    browser.get("/inbox/")

    said = []
    for sent in ({}, {"all": "1"}):
        answer = browser.send("/inbox/read", sent)
        said.append(browser.get(answer.location).get_data(as_text=True))

    assert "没有勾选消息" in said[0]
    assert "没有未读消息" in said[1]


def test_marking_by_a_link_is_impossible(browser):
    assert browser.get("/inbox/read?all=1").status_code == 405


def test_only_unread_ones_are_shown_on_wish(db_session, organization, browser):
    messages(db_session, organization, 1, read_at=NOW)

    assert shown(browser, "/inbox/?unread=1") == []


def test_the_rail_counts_the_unread_ones(db_session, organization, browser):
    count = len(unread(db_session, organization)) + len(messages(db_session, organization, 4))

    page = browser.get("/inbox/").get_data(as_text=True)

    assert re.search(rf'<span class="badge">{count}<span class="sr-only">', page)


def test_a_code_is_never_written_into_the_inbox(db_session, organization, browser):
    assert "验证码：······" in browser.get("/inbox/").get_data(as_text=True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPLICANT], ids=str)
def test_staff_have_no_inbox(client_for, role):
    assert client_for(role).get("/inbox/").status_code == 403


def test_one_message_is_opened_and_stays_unread_until_its_reader_says_so(db_session, organization, browser):
    row = messages(db_session, organization, 1)[0]

    page = browser.get(f"/inbox/show/{row.id}").get_data(as_text=True)

    assert "演示消息1号" in page
    assert "不发短信" in page
    assert row.id in [one.id for one in unread(db_session, organization)]


def test_another_one_s_message_is_not_there(db_session, browser):
    other = an_applicant(db_session)[0]
    row = messages(db_session, other, 1)[0]

    assert [browser.get(f"/inbox/show/{key}").status_code for key in (row.id, 999_999, "x")] == [404] * 3
