"""A bureau's own wording goes out from the next notice on; the product's own text always holds behind it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.notices import NOTICES
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role
from app.services import notice_templates, review
from app.services.notify import wording
from models.audit import AuditEvent
from models.inbox_message import InboxMessage
from models.notice_template import NoticeTemplate
from tests import builders
from tests.builders import NOW
from tests.databases import on_sqlite

EVENT = "project:approve"
OWN = "【一号通】贵单位的「%(name)s」已通过，编号 %(number)s。"


@pytest.fixture
def root(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR, bureau="320200")


def change(session: Session, actor: Actor, text: str = OWN, event: str = EVENT) -> None:
    version = notice_templates.wording_of(session, actor, event).version
    notice_templates.change(session, actor, event, {"text": text}, version, now=NOW)


def test_the_next_notice_is_worded_the_bureaus_way_and_again_the_old_way_after_restoring(
    session: Session, case: builders.Case, root: Actor
) -> None:
    change(session, root)
    first = builders.approved_project(session, case)
    notice_templates.restore(session, root, EVENT, now=NOW)
    second = builders.approved_project(session, case)

    told = select(InboxMessage.text).where(InboxMessage.event == EVENT).order_by(InboxMessage.id)
    assert session.scalars(told).all() == [
        OWN % {"name": first.name, "number": first.number},
        NOTICES[EVENT].text % {"name": second.name, "number": second.number},
    ]


def test_the_wording_and_its_end_stand_in_the_trail(session: Session, root: Actor) -> None:
    change(session, root)
    notice_templates.restore(session, root, EVENT, now=NOW)

    events = session.scalars(select(AuditEvent).where(AuditEvent.object_type == "notice_template")).all()
    texts = [(event.action, event.before["text"], event.after["text"]) for event in events]  # type: ignore[index]
    assert texts == [
        ("notice_template:edit", NOTICES[EVENT].text, OWN),
        ("notice_template:restore", OWN, NOTICES[EVENT].text),
    ]


@on_sqlite
def test_a_stored_wording_that_no_longer_fits_never_stops_a_decision(session: Session, case: builders.Case) -> None:
    session.add(NoticeTemplate(event="project:return", text="【一号通】%(nothing)s %d", updated_at=NOW))
    session.commit()
    record = builders.submitted_project(session, case.applicant)

    review.return_(session, case.reviewer, Kind.PROJECT, record.id, [builders.ITEM], now=NOW)

    assert wording(session, "project:return") == NOTICES["project:return"].text


@on_sqlite
def test_a_text_that_breaks_a_rule_is_told_at_the_text_and_not_kept(session: Session, root: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        change(session, root, "【一号通】项目审核通过，请到窗口领取编号。")

    assert [problem.field for problem in refused.value.problems] == ["text"]
    assert session.scalars(select(NoticeTemplate)).all() == []


@on_sqlite
def test_a_text_that_another_has_changed_meanwhile_is_a_conflict(session: Session, root: Actor) -> None:
    seen = notice_templates.wording_of(session, root, EVENT).version
    change(session, root)

    with pytest.raises(Conflict):
        notice_templates.change(session, root, EVENT, {"text": OWN + "请领取。"}, seen, now=NOW)

    assert wording(session, EVENT) == OWN


@on_sqlite
def test_what_is_the_default_cannot_be_restored(session: Session, root: Actor) -> None:
    with pytest.raises(Refused):
        notice_templates.restore(session, root, EVENT, now=NOW)


@on_sqlite
def test_a_notice_that_does_not_exist_is_not_found(session: Session, root: Actor) -> None:
    with pytest.raises(NotFound):
        notice_templates.change(session, root, "project:sing", {"text": OWN}, 1, now=NOW)


@on_sqlite
@pytest.mark.parametrize("role", Role)
def test_only_the_root_bureaus_administrator_words_notices(session: Session, role: Role) -> None:
    other = builders.staff(session, role)

    with pytest.raises(Refused):
        notice_templates.change(session, other, EVENT, {"text": OWN}, 1, now=NOW)
    with pytest.raises(Refused):
        notice_templates.restore(session, other, EVENT, now=NOW)

    assert wording(session, EVENT) == NOTICES[EVENT].text
