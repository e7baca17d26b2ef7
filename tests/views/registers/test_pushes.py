"""报送台账 on screen: what went where, why it was refused, sending again, and the comparison with the province."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.province_simulator import Mode, ProvinceSimulator
from app.domain import pushes
from app.domain.clock import FixedClock
from app.domain.terms import Role
from models.outbox import Outbox
from models.project import Project
from models.reconciliation import Reconciliation
from models.user import User
from tests import builders
from tests.app_fixtures import MONDAY, ConsoleClient
from tests.builders import Case
from tests.databases import on_sqlite
from tests.outbox.provinces import a_province
from tests.services.to_the_province import deliver, push_of
from tests.views.pages import rows, value

pytestmark = on_sqlite  # what the services do stands tried on both
ClientFor = Callable[..., ConsoleClient]
ELSEWHERE = "320213"
BUREAUS = ("320281", ELSEWHERE, "320200")


def page(browser: ConsoleClient, path: str, code: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == code, (path, answer.status)
    return answer.get_data(as_text=True)


@pytest.fixture
def province() -> Iterator[ProvinceSimulator]:
    with a_province(FixedClock(MONDAY)) as simulator:
        yield simulator


@pytest.fixture
def refused(db_session: Session, case: Case, province: ProvinceSimulator) -> Outbox:
    """A push that the province refused with words of its own."""
    province.mode, province.words = Mode.REFUSE, "<script>alert(1)</script>项目 13800000000"
    project = builders.approved_project(db_session, case, name="演示被退回的项目")
    deliver(db_session, province, MONDAY)
    return push_of(db_session, project)


def test_the_ledger_says_where_each_push_stands_and_why(client_for: ClientFor, refused: Outbox) -> None:
    browser = client_for(Role.ADMINISTRATOR)

    listed, shown = page(browser, "/pushes/list/"), page(browser, f"/pushes/show/{refused.id}")

    assert rows(listed) == {refused.id: "failed"}
    for text in (listed, shown):
        assert "<script>alert" not in text
        assert "13800000000" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;项目 ***" in text
    assert "&lt;PrjName&gt;演示被退回的项目&lt;/PrjName&gt;" in shown
    assert value(shown, "version") == "1"


def test_the_list_is_narrowed_by_state_and_by_number(
    client_for: ClientFor, db_session: Session, refused: Outbox
) -> None:
    browser, number = client_for(Role.REVIEWER), db_session.get_one(Project, refused.project_id).number

    for query, count in (
        ("", 1), ("status=failed", 1), ("status=delivered", 0), (f"number={number}", 1), ("number=3202810000000000", 0),
        ("kind=province_push", 1), ("kind=municipal_push", 0),
    ):  # fmt: skip
        assert len(rows(page(browser, f"/pushes/list/?{query}"))) == count, query


def test_every_system_that_is_pushed_to_can_be_chosen(client_for: ClientFor) -> None:
    text = page(client_for(Role.REVIEWER), "/pushes/list/")

    for kind, word in pushes.SYSTEMS.items():
        assert f'<option value="{kind}">{word}</option>' in text


def test_other_bureaus_do_not_see_it(client_for: ClientFor, refused: Outbox) -> None:
    browser = client_for(Role.ADMINISTRATOR, bureau=ELSEWHERE)

    assert rows(page(browser, "/pushes/list/")) == {}
    page(browser, f"/pushes/show/{refused.id}", 404)


def test_a_text_message_is_no_push_and_a_push_no_text_message(
    client_for: ClientFor, db_session: Session, refused: Outbox
) -> None:
    text = db_session.scalars(select(Outbox.id).where(Outbox.kind == "sms")).first()
    browser = client_for(Role.ADMINISTRATOR)

    page(browser, f"/pushes/show/{text}", 404)
    page(browser, f"/notices/show/{refused.id}", 404)


def test_sending_again_takes_a_reason_and_keeps_what_was_typed(
    client_for: ClientFor, db_session: Session, refused: Outbox
) -> None:
    browser, address = client_for(Role.ADMINISTRATOR), f"/pushes/replay/{refused.id}"

    without = browser.send(address, {"reason": "  "})
    too_long = browser.send(address, {"reason": "长" * 501})

    assert (without.status_code, too_long.status_code) == (422, 422)
    assert 'data-error-for="reason"' in without.get_data(as_text=True)
    assert "长" * 501 in too_long.get_data(as_text=True)
    assert push_of(db_session, refused.project).status == "failed"

    assert browser.send(address, {"reason": "省厅已更正"}).status_code == 302
    assert push_of(db_session, refused.project).status == "queued"


def test_who_only_reads_the_ledger_is_offered_nothing(client_for: ClientFor, refused: Outbox) -> None:
    browser = client_for(Role.MANAGER)

    assert "/pushes/replay/" not in page(browser, f"/pushes/show/{refused.id}")
    assert browser.send(f"/pushes/replay/{refused.id}", {"reason": "演示"}).status_code == 403


def test_a_refusal_is_said_where_staff_begin_and_work(client_for: ClientFor, refused: Outbox) -> None:
    admin, reviewer = client_for(Role.ADMINISTRATOR), client_for(Role.REVIEWER)

    for path in ("/", "/worklist/"):
        assert 'data-note="pushes"' in page(admin, path), path
        assert 'data-note="pushes"' not in page(reviewer, path), path


def test_the_project_says_it_and_leads_staff_to_the_ledger(
    client_for: ClientFor, db_session: Session, case: Case, refused: Outbox
) -> None:
    shown = page(client_for(Role.REVIEWER), f"/projects/show/{refused.project_id}")

    assert value(shown, "push") == "报送省厅：省厅退回"
    assert "原因：对方系统没有接收（003）" in shown
    assert f"/pushes/list/?number={db_session.get_one(Project, refused.project_id).number}" in shown


def test_what_delivery_wrote_down_is_read_in_english_too(client_for: ClientFor, refused: Outbox) -> None:
    browser = client_for(Role.ADMINISTRATOR)
    browser.get("/lang/en")

    assert "The other system did not take it (003):" in page(browser, f"/pushes/show/{refused.id}")


def test_a_comparison_names_what_is_in_reach(
    client_for: ClientFor, make_user: Callable[..., User], db_session: Session, refused: Outbox
) -> None:
    number = db_session.get_one(Project, refused.project_id).number
    day = date(2026, 11, 23)
    db_session.add(
        Reconciliation(
            system="province", at=MONDAY, since_on=day, until_on=day, ours=1, theirs=1, missing=[number],
            unknown=["3202811511230101"],
        )
    )  # fmt: skip
    db_session.commit()

    names = [make_user(f"at.{bureau}", Role.ADMINISTRATOR, bureau=bureau).username for bureau in BUREAUS]
    near, far, root = (page(client_for(name), "/pushes/reconciliation") for name in names)

    assert [number in text for text in (near, far, root)] == [True, False, True]
    assert ["3202811511230101" in text for text in (near, far, root)] == [False, False, True]


def test_before_the_first_comparison_the_page_says_so(client_for: ClientFor) -> None:
    assert "还没有比对过" in page(client_for(Role.MANAGER), "/pushes/reconciliation")
