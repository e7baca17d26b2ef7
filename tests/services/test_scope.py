"""The narrower ways to ask for rows in scope give no row that the scope does not give."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from app.scope import at_own_bureaus, counting, criteria
from models.enterprise import Enterprise
from models.project import Project
from tests.builders import a_case, draft_enterprise, draft_project, registered, staff, submitted_project

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
