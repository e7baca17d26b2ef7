"""Letters of authority as the bureau looks at them: masked, in scope, changed by nobody."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.domain.terms import Role
from tests.app_fixtures import ConsoleClient
from tests.builders import AGENT_MOBILE, DAY, NOW, OTHER_ID_NUMBER, Case, a_case, mandate_of, submitted_project
from tests.views.pages import rows

READERS = {Role.COUNTER_CLERK, Role.REVIEWER, Role.ADMINISTRATOR}
TODAY = NOW.date()


@pytest.fixture
def case(db_session: Session) -> Case:
    case = a_case(db_session)
    submitted_project(db_session, case.applicant)
    return case


def page(client: ConsoleClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_only_those_who_need_letters_read_them(client_for: Callable[..., ConsoleClient], role: Role) -> None:
    browser = client_for(role)

    expected = 200 if role in READERS else 403
    assert browser.get("/mandates/list/").status_code == expected


def test_a_letter_is_shown_with_its_state_and_masked(
    client_for: Callable[..., ConsoleClient], db_session: Session, case: Case
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)
    browser = client_for(Role.REVIEWER)

    listed, shown = page(browser, "/mandates/list/"), page(browser, f"/mandates/show/{letter.id}")

    assert f'data-id="{letter.id}" data-status="有效"' in listed
    assert case.organization.name in listed
    assert "附件1（本单位人员）" in listed
    assert "320282********0025" in shown
    assert "153****5678" in shown
    for text in (listed, shown):
        assert OTHER_ID_NUMBER not in text
        assert AGENT_MOBILE not in text


def test_each_state_has_its_word(client_for: Callable[..., ConsoleClient], db_session: Session, case: Case) -> None:
    owner, clerk = case.organization.id, case.clerk
    mandate_of(db_session, owner, clerk, valid_from=TODAY + DAY)
    mandate_of(db_session, owner, clerk, valid_from=TODAY - 9 * DAY, valid_to=TODAY - DAY)
    mandate_of(db_session, owner, clerk, revoked_at=NOW)

    text = page(client_for(Role.COUNTER_CLERK), "/mandates/list/")

    assert [word for word in ("未生效", "已过期", "已撤销") if f'data-status="{word}"' not in text] == []


def test_letters_are_found_by_their_agent(
    client_for: Callable[..., ConsoleClient], db_session: Session, case: Case
) -> None:
    mandate_of(db_session, case.organization.id, case.clerk, agent_name="演示甲")
    mandate_of(db_session, case.organization.id, case.clerk, agent_name="演示乙")

    text = page(client_for(Role.REVIEWER), "/mandates/list/?_flt_2_agent_name=甲")

    assert "演示甲" in text
    assert "演示乙" not in text


def test_letters_of_other_bureaus_are_not_there(
    client_for: Callable[..., ConsoleClient], db_session: Session, case: Case
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)
    elsewhere = client_for(Role.REVIEWER, bureau="320213")

    assert "演示经办人" not in page(elsewhere, "/mandates/list/")
    assert elsewhere.get(f"/mandates/show/{letter.id}").status_code == 404


def test_nobody_changes_a_letter_here(
    client_for: Callable[..., ConsoleClient], db_session: Session, case: Case
) -> None:
    letter = mandate_of(db_session, case.organization.id, case.clerk)
    browser = client_for(Role.ADMINISTRATOR)

    for path in ("add", f"edit/{letter.id}", f"delete/{letter.id}", f"action/x/{letter.id}", "action_post"):
        assert browser.get(f"/mandates/{path}").status_code in {404, 405}
        assert browser.send(f"/mandates/{path}").status_code in {404, 405}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=有效", {"holds"}), ("state=已过期", {"ended"}), ("state=未生效", {"later"}), ("state=已撤销", {"revoked"}),
        ("form=tender_agency", {"ended"}), ("form=own_staff&state=有效", {"holds"}), ("agent=没有", set()),
        ("state=x", {"holds", "ended", "later", "revoked"}),
    ],
)  # fmt: skip
def test_letters_are_narrowed_by_how_they_stand(
    client_for: Callable[..., ConsoleClient], db_session: Session, case: Case, asked: str, found: set[str]
) -> None:
    owner, clerk = case.organization.id, case.clerk
    agency = {"form": "tender_agency", "agency_name": "演示代理"}
    keys = {
        "holds": mandate_of(db_session, owner, clerk).id,
        "later": mandate_of(db_session, owner, clerk, valid_from=TODAY + DAY).id,
        "ended": mandate_of(db_session, owner, clerk, valid_from=TODAY - 9 * DAY, valid_to=TODAY - DAY, **agency).id,
        "revoked": mandate_of(db_session, owner, clerk, revoked_at=NOW).id,
    }

    text = page(client_for(Role.REVIEWER), f"/mandates/list/?{asked}")

    assert set(rows(text)) == {keys[name] for name in found}
