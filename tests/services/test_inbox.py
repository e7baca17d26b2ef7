"""The pages of the inbox fit together without a gap, on both databases."""

from datetime import timedelta

import pytest

from app.domain.errors import NotFound
from app.services import inbox
from models.inbox_message import InboxMessage
from tests import builders
from tests.builders import NOW
from tests.databases import both_databases

pytestmark = both_databases


def write(session, organization_id, instants):
    session.add_all(
        InboxMessage(organization_id=organization_id, event="project:return", text="演示", created_at=instant)
        for instant in instants
    )
    session.commit()


def walked(session, actor, size):
    """Every message, page after page, as its key and its instant."""
    found, before = [], None
    while True:
        rows, has_older = inbox.page(session, actor, before=before, size=size)
        found += [(row.created_at, row.id) for row in rows]
        if not has_older:
            return found
        before = rows[-1].id


@pytest.mark.parametrize("apart", [timedelta(minutes=1), timedelta(0)], ids=["in-order", "at-once"])
def test_pages_neither_lose_nor_repeat_a_message(session, apart):
    organization, actor = builders.registered(session)
    write(session, organization.id, [NOW + n * apart for n in range(7)])

    found = walked(session, actor, size=3)

    assert found == sorted(set(found), reverse=True)
    assert len(found) == 8  # the registration wrote one itself


def test_marking_all_leaves_others_messages_unread(session):
    _organization, actor = builders.registered(session)
    _other, stranger = builders.registered(session)

    assert inbox.mark_read(session, actor, now=NOW) == 1
    assert inbox.unread_count(session, actor) == 0
    assert inbox.unread_count(session, stranger) == 1


def test_anothers_message_is_not_found(session):
    organization, _owner = builders.registered(session)
    _other, stranger = builders.registered(session)
    write(session, organization.id, [NOW])
    message = session.query(InboxMessage).filter_by(organization_id=organization.id, text="演示").one()

    with pytest.raises(NotFound):
        inbox.mark_read(session, stranger, [message.id], now=NOW)
    with pytest.raises(NotFound):
        inbox.page(session, stranger, before=message.id)

    assert inbox.unread_count(session, stranger) == 1
