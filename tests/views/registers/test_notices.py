"""短信通知: what was sent and whether it arrived, in words; codes never, numbers masked, other bureaus' not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from models.notice_template import NoticeTemplate
from models.organization import Organization
from models.outbox import Outbox
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import MOBILE, NOW, Case
from tests.databases import on_sqlite
from tests.views.applicants import an_applicant
from tests.views.pages import rows, value
from tests.views.registers.conftest import Counting

ClientFor = Callable[..., ConsoleClient]
READERS = {Role.COUNTER_CLERK, Role.ADMINISTRATOR}
CODE = "482915"


def page(browser: ConsoleClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status)
    return answer.get_data(as_text=True)


def sent(session: Session, owner: Organization, event: str = "password:code", **different: object) -> Outbox:
    """A message of its own, as the services queue one."""
    key = f"sms:{event}:t{len(session.scalars(select(Outbox.id)).all())}"
    text = f"【一号通】验证码：{CODE}，用于修改登录密码。如有疑问请致电 {MOBILE}。"
    given: dict[str, object] = {
        "kind": "sms", "dedup_key": key, "payload": {"mobile": MOBILE, "text": text, "event": event},
        "status": "queued", "attempts": 0, "fence": 0, "next_attempt_at": NOW, "created_at": NOW,
        "organization_id": owner.id,
    }  # fmt: skip
    row = Outbox(**{**given, **different})
    session.add(row)
    session.commit()
    return row


@pytest.mark.parametrize("role", list(Role), ids=str)
@on_sqlite
def test_only_those_who_answer_the_phone_read_them(client_for: ClientFor, role: Role) -> None:
    assert client_for(role).get("/notices/list/").status_code == (200 if role in READERS else 403)


def test_a_code_is_never_shown_and_a_number_only_masked(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = sent(db_session, case.organization)
    browser = client_for(Role.COUNTER_CLERK)

    listed, shown = page(browser, "/notices/list/"), page(browser, f"/notices/show/{row.id}")

    for text in (listed, shown):
        assert CODE not in text
        assert MOBILE not in text
    assert value(shown, "text") == "【一号通】验证码：······，用于修改登录密码。如非本人操作请联系窗口。"
    assert value(shown, "mobile") == "138****0000"


@on_sqlite
def test_a_code_that_no_pattern_finds_is_not_shown_either(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    text = f"【一号通】验证码CODE-{CODE}号"
    payload = {"mobile": MOBILE, "text": text, "event": "registration:done"}
    row = sent(db_session, case.organization, "registration:done", payload=payload)
    own = f"【一号通】%(name)s已注册，验证码：%(code)s。咨询请致电 {MOBILE}。"
    db_session.add(NoticeTemplate(event="registration:done", text=own, updated_at=NOW))
    db_session.commit()

    shown = page(client_for(Role.COUNTER_CLERK), f"/notices/show/{row.id}")

    assert CODE not in shown
    assert value(shown, "text") == f"【一号通】{case.organization.name}已注册，验证码：······。咨询请致电 138****0000。"


def test_a_project_number_in_a_text_is_no_secret(client_for: ClientFor, db_session: Session, case: Case) -> None:
    project = builders.approved_project(db_session, case)
    row = db_session.scalars(select(Outbox).where(Outbox.dedup_key.like("sms:project:approve:%"))).one()

    shown = page(client_for(Role.COUNTER_CLERK), f"/notices/show/{row.id}")

    assert f"项目统一编号 {project.number}" in shown
    assert f'href="/projects/show/{project.id}"' in shown
    assert "项目审核通过并发号" in shown


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("queued", "待发送"), ("sending", "发送中"), ("delivered", "已送达"), ("failed", "失败"), ("expired", "已过期"),
    ],
)  # fmt: skip
@on_sqlite
def test_where_it_stands_is_said_in_words(
    client_for: ClientFor, db_session: Session, case: Case, status: str, word: str
) -> None:
    arrived = {"delivered_at": NOW} if status == "delivered" else {}
    row = sent(db_session, case.organization, status=status, attempts=3, last_error="网关没有应答", **arrived)

    text = page(client_for(Role.ADMINISTRATOR), f"/notices/list/?status={status}&event=sms:password:code:")

    assert rows(text) == {row.id: status}
    cells = {name: value(text, name) for name in ("dedup_key", "status", "attempts", "last_error")}
    assert cells == {"dedup_key": "发送验证码", "status": word, "attempts": "3", "last_error": "网关没有应答"}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("event=sms:password:code:", 2), ("event=sms:password:changed:", 0), ("to=2026-11-20", 1),
        ("event=sms:password:code:&from=2026-11-21", 1), ("from=x", 0), ("event=x&status=expired", 0),
    ],
)  # fmt: skip
@on_sqlite
def test_messages_are_narrowed(client_for: ClientFor, db_session: Session, case: Case, asked: str, count: int) -> None:
    sent(db_session, case.organization)
    sent(db_session, case.organization, created_at=NOW - timedelta(days=5))

    assert len(rows(page(client_for(Role.ADMINISTRATOR), f"/notices/list/?{asked}"))) == count


def test_messages_of_others_and_pushes_are_not_there(client_for: ClientFor, db_session: Session, case: Case) -> None:
    here = sent(db_session, case.organization)
    push = sent(db_session, case.organization, kind="province_push", dedup_key="province:x:v1")
    clerk, elsewhere = client_for(Role.COUNTER_CLERK), client_for(Role.ADMINISTRATOR, bureau="320213")

    assert here.id in rows(page(clerk, "/notices/list/"))
    assert push.id not in rows(page(clerk, "/notices/list/"))
    assert rows(page(elsewhere, "/notices/list/")) == {}
    answers = [clerk.get(f"/notices/show/{push.id}"), elsewhere.get(f"/notices/show/{here.id}")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_another_bureaus_project_of_the_same_organization_stays_its_own(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    here = builders.submitted_project(db_session, case.applicant)
    there = builders.submitted_project(db_session, case.applicant, region_code="320213")
    assert here.bureau_id != there.bureau_id
    theirs, ours = sent(db_session, case.organization, project_id=there.id), sent(db_session, case.organization)
    hidden = sent(db_session, case.organization, project_id=here.id)
    browser = client_for(Role.COUNTER_CLERK, bureau="320213")

    listed = rows(page(browser, "/notices/list/"))

    assert {theirs.id, ours.id} <= listed.keys()
    assert hidden.id not in listed
    assert browser.get(f"/notices/show/{hidden.id}").status_code == 404


@on_sqlite
def test_a_message_whose_key_is_gone_breaks_no_page(client_for: ClientFor, db_session: Session) -> None:
    owner, _actor = an_applicant(db_session)
    key = sent(db_session, owner).id
    db_session.connection().exec_driver_sql(f"UPDATE outbox SET payload = 'broken' WHERE id = {key}")
    db_session.commit()
    browser = client_for(Role.ADMINISTRATOR)

    assert key in rows(page(browser, "/notices/list/"))
    assert "（内容无法显示）" in page(browser, f"/notices/show/{key}")


def test_the_list_asks_as_often_whatever_its_length(
    client_for: ClientFor, db_session: Session, case: Case, counted: Counting
) -> None:
    browser = client_for(Role.ADMINISTRATOR)
    page(browser, "/notices/list/")
    with counted() as few:
        page(browser, "/notices/list/")
    project = builders.draft_project(db_session, case.applicant)
    for _ in range(4):
        sent(db_session, case.organization, project_id=project.id)
    with counted() as many:
        page(browser, "/notices/list/")

    assert len(few) == len(many) <= 12
