"""How a letter ends: told before, by itself, or taken back; another person at the counter is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import OriginalResult, Role
from app.services import counter, mandate, mandate_ends, originals
from app.services.counter import Finding
from models.inbox_message import InboxMessage
from models.mandate import Mandate
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.project import Project
from tests import builders
from tests.builders import NOW, Case

TODAY = local_date(NOW)


def a_letter(session: Session, case: Case, days: int, **different: object) -> Mandate:
    """A letter that ends in so many days."""
    letter = builders.mandate_of(session, case.organization.id, case.clerk)
    letter.valid_to = TODAY + timedelta(days=days)
    letter.valid_from = min(letter.valid_from, letter.valid_to)
    for name, value in different.items():
        setattr(letter, name, value)
    session.commit()
    return letter


def told(session: Session) -> list[str]:
    return list(session.scalars(select(InboxMessage.text).where(InboxMessage.event == "mandate:ends")))


def test_the_organization_is_told_once_before_the_end(session: Session, case: Case) -> None:
    letter = a_letter(session, case, mandate_ends.WARN_DAYS)

    assert [mandate_ends.warn(session, now=NOW), mandate_ends.warn(session, now=NOW)] == [1, 0]
    assert len(told(session)) == 1 and letter.valid_to.isoformat() in told(session)[0]
    assert session.scalar(select(func.count()).where(Outbox.dedup_key.like("sms:mandate:ends:%"))) == 1


@pytest.mark.parametrize(
    ("days", "different"), [(15, {}), (-1, {}), (3, {"revoked_at": NOW})], ids=["far", "over", "revoked"]
)
def test_others_are_not_told(session: Session, case: Case, days: int, different: dict[str, object]) -> None:
    a_letter(session, case, days, **different)

    assert mandate_ends.warn(session, now=NOW) == 0


def test_who_has_a_letter_that_lasts_longer_is_not_told(session: Session, case: Case) -> None:
    a_letter(session, case, 3)
    a_letter(session, case, 60)

    assert mandate_ends.warn(session, now=NOW) == 0


def test_a_letter_ends_by_itself(session: Session, case: Case) -> None:
    letter = a_letter(session, case, 0)

    assert mandate.state_of(letter, TODAY) == mandate.HOLDS
    tomorrow = NOW + timedelta(days=1)
    assert mandate.state_of(letter, local_date(tomorrow)) == mandate.ENDED
    with pytest.raises(Invalid):
        mandate.require_valid(letter, case.organization.id, now=tomorrow)


def test_a_letter_that_was_taken_back_serves_no_more(session: Session, case: Case) -> None:
    letter = a_letter(session, case, 30)
    mandate_ends.revoke(session, case.clerk, letter.id, now=NOW)

    with pytest.raises(Invalid, match="已撤销"):
        mandate.require_valid(letter, case.organization.id, now=NOW)
    with pytest.raises(Refused, match="已经失效"):
        mandate_ends.revoke(session, case.clerk, letter.id, now=NOW)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR, Role.MANAGER, Role.AUDITOR])
def test_only_the_counter_takes_letters_back(session: Session, case: Case, role: Role) -> None:
    letter = a_letter(session, case, 30)
    with pytest.raises((Refused, NotFound)):
        mandate_ends.revoke(session, builders.staff(session, role), letter.id, now=NOW)

    session.refresh(letter)
    assert letter.revoked_at is None


def check(session: Session, case: Case, project: Project, letter: Mandate, name: str) -> None:
    findings = {scan.id: Finding(OriginalResult.MATCH) for scan in originals.scans_to_check(session, project)}
    counter.check_originals(session, case.clerk, project.id, letter.id, findings, presented_by=name, now=NOW)


def test_another_person_at_the_counter_is_refused_and_nothing_is_ticked(session: Session, case: Case) -> None:
    project, letter = builders.submitted_project(session, case.applicant), a_letter(session, case, 30)
    with pytest.raises(Invalid, match="无转委权") as invalid:
        check(session, case, project, letter, "演示另一人")

    assert [problem.field for problem in invalid.value.problems] == ["presented_by"]
    assert session.scalar(select(func.count(OriginalsCheck.id))) == 0


@pytest.mark.parametrize("spaces", ["", " ", "\u3000"])
def test_the_agent_is_the_agent_however_it_is_spaced(session: Session, case: Case, spaces: str) -> None:
    project, letter = builders.submitted_project(session, case.applicant), a_letter(session, case, 30)
    name = spaces.join(letter.agent_name)
    check(session, case, project, letter, name)

    assert session.scalar(select(func.count(OriginalsCheck.id))) > 0


def test_several_letters_that_end_are_one_warning(session: Session, case: Case) -> None:
    a_letter(session, case, 12)
    a_letter(session, case, 5)

    assert mandate_ends.warn(session, now=NOW) == 1
    assert [(TODAY + timedelta(days=12)).isoformat() in text for text in told(session)] == [True]


def test_a_letter_that_ends_before_one_already_told_of_is_not_told(session: Session, case: Case) -> None:
    a_letter(session, case, 12)
    mandate_ends.warn(session, now=NOW)
    a_letter(session, case, 5)

    assert mandate_ends.warn(session, now=NOW) == 0
    assert len(told(session)) == 1
