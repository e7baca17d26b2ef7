"""Originals and hand-over at the counter, as a clerk's browser sends them."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Status
from app.services import counter
from models.hand_over import HandOver
from models.mandate import Mandate
from models.originals_check import OriginalsCheck
from models.project import Project
from models.review import Review
from tests.app_fixtures import ConsoleClient
from tests.builders import (
    NOW,
    Case,
    approved_project,
    mandate_of,
)
from tests.views.counter.desk import blamed, count, is_ticked, marks, page

# The originals --------------------------------------------------------------------------------


def test_matching_originals_give_a_receipt(
    clerk: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)

    answer = clerk.send(f"/counter/{project.id}/originals", {**marks(db_session, project), "mandate_id": letter.id})

    text = page(clerk, f"/counter/{project.id}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/counter/{project.id}")
    assert 'data-level="success"' in text
    assert "原件核验回执" in text
    assert text.count("2026-11-23 10:00 相符") == 4  # beside each scan and on the receipt
    assert count(db_session, OriginalsCheck) == 2


@pytest.mark.parametrize("result", ["differs", "missing"])
def test_a_mismatch_returns_the_project_and_says_so(
    clerk: ConsoleClient, db_session: Session, case: Case, project: Project, result: str
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)
    given = marks(db_session, project)
    last = list(given)[-1]

    clerk.send(
        f"/counter/{project.id}/originals",
        {**given, last: result, f"{last}-note": "缺第 2 页", "mandate_id": letter.id},
    )

    text = page(clerk, f"/counter/{project.id}")
    db_session.rollback()
    assert project.status == Status.RETURNED
    assert f'data-id="{project.id}" data-status="returned"' in text
    assert "项目已当场退回，共 1 项" in text
    assert "缺第 2 页" in text
    assert count(db_session, Review) == 2  # the enterprise's approval and this return


def test_a_scan_left_out_is_named_and_the_rest_stays(
    clerk: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)
    given = marks(db_session, project, "differs")
    left_out = next(iter(given))
    del given[left_out]
    [other] = given

    answer = clerk.send(
        f"/counter/{project.id}/originals", {**given, f"{other}-note": "字迹不清", "mandate_id": letter.id}
    )

    text = answer.get_data(as_text=True)
    assert (answer.status_code, blamed(text)) == (200, {left_out})
    assert is_ticked(text, other, "differs")
    assert "字迹不清" in text
    assert count(db_session, OriginalsCheck) == 0


def test_without_a_letter_the_letter_is_asked_for(clerk: ConsoleClient, db_session: Session, project: Project) -> None:
    answer = clerk.send(f"/counter/{project.id}/originals", marks(db_session, project))

    assert blamed(answer.get_data(as_text=True)) == {"mandate_id"}


@pytest.mark.parametrize("letter", ["", "abc", "99999999999999"])
def test_nonsense_marks_change_nothing(
    clerk: ConsoleClient, db_session: Session, project: Project, letter: str
) -> None:
    for mark in ("", "banana", "MATCH", "\x00"):
        form = {**marks(db_session, project, mark), "mandate_id": letter, "originals-x": "match", "originals-": "x"}

        assert clerk.send(f"/counter/{project.id}/originals", form).status_code == 200

    assert count(db_session, OriginalsCheck) == 0


def test_a_letter_that_is_not_there_is_not_found(clerk: ConsoleClient, db_session: Session, project: Project) -> None:
    form = {**marks(db_session, project), "mandate_id": "999999"}

    assert clerk.send(f"/counter/{project.id}/originals", form).status_code == 404


def test_a_note_with_a_control_character_is_kept_without_it(
    clerk: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)
    given = marks(db_session, project, "differs")
    notes = {f"{name}-note": "缺\x00页" for name in given}

    answer = clerk.send(f"/counter/{project.id}/originals", {**given, **notes, "mandate_id": letter.id})

    assert answer.status_code == 302
    db_session.rollback()
    assert set(db_session.scalars(select(OriginalsCheck.note))) == {"缺页"}


def test_a_project_decided_meanwhile_is_refused_with_its_reason(
    clerk: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)
    project.status = Status.RETURNED
    db_session.commit()

    answer = clerk.send(f"/counter/{project.id}/originals", {**marks(db_session, project), "mandate_id": letter.id})

    assert answer.status_code == 409
    assert "项目不在待审核状态，不能核验原件。" in answer.get_data(as_text=True)


# Handing over ---------------------------------------------------------------------------------


@pytest.fixture
def numbered(db_session: Session, case: Case) -> Project:
    return approved_project(db_session, case)


def taken(client: ConsoleClient, project: Project, name: str, letter: object = "") -> Any:
    return client.send(f"/counter/{project.id}/hand_over", {"received_by": name, "mandate_id": letter})


def test_the_number_is_handed_to_the_agent_once(clerk: ConsoleClient, db_session: Session, numbered: Project) -> None:
    letter = db_session.scalars(select(Mandate)).one()

    first, second = (taken(clerk, numbered, "演示经办人", letter.id) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "这个编号已经领取过了。" in second.get_data(as_text=True)
    assert count(db_session, HandOver) == 1
    assert "编号已领取" in page(clerk, f"/counter/{numbered.id}")


def test_another_person_is_refused_at_the_name_that_stays(
    clerk: ConsoleClient, db_session: Session, numbered: Project
) -> None:
    letter = db_session.scalars(select(Mandate)).one()

    answer = taken(clerk, numbered, "演示他人", letter.id)

    text = answer.get_data(as_text=True)
    assert (answer.status_code, blamed(text)) == (200, {"received_by"})
    assert 'value="演示他人"' in text
    assert is_ticked(text, "mandate_id", str(letter.id))
    assert count(db_session, HandOver) == 0


@pytest.mark.parametrize(
    ("name", "field"), [("演示他人", "mandate_id"), ("", "received_by"), ("演\x00示", "mandate_id")]
)
def test_without_a_letter_the_legal_representative_comes_in_person(
    clerk: ConsoleClient, db_session: Session, numbered: Project, name: str, field: str
) -> None:
    refused = taken(clerk, numbered, name)

    assert (refused.status_code, blamed(refused.get_data(as_text=True))) == (200, {field})
    assert taken(clerk, numbered, "演示法人").status_code == 302


def test_before_the_number_there_is_nothing_to_take(clerk: ConsoleClient, project: Project) -> None:
    answer = taken(clerk, project, "演示法人")

    assert answer.status_code == 409
    assert "项目还没有发号，不能办理领取。" in answer.get_data(as_text=True)


def test_a_number_taken_leaves_the_queue(
    clerk: ConsoleClient, db_session: Session, case: Case, numbered: Project
) -> None:
    assert numbered.name in page(clerk, "/counter/")

    counter.hand_over(db_session, case.clerk, numbered.id, received_by="演示法人", now=NOW)

    assert numbered.name not in page(clerk, "/counter/")
