"""While a request only reads, each question is asked once; what writes asks anew."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.services import reading, returns, snapshot
from models.bureau import Bureau
from models.engine import begin_write
from tests import builders


@reading.once
def names(session: Session, code: str) -> list[str]:
    return [bureau.name for bureau in session.query(Bureau).filter(Bureau.code == code)]


def test_an_answer_is_given_once_while_a_request_reads(session: Session) -> None:
    reading.begin(session)

    assert names(session, "320281") is names(session, "320281")
    assert names(session, "320281") != names(session, "320282")


def test_nothing_is_kept_when_nobody_said_that_it_only_reads(session: Session) -> None:
    assert names(session, "320281") is not names(session, "320281")


def test_a_decision_asks_the_database_every_time(session: Session) -> None:
    reading.begin(session)
    begin_write(session)
    before = names(session, "320281")

    session.execute(update(Bureau).where(Bureau.code == "320281").values(name="演示局"))

    assert names(session, "320281") == ["演示局"] != before


def test_the_end_of_the_transaction_ends_what_was_kept(session: Session) -> None:
    reading.begin(session)
    before = names(session, "320281")

    session.rollback()

    assert names(session, "320281") is not before


def test_what_was_written_is_read_again(session: Session, case: builders.Case) -> None:
    record = builders.draft_project(session, case.applicant)
    reading.begin(session)
    before = snapshot.live_attachments(session, record)

    builders.attach(session, record, "other")

    assert len(snapshot.live_attachments(session, record)) == len(before) + 1


def test_the_items_of_a_return_are_those_of_the_latest_decision(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    builders.send_back(session, case, record)
    reading.begin(session)

    assert [item.target for item in returns.open_items(session, record)] == [builders.ITEM.target]
