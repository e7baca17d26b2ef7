"""帮助 is open to everybody and says what the tables say."""

import re

import pytest
from sqlalchemy import select

from app.domain import flow, journey, return_answers
from app.domain.terms import Action
from app.domain.workflow import SYSTEM, TABLES
from app.services import project
from models.dictionary import ReturnReason
from tests import builders
from tests.databases import on_sqlite
from tests.views.applicants import a_case

pytestmark = on_sqlite


def test_every_next_step_is_explained(client):
    page = client.get("/help/").get_data(as_text=True)

    for step in journey.NEXT.values():
        assert step.sentence in page


def test_whom_to_ask_and_what_to_bring_are_there(client):
    page = client.get("/help/").get_data(as_text=True)

    for anchor in ("contacts", "counter", "papers", "password", "steps"):
        assert f'id="{anchor}"' in page
    assert "86071119" in page


def test_limits_are_those_of_the_settings(client, settings):
    page = client.get("/help/").get_data(as_text=True)

    assert f"{settings.project_review_days} 个工作日内" in page


def test_every_reason_for_a_return_has_its_answer(client, db_session):
    page = client.get("/help/").get_data(as_text=True)
    reasons = db_session.scalars(select(ReturnReason).where(ReturnReason.is_active)).all()

    assert page.count("data-reason") == len(reasons) > 10
    for reason in reasons:
        assert reason.label_zh in page and reason.code in return_answers.ANSWERS
        assert return_answers.answer_to(reason.code) in page


@pytest.mark.parametrize("kind", list(TABLES))
def test_the_chart_has_every_step_of_the_table_and_no_other(client, kind):
    page = client.get("/help/").get_data(as_text=True)
    chart = re.search(rf'<svg[^>]*data-flow="{kind}".*?</svg>', page, re.S)[0]
    drawn = {
        (source, action, target)
        for source, target, actions in re.findall(
            r'data-source="(\w+)" data-target="(\w+)" data-actions="([\w ]+)"', chart
        )
        for action in actions.split()
    }

    people = [row for row in TABLES[kind] if not (row.action == Action.VOID and row.by == {SYSTEM})]
    steps = {(row.source, row.action, row.target or flow.GONE) for row in people if row.source != row.target}
    assert drawn == {tuple(map(str, step)) for step in steps}
    boxes = set(re.findall(r'data-state="(\w+)"', chart))
    assert boxes == {name for source, _action, target in steps for name in (str(source), str(target))}


def test_words_need_no_session_and_forms_are_at_hand(client):
    page = client.get("/help/").get_data(as_text=True)

    for form in ("letter-1", "letter-2", "password-reset"):
        assert f'href="/forms/{form}"' in page and f'href="/forms/{form}.docx"' in page


@pytest.mark.parametrize(("stage", "words"), [("draft", "约 20 分钟"), ("submitted", "到窗口后")])
def test_a_record_says_what_comes_next_who_has_it_and_how_long(client_for, db_session, stage, words):
    case = a_case(db_session)
    if stage == "draft":
        record = project.create(db_session, case.applicant, {"name": "演示未填完的项目"}, now=builders.NOW)
    else:
        record = builders.submitted_project(db_session, case.applicant)
    key, code = record.id, case.organization.org_code
    db_session.rollback()

    page = client_for(code).get(f"/projects/show/{key}").get_data(as_text=True)
    step = page[page.index('class="next-step"') :].partition("</p>")[0]
    assert "下一步" in step and "当前办理" in step and words in step
