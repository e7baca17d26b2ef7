"""The narrower ways to ask for rows in scope give no row that the scope does not give."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.domain.terms import RequestKind, Role
from app.scope import at_own_bureaus, counting, criteria
from app.services import import_batch
from app.services.account_requests import ask, why_not
from app.services.organization import why_not as why_not_here
from models.enterprise import Enterprise
from models.mandate import Mandate
from models.organization import Organization
from models.project import Project
from tests.builders import (
    LIMITS,
    NOW,
    a_case,
    draft_enterprise,
    draft_project,
    mandate_of,
    registered,
    staff,
    submitted_project,
)
from tests.services import import_files as files

BUREAUS = ("320200", "320281", "320282")


@pytest.fixture
def records(session: Session) -> None:
    """Drafts and submitted records of three builders in two districts."""
    for region in ("320281", "320282", "320281"):
        builder = a_case(session)
        submitted_project(session, builder.applicant, region_code=region)
        draft_project(session, builder.applicant, region_code=region)
        draft_enterprise(session, registered(session)[1], region_code=region)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("model", [Project, Enterprise])
@pytest.mark.parametrize("role", Role)
def test_what_is_at_ones_own_bureaus_is_in_scope(
    session: Session, model: type[Project | Enterprise], role: Role
) -> None:
    for bureau in BUREAUS:
        person = staff(session, role, bureau=bureau)
        seen = set(session.scalars(select(model.id).where(criteria(person, model))))
        own = set(session.scalars(select(model.id).where(at_own_bureaus(person, model))))

        assert own <= seen
        assert bool(own) == (bool(seen) and role not in {Role.APPLICANT, Role.MATTER_CLERK})


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("model", [Project, Enterprise])
def test_rows_are_counted_as_they_are_listed(session: Session, model: type[Project | Enterprise]) -> None:
    for bureau in BUREAUS:
        for role in Role:
            person = staff(session, role, bureau=bureau)
            listed = session.scalars(select(model.id).where(criteria(person, model))).all()
            assert sorted(session.scalars(select(model.id).where(counting(person, model)))) == sorted(listed)


# Project owners that somebody imported ----------------------------------------------------------------


@pytest.mark.parametrize("with_projects", [True, False], ids=["with its projects", "alone"])
def test_an_imported_owner_and_its_letters_are_seen_by_that_bureaus_tree_alone(
    session: Session, with_projects: bool
) -> None:
    admin, clerk = staff(session, Role.ADMINISTRATOR), staff(session, Role.COUNTER_CLERK)
    row = files.organization_row(77)
    project = files.project_row(0, row["org_code"], project_number="3202811510080101")
    data = files.projects(project, organizations=[row])
    brought = files.batch(session, data) if with_projects else files.organizations(session, row)
    import_batch.store(session, admin, brought, now=NOW)
    owner = session.scalars(select(Organization).where(Organization.org_code == row["org_code"])).one()
    letter = mandate_of(session, owner.id, clerk)

    def sees(actor: Actor) -> tuple[bool, bool, bool]:
        known = select(Organization.id).where(criteria(actor, Organization), Organization.id == owner.id)
        letters = select(Mandate.id).where(criteria(actor, Mandate), Mandate.id == letter.id)
        return (
            session.scalar(known) is not None,
            session.scalar(letters) is not None,
            None is why_not(session, actor, RequestKind.RESET, owner),
        )

    above = staff(session, Role.COUNTER_CLERK, bureau="320200")
    beside = staff(session, Role.COUNTER_CLERK, bureau="320282")
    assert sees(clerk) == sees(above) == (True, True, True)
    assert sees(beside)[:2] == (False, False)
    with pytest.raises(NotFound):
        ask(session, beside, RequestKind.RESET, owner.id, {}, now=NOW, limits=LIMITS)


def test_who_registered_and_said_nothing_yet_is_seen_by_every_counter(session: Session) -> None:
    owner, _applicant = registered(session)

    for bureau in ("320200", "320281", "320282"):
        clerk = staff(session, Role.COUNTER_CLERK, bureau=bureau)
        assert session.scalar(select(Organization.id).where(criteria(clerk, Organization))) == owner.id


def test_the_administrator_who_imported_an_owner_decides_about_it(session: Session) -> None:
    admin = staff(session, Role.ADMINISTRATOR)
    import_batch.store(session, admin, files.organizations(session, files.organization_row(78)), now=NOW)
    owner = session.scalars(select(Organization)).one()

    assert why_not_here(session, admin, owner) is None
    assert why_not_here(session, staff(session, Role.ADMINISTRATOR, bureau="320282"), owner) is not None
