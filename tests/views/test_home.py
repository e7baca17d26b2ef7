"""The first page: to whom it says what, in which order, and which one step is solid."""

import re
from datetime import timedelta

import pytest

from app.domain.terms import Kind, Role
from app.services import counter, enterprise, review
from app.services.returns import Item
from models.outbox import Outbox
from tests import builders
from tests.builders import LIMITS, NOW
from tests.databases import on_sqlite
from tests.views.applicants import a_case, an_applicant

pytestmark = on_sqlite

ITEM = Item("investment_10k_cny", "wrong_figure", "总投资与批文不一致，请核对。")
SCAN = Item("approval_document", "incomplete_scan", "缺第 2 页，请重新扫描上传。")


def home(browser):
    answer = browser.get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def solid_buttons(page):
    """Addresses of the solid buttons, in the order of the page."""
    return re.findall(r'<a class="btn btn-primary" href="([^"]+)"', page)


def article(page, record):
    """The part of the page about one record in hand."""
    found = re.search(rf'<article data-kind="[a-z]+" data-id="{record.id}".*?</article>', page, re.S)
    assert found, f"record {record.id} is not in hand"
    return found[0]


@pytest.fixture
def case(db_session):
    return a_case(db_session)


@pytest.fixture
def browser(case, client_for):
    return client_for(case.organization.org_code)


def test_the_public_sees_the_way_the_contacts_and_the_sign_in_form(client):
    page = home(client)

    assert "一个号码贯穿项目审批全过程" in page
    assert "68783364" in page
    assert "86071119" in page
    assert 'action="/login/"' in page
    assert 'href="/register/"' in page


def test_a_new_organization_is_led_to_its_enterprise_record(db_session, client_for):
    organization, _actor = an_applicant(db_session)

    page = home(client_for(organization.org_code))

    assert solid_buttons(page) == ["/enterprises/add"]
    assert "企业信息通过后才能登记项目。" in page
    assert 'href="/projects/add"' not in page


def test_an_enterprise_under_review_says_who_has_it_and_until_when(db_session, client_for):
    organization, actor = an_applicant(db_session)
    record = builders.submitted_enterprise(db_session, actor)

    part = article(home(client_for(organization.org_code)), record)

    assert "江阴市住房和城乡建设局审核人员" in part
    assert "审核期限 2026-11-26" in part


def test_after_the_enterprise_is_approved_the_first_project_is_the_next_step(browser):
    assert solid_buttons(home(browser)) == ["/projects/add"]


def test_a_draft_says_how_much_is_missing_and_where_to_go_on(db_session, case, browser):
    draft = builders.draft_project(db_session, case.applicant, scale="", planned_finish_on="")

    part = article(home(browser), draft)

    assert "还差 2 项" in part
    assert f'href="/projects/edit/{draft.id}"' in part


def test_a_submitted_project_is_sent_to_the_counter_first(db_session, case, browser):
    project = builders.submitted_project(db_session, case.applicant)

    part = article(home(browser), project)

    assert "到窗口核验" in part
    assert 'data-status="submitted"' in part


def test_after_the_originals_were_seen_the_review_is_next(db_session, case, browser):
    project = builders.submitted_project(db_session, case.applicant)
    builders.check_all(db_session, project, case.clerk)

    part = article(home(browser), project)

    assert "等待审核" in part
    assert "审核期限 2026-11-30" in part


def test_a_missing_calendar_year_is_said_and_breaks_nothing(db_session, case, browser):
    project = builders.submitted_project(db_session, case.applicant)
    builders.check_all(db_session, project, case.clerk)
    project.due_on = None
    db_session.commit()

    assert "待公布日历" in article(home(browser), project)


def test_what_came_back_is_written_out_first_with_the_only_solid_button(db_session, case, browser):
    builders.draft_project(db_session, case.applicant)
    project = builders.submitted_project(db_session, case.applicant)
    review.return_(db_session, case.reviewer, Kind.PROJECT, project.id, [ITEM, SCAN], now=NOW)

    page = home(browser)

    assert solid_buttons(page) == [f"/projects/edit/{project.id}"]
    assert "共 2 项" in page
    assert f"<strong>总投资</strong>：{ITEM.instruction}" in page
    assert f"扫描件</strong>：{SCAN.instruction}" in page
    assert page.index(ITEM.instruction) < page.index("正在办理")


