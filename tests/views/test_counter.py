"""The counter's pages as a clerk's browser sees them: find, letter, originals, hand-over."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.terms import Role, Status
from app.services import counter, originals
from models.hand_over import HandOver
from models.mandate import Mandate
from models.originals_check import OriginalsCheck
from models.project import Project
from models.review import Review
from tests.app_fixtures import ConsoleClient
from tests.builders import (
    NOW,
    OTHER_ID_NUMBER,
    Case,
    a_case,
    approved_project,
    check_all,
    draft_project,
    mandate_of,
    submitted_project,
)
from tests.pdfs import scan_pdf

LETTER = {
    "mandate_form": "own_staff",
    "agent_name": "演示经办人丁",
    "agent_id_type": "1",
    "agent_id_number": OTHER_ID_NUMBER,
    "agent_mobile": "13800000000",
    "valid_from": "2026-11-01",
    "valid_to": "2027-04-30",
    "signed_on": "2026-10-30",
    "stamps": ["legal_representative", "unit_seal", "agent"],
}
Form = dict[str, Any]


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def project(db_session: Session, case: Case) -> Project:
    return submitted_project(db_session, case.applicant)


@pytest.fixture
def clerk(client_for: Callable[..., ConsoleClient]) -> ConsoleClient:
    return client_for(Role.COUNTER_CLERK)


def marks(session: Session, project: Project, result: str = "match") -> Form:
    return {f"originals-{scan.id}": result for scan in originals.scans_to_check(session, project)}


def page(client: ConsoleClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def blamed(text: str) -> set[str]:
    """Inputs that have a sentence beside them."""
    return set(re.findall(r'<p class="error-text"[^>]*data-error-for="([^"]+)"', text))


def is_ticked(text: str, name: str, value: str) -> bool:
    return bool(re.search(rf'name="{name}" value="{value}" checked', text))


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


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


# The letter -----------------------------------------------------------------------------------


def handed_in(client: ConsoleClient, project: Project, form: Form, content: bytes | None = scan_pdf()) -> Any:
    scan = {"mandate": (io.BytesIO(content), "委托书.pdf")} if content else {}
    return client.send(f"/counter/{project.id}/mandate", {**form, **scan}, content_type="multipart/form-data")


def test_a_letter_is_recorded_and_chosen_and_the_marks_stay(
    clerk: ConsoleClient, db_session: Session, case: Case, project: Project
) -> None:
    mandate_of(db_session, case.organization.id, case.clerk)
    given = marks(db_session, project, "differs")
    first = next(iter(given))

    answer = handed_in(clerk, project, {**LETTER, **given, f"{first}-note": "缺第 2 页"})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/counter/{project.id}")
    db_session.rollback()
    letter = db_session.scalars(select(Mandate).where(Mandate.agent_name == "演示经办人丁")).one()
    text = page(clerk, f"/counter/{project.id}")
    assert is_ticked(text, "mandate_id", str(letter.id))
    assert all(is_ticked(text, name, "differs") for name in given)
    assert "缺第 2 页" in text
    assert count(db_session, OriginalsCheck) == 0


def test_a_faulty_letter_loses_nothing_that_was_typed(
    clerk: ConsoleClient, db_session: Session, project: Project
) -> None:
    given = marks(db_session, project)
    faulty = {**LETTER, "agent_id_number": "320282190001010026", "valid_from": "2026-11-24", "stamps": ["agent"]}

    answer = handed_in(clerk, project, {**faulty, **given}, content=None)

    text = answer.get_data(as_text=True)
    assert (answer.status_code, count(db_session, Mandate)) == (200, 0)
    assert blamed(text) == {"agent_id_number", "valid_from", "stamps", "mandate"}
    assert 'value="320282190001010026"' in text
    assert 'value="演示经办人丁"' in text
    assert is_ticked(text, "stamps", "agent")
    assert not is_ticked(text, "stamps", "unit_seal")
    assert all(is_ticked(text, name, "match") for name in given)
    assert "320282190001010026" not in page(clerk, f"/counter/{project.id}")


def test_annex_2_without_its_agency_is_refused_at_the_agency(clerk: ConsoleClient, project: Project) -> None:
    stamps = [*LETTER["stamps"], "agency_seal"]

    answer = handed_in(clerk, project, {**LETTER, "mandate_form": "tender_agency", "stamps": stamps})

    assert blamed(answer.get_data(as_text=True)) == {"agency_name", "agency_code"}


def test_a_scan_that_is_no_pdf_is_refused_at_the_scan(
    clerk: ConsoleClient, db_session: Session, project: Project
) -> None:
    answer = handed_in(clerk, project, LETTER, content=b"just words")

    assert blamed(answer.get_data(as_text=True)) == {"mandate"}
    assert count(db_session, Mandate) == 0


@pytest.mark.parametrize("value", ["\x00", "演" * 3000, "<script>"], ids=["nul", "long", "markup"])
def test_nonsense_in_a_letter_is_answered_with_sentences(clerk: ConsoleClient, project: Project, value: str) -> None:
    answer = handed_in(clerk, project, dict.fromkeys(LETTER, value), content=None)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert {"mandate_form", "agent_id_type", "agent_mobile", "valid_from", "mandate"} <= blamed(text)
    assert 'value="<script>"' not in text


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
