"""From the printed letter to the counter: a code on it, .docx to fill in, the day's log."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from docx import Document
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.terms import MandateForm, Role
from app.services import verify
from models.organization import Organization
from tests import builders
from tests.app_fixtures import MONDAY, ConsoleClient
from tests.builders import NOW, Case
from tests.databases import on_sqlite
from tests.views.applicants import a_case
from tests.views.pages import value
from tests.views.test_papers import text_of

pytestmark = on_sqlite  # the services stand tried on both
ClientFor = Callable[..., ConsoleClient]
FORMS = ("letter-1", "letter-2", "password-reset")
RARE = "演示㙟•𠮷单位" + "长" * 100


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


def word_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("form", FORMS)
def test_the_word_file_says_what_the_pdf_says(
    client_for: ClientFor, db_session: Session, case: Case, form: str
) -> None:
    organization = db_session.get_one(Organization, case.organization.id)
    organization.name = RARE
    code = organization.org_code
    db_session.commit()
    owner = client_for(code)

    word = owner.get(f"/forms/{form}.docx")
    pdf = owner.get(f"/forms/{form}")

    assert "wordprocessingml" in word.mimetype and word.headers["Content-Disposition"].startswith("attachment")
    written, printed = word_text(word.get_data()), text_of(pypdfium2.PdfDocument(pdf.get_data()))
    assert RARE in written and RARE in printed
    for sentence in ("代理人无转委权", "招标代理机构") if form == "letter-2" else ():
        assert sentence in written and sentence in printed


def test_a_word_file_is_blank_for_everybody(client: ConsoleClient, case: Case) -> None:
    text = word_text(client.get("/forms/letter-1.docx").get_data())

    assert "＿＿" in text and case.organization.name not in text
    assert client.get("/forms/letter-9.docx").status_code == 404


@pytest.mark.parametrize("form", list(MandateForm))
def test_the_code_on_a_letter_tells_whose_it_is_and_whether_one_holds(
    client: ConsoleClient, db_session: Session, case: Case, form: MandateForm
) -> None:
    code = str(verify.letter_code(case.organization, form))
    db_session.rollback()
    before = client.get(f"/verify/{code}").get_data(as_text=True)
    letter = builders.mandate_of(db_session, case.organization.id, case.clerk)
    last, agent = letter.valid_to.isoformat(), letter.agent_name
    db_session.commit()
    after = client.get(f"/verify/{code}").get_data(as_text=True)

    assert value(before, "organization") == case.organization.name
    assert "没有有效的委托书" in value(before, "holds") and last in value(after, "holds")
    assert agent not in after


def test_a_guessed_letter_tells_nothing(client: ConsoleClient, db_session: Session, case: Case) -> None:
    real = str(verify.letter_code(case.organization, MandateForm.OWN_STAFF))
    db_session.rollback()
    other = "b" + real[1:]  # the same proof on the other form
    for guess in (other, real[:-1] + ("0" if real[-1] != "0" else "1"), "a1-" + "0" * 20):
        answer = client.get(f"/verify/{guess}")
        assert answer.status_code == 404 and case.organization.name not in answer.get_data(as_text=True)


def test_guesses_are_counted(client: ConsoleClient) -> None:
    answers = [client.get(f"/verify/a1-{n:020x}").status_code for n in range(70)]

    assert answers[:50] == [404] * 50 and answers[-1] == 429


def test_the_counter_finds_the_organization_by_its_letter(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    project = builders.submitted_project(db_session, case.applicant)
    key, code = project.id, str(verify.letter_code(case.organization, MandateForm.OWN_STAFF))
    db_session.rollback()

    found = client_for(Role.COUNTER_CLERK).get(f"/counter/?q={code}")

    assert found.headers["Location"].endswith(f"/counter/{key}")


def test_the_day_at_the_counter_is_a_page_and_a_paper(client_for: ClientFor, db_session: Session, case: Case) -> None:
    project = builders.approved_project(db_session, case, name="演示日志项目")
    number, day = project.number, local_date(NOW)
    db_session.rollback()
    clerk = client_for(Role.COUNTER_CLERK)

    page = clerk.get(f"/counter/log/?day={day}").get_data(as_text=True)
    text = text_of(pypdfium2.PdfDocument(clerk.get(f"/counter/log/{day}").get_data()))

    for shown in (page, text):
        assert "演示日志项目" in shown and "核验原件" in shown and "登记授权委托书" in shown
        assert number in shown and case.organization.name in shown


def test_a_day_without_visits_says_so_and_no_day_is_not_there(client_for: ClientFor) -> None:
    clerk = client_for(Role.COUNTER_CLERK)

    assert "当日没有办理记录" in clerk.get("/counter/log/?day=2020-02-02").get_data(as_text=True)
    assert local_date(MONDAY).isoformat() in clerk.get("/counter/log/?day=31.12").get_data(as_text=True)
    assert clerk.get("/counter/log/2026-02-30").status_code == 404


def test_another_bureau_sees_nothing_of_it(client_for: ClientFor, db_session: Session, case: Case) -> None:
    builders.approved_project(db_session, case, name="演示日志项目")
    db_session.rollback()
    other = client_for(Role.COUNTER_CLERK, bureau="320213")

    assert "演示日志项目" not in other.get(f"/counter/log/?day={local_date(NOW)}").get_data(as_text=True)
