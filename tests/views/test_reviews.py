"""审核记录: one decision with its return sheet in words, and what was answered."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Kind, Role
from app.services import project, review
from models.review import ReturnItem, Review
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import ITEM, NOW, SCAN_ITEM, Case
from tests.views.applicants import a_case
from tests.views.pages import value

ClientFor = Callable[..., ConsoleClient]


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


def returned(session: Session, case: Case) -> Review:
    record = builders.submitted_project(session, case.applicant)
    return review.return_(
        session, case.reviewer, Kind.PROJECT, record.id, [ITEM, SCAN_ITEM], comment="演示意见", now=NOW
    )


def page(browser: ConsoleClient, row: Review) -> str:
    answer = browser.get(f"/reviews/show/{row.id}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_return_is_told_item_by_item_in_words(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = returned(db_session, case)

    text = page(client_for(Role.MANAGER), row)

    cells = {name: value(text, name) for name in ("decision", "stage", "decided_by", "decided_at", "comment")}
    assert cells == {
        "decision": "退回", "stage": "审核", "decided_by": case.reviewer.name, "decided_at": "2026-11-23 10:00",
        "comment": "演示意见",
    }  # fmt: skip
    for word in ("总投资", ITEM.instruction, SCAN_ITEM.instruction, "共 2 项", "还没有回应"):
        assert word in text
    for code in (ITEM.reason_code, ITEM.target, SCAN_ITEM.target):
        assert code not in text
    assert f'href="/projects/show/{row.project_id}"' in text


def test_an_answer_stands_beside_its_item(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = returned(db_session, case)
    items = db_session.scalars(select(ReturnItem).where(ReturnItem.review_id == row.id)).all()
    project.save(
        db_session,
        case.applicant,
        row.project_id or 0,
        {},
        version=None,
        answers={items[0].id: "已按批文改正"},
        now=NOW,
    )

    assert "已按批文改正" in page(client_for(case.organization.org_code), row)


def test_an_approval_names_its_submission(client_for: ClientFor, db_session: Session, case: Case) -> None:
    record = builders.approved_project(db_session, case)
    row = db_session.scalars(select(Review).where(Review.project_id == record.id)).one()

    text = page(client_for(Role.MANAGER), row)

    assert value(text, "decision") == "审核通过"
    assert "第 1 次提交的内容" in value(text, "submission")
    assert "退回事项" not in text
