"""The return sheet: items that say what, why and how; a resubmit that answers each."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Refused
from app.domain.terms import Kind, Status
from app.services import project, returns, review
from models.project import Project
from models.review import ReturnItem
from tests import builders
from tests.builders import ITEM, LIMITS, NOW, SCAN_ITEM, send_back


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (returns.Item("no_such_input", "not_filled", "x"), "items-0-target"),
        (returns.Item("address", "no_such_reason", "x"), "items-0-reason_code"),
        (returns.Item("address", "not_filled", " "), "items-0-instruction"),
        (returns.Item("address", "not_filled", "字" * 501), "items-0-instruction"),
    ],
    ids=["target", "reason", "no instruction", "endless instruction"],
)
def test_a_return_item_says_what_why_and_how(
    session: Session, case: builders.Case, item: returns.Item, field: str
) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Invalid) as refusal:
        send_back(session, case, record, item)

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert session.get_one(Project, record.id).status == Status.SUBMITTED


def test_a_return_without_items_is_refused(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Refused, match="至少要有一项"):
        review.return_(session, case.reviewer, Kind.PROJECT, record.id, [], now=NOW)


def test_a_resubmit_refuses_untouched_items_and_takes_changed_or_answered_ones(
    session: Session, case: builders.Case
) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record, ITEM, SCAN_ITEM)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18700"}, version=None, now=NOW)

    with pytest.raises(Refused, match="2 项还有 1 项没有回应"):
        project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    item = session.scalars(select(ReturnItem).where(ReturnItem.target == "approval_document")).one()
    answers = {item.id: "批文只有一页，没有第 2 页"}
    project.submit(session, case.applicant, record.id, declared=True, answers=answers, now=NOW, limits=LIMITS)
    session.refresh(item)
    assert item.answer == "批文只有一页，没有第 2 页"
    assert session.get_one(Project, record.id).status == Status.SUBMITTED


def test_items_that_stood_there_the_first_time_are_marked(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    send_back(session, case, record, ITEM)
    project.save(session, case.applicant, record.id, {"investment_10k_cny": "18700"}, version=None, now=NOW)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)
    send_back(session, case, record, ITEM, returns.Item("scale", "not_filled", "请写层数"))

    late = session.scalars(select(ReturnItem).order_by(ReturnItem.id.desc()).limit(2)).all()
    assert {item.target: item.was_visible_before for item in late} == {
        "scale": True,
        "investment_10k_cny": False,
    }


def test_what_only_a_withdrawn_submission_showed_was_visible_to_nobody(session: Session, case: builders.Case) -> None:
    record = builders.submitted_project(session, case.applicant)
    project.withdraw(session, case.applicant, record.id, now=NOW)
    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    send_back(session, case, record)

    assert [item.was_visible_before for item in session.scalars(select(ReturnItem))] == [False]


def test_the_answer_of_another_projects_item_is_ignored(session: Session, case: builders.Case) -> None:
    mine = builders.submitted_project(session, case.applicant)
    other = builders.submitted_project(session, case.applicant)
    send_back(session, case, mine)
    send_back(session, case, other)
    foreign = session.scalars(select(ReturnItem).order_by(ReturnItem.id.desc())).first()
    assert foreign is not None

    with pytest.raises(Refused):
        answers = {foreign.id: "已改"}
        project.submit(session, case.applicant, mine.id, declared=True, answers=answers, now=NOW, limits=LIMITS)

    session.refresh(foreign)
    assert foreign.answer is None
