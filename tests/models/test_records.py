"""Records as objects: versions, snapshots, and what goes with a draft."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models import Project, Review
from tests.models import rows


def test_the_later_writer_of_a_record_is_told(session: Session) -> None:
    record = rows.project()
    session.add(record)
    session.commit()

    session.refresh(record)
    session.expunge(record)
    session.rollback()
    with Session(session.get_bind()) as other:
        other.get(Project, record.id).name = "先写"
        other.commit()
    session.add(record)
    record.name = "后写"

    with pytest.raises(StaleDataError):
        session.commit()


def test_each_write_raises_the_version(session: Session) -> None:
    record = rows.project()
    session.add(record)
    session.commit()
    assert record.version == 1

    record.name = "改名"
    session.commit()

    assert record.version == 2


def test_a_record_and_its_snapshot_point_at_each_other_in_one_flush(session: Session) -> None:
    record = rows.project()
    record.submission = rows.submission(record)
    session.add(record)
    session.commit()
    session.expire_all()

    assert record.submission.project is record
    assert record.submissions == [record.submission]
    assert record.submission.snapshot == {"name": "演示项目"}


def test_a_draft_goes_with_its_scans_but_a_snapshot_holds_its_record(session: Session) -> None:
    draft, handed_in = rows.project(), rows.project()
    old = rows.attachment(draft, superseded_at=rows.NOW)
    old.superseded_by = rows.attachment(draft)
    session.add_all([draft, old, rows.submission(handed_in)])
    session.commit()

    session.delete(draft)
    session.commit()
    session.delete(handed_in)

    with pytest.raises(IntegrityError):
        session.commit()


def test_a_decision_is_taken_once_on_a_snapshot(session: Session) -> None:
    record = rows.project()
    snapshot = rows.submission(record)
    session.add(snapshot)
    session.flush()
    decision = {
        "submission_id": snapshot.id,
        "project_id": record.id,
        "stage": "review",
        "decided_by_id": record.created_by_id,
        "decided_at": rows.NOW,
    }
    session.add(Review(decision="return", **decision))
    session.commit()

    session.add(Review(decision="approve", **decision))

    with pytest.raises(IntegrityError):
        session.commit()