def test_a_returned_enterprise_comes_back_the_same_way(db_session, client_for):
    organization, actor = an_applicant(db_session)
    record = builders.submitted_enterprise(db_session, actor)
    reviewer = builders.staff(db_session, Role.REVIEWER)
    item = Item("address", "not_filled", "请写到门牌号。")
    review.return_(db_session, reviewer, Kind.ENTERPRISE, record.id, [item], now=NOW)

    page = home(client_for(organization.org_code))

    assert "<strong>营业地址</strong>：请写到门牌号。" in page
    assert solid_buttons(page) == [f"/enterprises/edit/{record.id}"]


def test_an_unlocked_record_names_what_is_open_and_until_when(db_session, client_for):
    from app.services import administration

    case = a_case(db_session)
    record = enterprise.of_organization(db_session, case.organization.id)
    administrator = builders.staff(db_session, Role.ADMINISTRATOR)
    administration.unlock(
        db_session, administrator, Kind.ENTERPRISE, record.id,
        fields=["address"], until=NOW + timedelta(days=3), reason="演示：地址变更", now=NOW, limits=LIMITS,
    )  # fmt: skip

    page = home(client_for(case.organization.org_code))

    assert "企业信息已由管理员开放修改" in page
    assert "2026-11-26 10:00" in page
    assert "<strong>营业地址</strong>" in page


def test_a_number_is_among_the_latest_and_waits_for_its_collection(db_session, case, browser):
    project = builders.approved_project(db_session, case)

    page = home(browser)

    assert f'data-number="{project.number}"' in page
    assert "到窗口领取编号" in page
    assert f'<article data-kind="project" data-id="{project.id}"' not in page


def test_a_collected_number_has_no_open_step(db_session, case, browser):
    project = builders.approved_project(db_session, case)
    counter.hand_over(db_session, case.clerk, project.id, received_by="演示法人", now=NOW)

    assert "凭编号办理后续事项" in home(browser)


def test_a_refusal_of_the_province_stands_above_the_records_in_hand(db_session, case, browser):
    project = builders.approved_project(db_session, case)
    builders.draft_project(db_session, case.applicant)
    db_session.add(
        Outbox(
            kind="province_push",
            dedup_key="province:refused",
            payload={},
            status="failed",
            next_attempt_at=NOW,
            last_error="建设用地规划许可证编号格式不符",
            project_id=project.id,
            created_at=NOW,
        )
    )
    db_session.commit()

    page = home(browser)

    assert f"省厅退回：{project.name}" in page
    assert page.index("建设用地规划许可证编号格式不符") < page.index("正在办理")


def test_others_records_are_never_on_the_page(db_session, case, browser):
    other = a_case(db_session)
    foreign = builders.approved_project(db_session, other, name="别家的演示项目")
    returned = builders.submitted_project(db_session, other.applicant, name="别家的退回项目")
    review.return_(db_session, other.reviewer, Kind.PROJECT, returned.id, [ITEM], now=NOW)

    page = home(browser)

    assert foreign.name not in page
    assert foreign.number not in page
    assert returned.name not in page


def test_mobiles_stand_masked_on_the_page(browser):
    page = home(browser)

    assert builders.MOBILE not in page
    assert "138****0000" in page


def test_markup_in_a_name_is_text(db_session, case, browser):
    builders.draft_project(db_session, case.applicant, name="<i>演示</i>项目")

    assert "<i>演示</i>" not in home(browser)


def test_the_page_asks_as_often_whatever_the_number_of_numbered_projects(db_session, case, browser, statements):
    for _ in range(6):
        builders.approved_project(db_session, case)
    with statements() as few:
        home(browser)
    for _ in range(3):
        builders.approved_project(db_session, case)
    with statements() as many:
        home(browser)

    assert len(many) <= len(few) + 2


@pytest.fixture
def statements(app):
    """Counts what is sent to the database."""
    from contextlib import contextmanager

    from sqlalchemy import event

    from app.extensions import db

    @contextmanager
    def counted():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)

    return counted


WAYS = {
    Role.REVIEWER: ["/worklist/"], Role.ADMINISTRATOR: ["/worklist/"], Role.COUNTER_CLERK: ["/counter/"],
    Role.MANAGER: [], Role.MATTER_CLERK: [],
}  # fmt: skip


@pytest.mark.parametrize(("role", "ways"), WAYS.items(), ids=str)
def test_staff_find_the_way_to_their_days_work_on_the_first_page(client_for, role, ways):
    page = client_for(role).get("/").get_data(as_text=True)

    head = page.partition('class="page-head"')[2].partition('data-kind="home"')[0]
    assert re.findall(r'class="btn [a-z-]+" href="([^"]+)"', head) == ways
    assert 'action="/projects/list/"' in page


def test_an_auditor_is_led_to_the_trail(client_for):
    answer = client_for(Role.AUDITOR).get("/")

    assert (answer.status_code, answer.location) == (302, "/audit/list/")
