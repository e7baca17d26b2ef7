"""登记查询 for everybody: the page and the interface say the same, count together and know no session."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from models.number import NumberRegister
from tests import builders
from tests.app_fixtures import ConsoleClient, running, settings_for
from tests.builders import MOBILE, NOW, Case
from tests.databases import on_sqlite
from tests.views.applicants import a_case
from tests.views.pages import value

NUMBER = "3202812611230101"
API = f"/api/v1/lookup/{NUMBER}"
PROBLEM = "application/problem+json"


@pytest.fixture
def case(db_session: Session) -> Case:
    case = a_case(db_session)
    builders.approved_project(db_session, case, name="演示查询项目")
    return case


def test_the_page_says_project_builder_state_and_day(client: ConsoleClient, case: Case) -> None:
    text = client.get(f"/lookup/?number={NUMBER}").get_data(as_text=True)

    assert value(text, "name") == "演示查询项目"
    assert value(text, "organization") == case.organization.name
    assert value(text, "issued_on") == "2026-11-23"
    assert "已发号" in text
    assert MOBILE not in text


def test_the_interface_says_the_same(client: ConsoleClient, case: Case) -> None:
    answer = client.get(API)

    assert answer.json == {
        "number": NUMBER, "project_name": "演示查询项目", "builder": case.organization.name, "status": "issued",
        "status_word": "已发号", "issued_on": "2026-11-23",
    }  # fmt: skip


def test_a_voided_number_is_told_as_void(client: ConsoleClient, db_session: Session, case: Case) -> None:
    row = db_session.scalars(select(NumberRegister)).one()
    row.status, row.voided_at, row.voided_reason = "voided", NOW, "演示原因"
    db_session.commit()

    answer, text = client.get(API), client.get(f"/lookup/?number={NUMBER}").get_data(as_text=True)

    assert answer.json is not None
    assert (answer.json["status"], answer.json["status_word"]) == ("voided", "作废")
    assert "这个编号已经作废" in text
    assert "演示原因" not in text


def test_a_number_from_before_us_is_told_with_what_there_is(client: ConsoleClient, db_session: Session) -> None:
    db_session.add(NumberRegister(number="JY-2010-15", origin="imported", status="issued", issued_at=NOW))
    db_session.commit()

    answer, page = client.get("/api/v1/lookup/JY-2010-15"), client.get("/lookup/?number=JY-2010-15")

    assert answer.json is not None
    assert (answer.json["number"], answer.json["project_name"], answer.json["issued_on"]) == ("JY-2010-15", None, None)
    assert "启用本系统以前的编号" in page.get_data(as_text=True)


@pytest.mark.parametrize("spelling", ["320281 261123 01 01", "３２０２８１２６１１２３０１０１", "320281-261123-01-01"])
@on_sqlite
def test_the_interface_takes_any_spelling(client: ConsoleClient, case: Case, spelling: str) -> None:
    answer = client.get(f"/api/v1/lookup/{spelling}")

    assert answer.json is not None
    assert answer.json["number"] == NUMBER


@pytest.mark.parametrize("text", ["3202812611230102", "x", "%25", "9" * 300, "编号", "' OR 1=1"])
@on_sqlite
def test_what_was_never_given_is_a_problem(client: ConsoleClient, case: Case, text: str) -> None:
    answer = client.get(f"/api/v1/lookup/{text}")

    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
    assert answer.json is not None
    assert {name: answer.json[name] for name in ("type", "title", "status")} == {
        "type": "about:blank", "title": "Not Found", "status": 404,
    }  # fmt: skip


@on_sqlite
def test_the_interface_knows_no_session_and_lets_no_other_site_in(client_for, case: Case) -> None:
    browser: ConsoleClient = client_for(Role.REVIEWER)

    answer = browser.get(API, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 200
    assert [name for name in answer.headers.keys() if name.lower().startswith("access-control")] == []  # noqa: SIM118
    assert "Set-Cookie" not in answer.headers


@on_sqlite
def test_the_interface_only_reads(client: ConsoleClient, case: Case) -> None:
    assert client.post(API).status_code == 405


def test_page_and_interface_share_one_limit(database_url: str, tmp_path, clock) -> None:
    settings = settings_for(database_url, tmp_path, lookup_limit="2 per 1 minutes")
    with running(settings, clock) as app:
        browser = app.test_client()
        codes = [browser.get(path).status_code for path in (f"/lookup/?number={NUMBER}", API)]
        spent = browser.get(API)
        page = browser.get(f"/lookup/?number={NUMBER}")

    assert codes == [200, 404]
    assert (spent.status_code, spent.mimetype, page.status_code) == (429, PROBLEM, 429)
    assert int(spent.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "typed",
    [
        f"{NUMBER}，", f"编号：{NUMBER}", f"项目统一编号: {NUMBER}。", "320281–261123 01 01", "３２０２８１２６１１２３０１０１",
        "\u202d3202812611230101\u202c", "\ufeff32028126112301\u200b01", "320281·261123·01·01", f"“{NUMBER}”",
    ],
)  # fmt: skip
def test_a_number_is_found_as_it_was_copied(client: ConsoleClient, case: Case, typed: str) -> None:
    text = client.get("/lookup/", query_string={"number": typed}).get_data(as_text=True)

    assert value(text, "name") == "演示查询项目"


@pytest.mark.parametrize(("typed", "length"), [(NUMBER[:-1], 15), (f"{NUMBER}1", 17), (f"编号：{NUMBER[:-2]}，", 14)])
def test_too_few_or_too_many_digits_are_counted(client: ConsoleClient, typed: str, length: int) -> None:
    text = client.get("/lookup/", query_string={"number": typed}).get_data(as_text=True)

    assert f"应为 16 位数字，您输入的是 {length} 位" in text
