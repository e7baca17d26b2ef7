"""The counter's pages as a clerk's browser sees them: finding a project, and its desk."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.domain.terms import Role
from app.services import originals
from models.project import Project
from tests.app_fixtures import ConsoleClient
from tests.builders import (
    OTHER_ID_NUMBER,
    Case,
    approved_project,
    check_all,
    draft_project,
    mandate_of,
    submitted_project,
)
from tests.views.counter.desk import is_ticked, page

# Finding --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_the_counter_is_the_clerks(client_for: Callable[..., ConsoleClient], role: Role) -> None:
    answer = client_for(role).get("/counter/")

    assert answer.status_code == (200 if role == Role.COUNTER_CLERK else 403)


def test_a_stranger_signs_in_first(client: ConsoleClient) -> None:
    assert "/login/" in client.get("/counter/").headers["Location"]


def test_one_hit_opens_its_desk(clerk: ConsoleClient, project: Project) -> None:
    answer = clerk.get("/counter/", query_string={"q": project.name})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/counter/{project.id}")


def test_several_hits_say_what_is_to_be_done(clerk: ConsoleClient, db_session: Session, case: Case) -> None:
    fresh, numbered = submitted_project(db_session, case.applicant), approved_project(db_session, case)

    text = page(clerk, f"/counter/?q={case.organization.org_code}")

    assert f'data-id="{fresh.id}" data-status="submitted"' in text
    assert f'data-id="{numbered.id}" data-status="approved"' in text
    assert "领取编号" in text


def test_nothing_found_is_said(clerk: ConsoleClient) -> None:
    assert "没有找到「没有这个」" in page(clerk, "/counter/?q=没有这个")


def test_without_a_question_the_queues_are_shown(clerk: ConsoleClient, db_session: Session, case: Case) -> None:
    fresh, numbered = submitted_project(db_session, case.applicant), approved_project(db_session, case)

    text = page(clerk, "/counter/")

    assert text.index("待核验原件") < text.index(fresh.name) < text.index("待领取编号") < text.index(numbered.name)


def test_any_question_gets_an_answer(clerk: ConsoleClient, project: Project) -> None:
    for q in ("%00", "a" * 5000, "%25", "' or 1=1 --", "\u2028", "９１", "\\", "_"):
        assert clerk.get(f"/counter/?q={q}").status_code in {200, 302, 400}


# The desk -------------------------------------------------------------------------------------


def test_the_desk_shows_every_scan_with_its_three_marks(
    clerk: ConsoleClient, db_session: Session, project: Project
) -> None:
    text = page(clerk, f"/counter/{project.id}")

    assert f'data-kind="project" data-id="{project.id}" data-status="submitted"' in text
    for scan in originals.scans_to_check(db_session, project):
        found = re.findall(rf'name="originals-{scan.id}" value="(\w+)"', text)
        assert found == ["match", "differs", "missing"]
        assert f'data-scan="{scan.id}"' in text


def test_scans_seen_before_say_so_and_need_no_tick(clerk: ConsoleClient, db_session: Session, case: Case) -> None:
    check_all(db_session, submitted_project(db_session, case.applicant), case.clerk)
    project = submitted_project(db_session, case.applicant)

    text = page(clerk, f"/counter/{project.id}")

    assert text.count("data-seen") == 1
    assert "上次核验：2026-11-23 10:00 相符" in text
    assert not is_ticked(text, r"originals-\d+", "match")


def test_letters_that_hold_are_offered_masked(
    clerk: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)

    text = page(clerk, f"/counter/{project.id}")

    assert is_ticked(text, "mandate_id", str(letter.id))
    assert "320282********0025" in text
    assert OTHER_ID_NUMBER not in text


@pytest.mark.parametrize(
    "path", ["", "/mandate", "/originals", "/hand_over"], ids=["desk", "letter", "originals", "take"]
)
def test_a_desk_of_another_bureau_is_not_there(
    client_for: Callable[..., ConsoleClient], project: Project, path: str
) -> None:
    elsewhere = client_for(Role.COUNTER_CLERK, bureau="320213")

    answer = elsewhere.send(f"/counter/{project.id}{path}") if path else elsewhere.get(f"/counter/{project.id}")

    assert answer.status_code == 404


def test_a_project_that_is_not_there_is_not_found(clerk: ConsoleClient) -> None:
    for key in ("0", "999999", "abc", "99999999999", "-1"):
        assert clerk.get(f"/counter/{key}").status_code == 404
        assert clerk.send(f"/counter/{key}/originals").status_code == 404


def test_a_draft_is_not_on_the_desk(clerk: ConsoleClient, db_session: Session, case: Case) -> None:
    draft = draft_project(db_session, case.applicant)

    assert clerk.get(f"/counter/{draft.id}").status_code == 404


@pytest.mark.parametrize("path", ["mandate", "originals", "hand_over"])
def test_what_changes_something_is_sent_with_a_token(clerk: ConsoleClient, project: Project, path: str) -> None:
    assert clerk.get(f"/counter/{project.id}/{path}").status_code == 405
    assert clerk.post(f"/counter/{project.id}/{path}").status_code == 400
