"""A call: found by whatever the caller says, seen as the caller sees, helped from there, noted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.clock import FixedClock
from app.domain.terms import Role
from models.audit import AuditEvent
from models.call_note import CallNote
from models.outbox import Outbox
from models.shown_error import ShownError
from models.user import User
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import MOBILE, Case
from tests.views.applicants import a_case, account_of
from tests.views.pages import errors

ClientFor = Callable[..., ConsoleClient]


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def key(db_session: Session, case: Case) -> int:
    found = case.organization.id
    db_session.rollback()
    return found


def test_the_caller_is_found_by_code_name_mobile_and_number(
    client_for: ClientFor, db_session: Session, case: Case, key: int
) -> None:
    project = builders.approved_project(db_session, case)
    said = (case.organization.org_code, case.organization.org_code.lower().replace("-", ""), case.organization.name,
            MOBILE, project.number)  # fmt: skip
    db_session.rollback()
    clerk = client_for(Role.COUNTER_CLERK)

    for text in said:
        assert clerk.get("/calls/", query_string={"q": text}).headers.get("Location", "").endswith(f"/calls/{key}"), (
            text
        )
    assert "没有找到" in clerk.get("/calls/?q=演示没有这个单位").get_data(as_text=True)


def test_any_question_gets_an_answer(client_for: ClientFor, key: int) -> None:
    clerk = client_for(Role.COUNTER_CLERK)
    for text in ("%", "_", "\\", "'", "\x00", "长" * 300, "１３８", "<b>"):
        assert clerk.get("/calls/", query_string={"q": text}).status_code in (200, 302, 400), text


def test_staff_read_what_the_caller_sees_and_can_press_nothing_in_it(
    client_for: ClientFor, db_session: Session, case: Case, key: int
) -> None:
    builders.draft_project(db_session, case.applicant, name="演示来电项目")
    db_session.rollback()
    page = client_for(Role.REVIEWER).get(f"/calls/{key}").get_data(as_text=True)

    mirror = page[page.index("data-mirror") :]
    assert "演示来电项目" in mirror and " inert " in page[: page.index("data-mirror") + 1]
    assert MOBILE not in page


def test_a_project_of_another_bureau_is_not_in_the_mirror(
    client_for: ClientFor, db_session: Session, case: Case, key: int
) -> None:
    builders.draft_project(db_session, case.applicant, name="演示梁溪项目", region_code="320213")
    db_session.rollback()

    assert "演示梁溪项目" not in client_for(Role.COUNTER_CLERK).get(f"/calls/{key}").get_data(as_text=True)


def test_the_last_error_shown_is_told(client_for: ClientFor, db_session: Session, case: Case, key: int) -> None:
    code = case.organization.org_code
    db_session.rollback()
    owner = client_for(code)
    assert owner.send("/projects/add", {"name": ""}).status_code == 422

    page = client_for(Role.COUNTER_CLERK).get(f"/calls/{key}").get_data(as_text=True)

    shown = page[page.index("data-last-error") :].partition("</ul>")[0]
    assert "项目名称" in shown or "请填写" in shown
    assert "/projects/add" in page
    stored = db_session.connection().exec_driver_sql("SELECT sentences FROM shown_error").scalar_one()
    assert "请" not in stored
    db_session.rollback()
    owner.send("/projects/add", {"name": "x" * 300})
    db_session.expire_all()
    assert db_session.scalar(select(func.count(ShownError.id))) == 1


def test_staff_leave_no_error_behind(client_for: ClientFor, db_session: Session, key: int) -> None:
    client_for(Role.COUNTER_CLERK).send(f"/calls/{key}/note", {"note": ""})

    assert db_session.scalar(select(func.count(ShownError.id))) == 0


def test_the_call_is_noted_for_staff_alone(client_for: ClientFor, db_session: Session, case: Case, key: int) -> None:
    clerk = client_for(Role.COUNTER_CLERK)
    assert clerk.send(f"/calls/{key}/note", {"note": "演示：问何时<b>领号"}).status_code == 302

    assert "问何时&lt;b&gt;领号" in clerk.get(f"/calls/{key}").get_data(as_text=True)
    assert "领号" not in db_session.connection().exec_driver_sql("SELECT text FROM call_note").scalar_one()
    code = case.organization.org_code
    db_session.rollback()
    owner = client_for(code)
    for path in ("/", "/inbox/", "/enterprises/list/"):
        assert "问何时" not in owner.get(path, follow_redirects=True).get_data(as_text=True)


def test_what_cannot_be_noted_stays_typed(client_for: ClientFor, db_session: Session, key: int) -> None:
    clerk = client_for(Role.COUNTER_CLERK)
    for text in ("", "  ", "长" * 1001, "a\u202eb"):
        answer = clerk.send(f"/calls/{key}/note", {"note": text})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422 and "note" in errors(page) and text.strip() in page

    assert db_session.scalar(select(func.count(CallNote.id))) == 0


def messages(session: Session) -> list[Outbox]:
    session.expire_all()
    return list(session.scalars(select(Outbox).where(Outbox.kind == "sms").order_by(Outbox.id)))


def test_a_message_is_sent_again_and_three_times_at_most(client_for: ClientFor, db_session: Session, key: int) -> None:
    before = messages(db_session)
    last = before[-1].id
    text = before[-1].payload["text"]
    db_session.rollback()
    clerk = client_for(Role.COUNTER_CLERK)

    for _ in range(5):
        clerk.send(f"/calls/{key}/resend", {"message": str(last)})

    after = messages(db_session)
    assert len(after) == len(before) + 3
    assert {row.payload["text"] for row in after[len(before) :]} == {text}
    done = select(func.count(AuditEvent.id)).where(AuditEvent.action == "call:resend", AuditEvent.result == "done")
    assert db_session.scalar(done) == 3


def test_a_message_past_its_time_is_not_sent_again(
    client_for: ClientFor, db_session: Session, clock: FixedClock, key: int
) -> None:
    before = messages(db_session)
    last = before[-1].id
    db_session.rollback()
    clock.advance(timedelta(days=10))
    client_for(Role.COUNTER_CLERK).send(f"/calls/{key}/resend", {"message": str(last)})

    assert len(messages(db_session)) == len(before)


def test_a_message_of_another_organization_is_not_sent(
    client_for: ClientFor, db_session: Session, case: Case, key: int
) -> None:
    other = a_case(db_session)
    foreign = db_session.scalars(select(Outbox.id).where(Outbox.organization_id == other.organization.id)).first()
    before = len(messages(db_session))
    db_session.rollback()
    client_for(Role.COUNTER_CLERK).send(f"/calls/{key}/resend", {"message": str(foreign)})

    assert len(messages(db_session)) == before


def test_a_locked_account_is_opened_from_the_call(
    client_for: ClientFor, db_session: Session, clock: FixedClock, case: Case, key: int
) -> None:
    code = case.organization.org_code
    account = account_of(db_session, code)
    account.locked_until, account.failed_attempts = clock.now() + timedelta(minutes=10), 9
    db_session.commit()
    clerk = client_for(Role.COUNTER_CLERK)
    assert f"/calls/{key}/unlock" in clerk.get(f"/calls/{key}").get_data(as_text=True)

    clerk.send(f"/calls/{key}/unlock", {})

    db_session.expire_all()
    stored = db_session.scalars(select(User).where(User.username == code)).one()
    assert (stored.locked_until, stored.failed_attempts) == (None, 0)


def test_others_take_no_calls(client_for: ClientFor, key: int) -> None:
    for role in (Role.MANAGER, Role.MATTER_CLERK, Role.AUDITOR):
        assert client_for(role).get(f"/calls/{key}").status_code == 403
