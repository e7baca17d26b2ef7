"""A bureau that was added takes in nothing before somebody can be asked and somebody can review there."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role
from app.seeds import demo
from app.services import administration, facts, opening, project, reference, upkeep
from app.services.kept import KEPT
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.user import User
from tests import builders
from tests.builders import LIMITS, NOW, Case

CODE = "320299"


@pytest.fixture
def root(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR, bureau="320200")


@pytest.fixture
def added(session: Session, root: Actor) -> Bureau:
    """A bureau that the root administrator put there for a region of its own."""
    region = {"code": CODE, "name": "演示区", "parent_code": "320200", "valid_from": "2026-01-01"}
    upkeep.add(session, root, KEPT["regions"], region, now=NOW, limits=LIMITS)
    above = builders.a_bureau(session, "320200").id
    values = {"code": CODE, "name": "演示开发区建设局", "parent_id": str(above), "region_code": CODE}
    row: Bureau = upkeep.add(session, root, KEPT["bureaus"], values, now=NOW, limits=LIMITS)
    return row


def contact(session: Session, root: Actor, bureau: Bureau) -> Any:
    anew = demo.actor_of(session, root.username)
    values = {"bureau_id": str(bureau.id), "person": "演示联系人", "phones": "0510-86071119"}
    return upkeep.add(session, anew, KEPT["contacts"], values, now=NOW, limits=LIMITS)


def test_what_comes_with_the_product_is_open_without_staff_anywhere(session: Session) -> None:
    assert opening.lacking(session) == {}
    assert opening.closed_regions(session) == frozenset()


def test_an_added_bureau_opens_with_a_contact_and_a_reviewer(session: Session, root: Actor, added: Bureau) -> None:
    told = [opening.lacking(session).get(added.id)]
    contact(session, root, added)
    told.append(opening.lacking(session).get(added.id))
    builders.staff(session, Role.ADMINISTRATOR, bureau=CODE)
    told.append(opening.lacking(session).get(added.id))
    reviewer = builders.staff(session, Role.REVIEWER, bureau=CODE)
    told.append(opening.lacking(session).get(added.id))
    session.get_one(User, reviewer.user_id).active = False
    session.commit()
    told.append(opening.lacking(session).get(added.id))

    both, one = (opening.CONTACT, opening.REVIEWER), (opening.REVIEWER,)
    assert told == [both, one, one, None, one]


def test_nothing_is_handed_in_to_a_bureau_that_is_not_open(session: Session, case: Case, added: Bureau) -> None:
    record = builders.draft_project(session, case.applicant, region_code=CODE)

    with pytest.raises(Refused, match="演示开发区建设局尚未开放，还缺少：公布的联系人、在用的审核人员账号"):
        project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)


def test_once_it_is_open_a_project_is_handed_in(session: Session, root: Actor, case: Case, added: Bureau) -> None:
    record = builders.draft_project(session, case.applicant, region_code=CODE)
    contact(session, root, added)
    builders.staff(session, Role.REVIEWER, bureau=CODE)

    project.submit(session, case.applicant, record.id, declared=True, now=NOW, limits=LIMITS)

    assert (record.status, record.bureau_id) == ("submitted", added.id)


def test_nothing_is_handed_over_to_a_bureau_that_is_not_open(session: Session, root: Actor, added: Bureau) -> None:
    _organization, applicant = builders.registered(session)
    record: Enterprise = builders.submitted_enterprise(session, applicant)
    admin = builders.staff(session, Role.ADMINISTRATOR)

    with pytest.raises(Refused, match="尚未开放"):
        administration.transfer(session, admin, Kind.ENTERPRISE, record.id, bureau_id=added.id, reason="演示", now=NOW)

    assert added.id not in facts.bureaus_to_take(session, record)
    assert added.id in reference.bureaus(session)


def test_a_transfer_to_where_it_is_says_so(session: Session) -> None:
    _organization, applicant = builders.registered(session)
    record = builders.submitted_enterprise(session, applicant)
    admin = builders.staff(session, Role.ADMINISTRATOR)

    with pytest.raises(Refused, match="已在这个受理机构，无需移交"):
        administration.transfer(
            session, admin, Kind.ENTERPRISE, record.id, bureau_id=record.bureau_id, reason="演示", now=NOW
        )
