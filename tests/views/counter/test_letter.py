"""The letter at the counter: recorded, refused with sentences, never losing what was typed."""

import io
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.mandate import Mandate
from models.originals_check import OriginalsCheck
from models.project import Project
from tests.app_fixtures import ConsoleClient
from tests.builders import (
    Case,
    mandate_of,
)
from tests.pdfs import scan_pdf
from tests.views.counter.desk import LETTER, Form, blamed, count, is_ticked, marks, page


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
