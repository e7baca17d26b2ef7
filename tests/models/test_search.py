"""Names and grams stay in step with the rows, whichever door wrote them; a rebuild comes to the same."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.domain.search import grams
from app.domain.terms import Role
from app.services import rename
from models import search
from models.organization import Organization
from models.project import Project
from models.search_gram import OF_ORGANIZATION, OF_PROJECT, SearchGram
from tests import builders


@pytest.fixture
def organization(session: Session) -> Organization:
    return builders.registered(session, 1, name="演示教育发展中心")[0]


def a_project(session: Session, organization: Organization, name: str = "江阴医院") -> Project:
    project = Project(
        organization_id=organization.id, name=name, created_by_id=organization.users[0].id,
        created_at=builders.NOW, updated_at=builders.NOW,
    )  # fmt: skip
    session.add(project)
    session.commit()
    return project


def held(session: Session, kind: str, row_id: int) -> set[str]:
    query = select(SearchGram.gram).where(SearchGram.kind == kind, SearchGram.row_id == row_id)
    return set(session.scalars(query))


def texts(session: Session) -> dict[int, tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(Project).options(undefer(Project.search_text)))
    return {row.id: (row.builder_name, row.search_text) for row in rows}


def everything(session: Session) -> set[tuple[str, str, int]]:
    return set(map(tuple, session.execute(select(SearchGram.kind, SearchGram.gram, SearchGram.row_id))))


def test_a_new_project_is_found_by_its_name_and_its_builder(session: Session, organization: Organization) -> None:
    project = a_project(session, organization)

    assert project.builder_name == "演示教育发展中心"
    assert held(session, OF_PROJECT, project.id) == grams("江阴医院\n演示教育发展中心")


def test_an_organization_is_found_by_its_code_in_both_spellings(session: Session, organization: Organization) -> None:
    code = organization.org_code.casefold()

    assert held(session, OF_ORGANIZATION, organization.id) >= grams(code) | grams(code.replace("-", ""))


def test_a_change_of_name_changes_the_grams(session: Session, organization: Organization) -> None:
    project = a_project(session, organization)

    project.name = "江阴学校"
    session.commit()

    assert held(session, OF_PROJECT, project.id) == grams("江阴学校\n演示教育发展中心")


def test_a_renamed_builder_is_renamed_on_its_projects(session: Session, organization: Organization) -> None:
    project = a_project(session, organization)
    other = a_project(session, builders.registered(session, 2)[0])
    version, before = project.version, held(session, OF_PROJECT, other.id)

    organization.name = "演示文旅集团"
    session.commit()

    assert (project.builder_name, project.version) == ("演示文旅集团", version)
    assert held(session, OF_PROJECT, project.id) == grams("江阴医院\n演示文旅集团")
    assert held(session, OF_PROJECT, other.id) == before


def test_a_builder_and_its_project_may_change_at_once(session: Session, organization: Organization) -> None:
    project = a_project(session, organization)

    organization.name, project.name = "演示新名", "新项目"
    session.commit()

    assert texts(session)[project.id] == ("演示新名", "新项目\n演示新名")
    assert held(session, OF_PROJECT, project.id) == grams("新项目\n演示新名")


def test_a_deleted_project_leaves_no_grams(session: Session, organization: Organization) -> None:
    project = a_project(session, organization)
    key = project.id

    session.delete(project)
    session.commit()

    assert held(session, OF_PROJECT, key) == set()


def test_what_is_rolled_back_leaves_no_trace(session: Session, organization: Organization) -> None:
    project = a_project(session, organization)
    before = everything(session)

    project.name = "别的名称"
    session.flush()
    session.rollback()

    assert everything(session) == before


def test_a_change_of_other_columns_writes_no_grams(session: Session, organization: Organization) -> None:
    project = a_project(session, organization)
    session.execute(SearchGram.__table__.delete())

    project.remarks = "备注"
    session.commit()

    assert everything(session) == set()


def test_approval_makes_the_number_findable(session: Session) -> None:
    project = builders.approved_project(session, builders.a_case(session))

    assert held(session, OF_PROJECT, project.id) >= grams(project.number)


@pytest.mark.parametrize("batch", [1, 1000])
def test_an_organization_is_found_by_what_it_was_called_before(session: Session, batch: int) -> None:
    case = builders.a_case(session)
    administrator = builders.staff(session, Role.ADMINISTRATOR)
    before = case.organization.name
    raw = {
        "name": "演示更名后单位",
        "org_code": case.organization.org_code,
        "effective_on": "2026-11-01",
        "reason": "演示",
    }
    rename.rename(session, administrator, case.organization.id, raw, version=1, now=builders.NOW)
    kept = everything(session)

    search.rebuild(session.connection(), batch=batch)

    assert held(session, OF_ORGANIZATION, case.organization.id) >= grams(before) | grams("演示更名后单位")
    assert everything(session) == kept


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_a_rebuild_comes_to_what_the_session_kept(session: Session, organization: Organization, batch: int) -> None:
    for name in ("江阴医院", "道路ABC12（一期）", "桥梁"):
        a_project(session, organization, name)
    kept, said = everything(session), texts(session)
    session.execute(Project.__table__.update().values(search_text="", builder_name="错"))
    session.execute(SearchGram.__table__.delete().where(SearchGram.row_id > 1))

    search.rebuild(session.connection(), batch=batch)

    assert everything(session) == kept
    assert texts(session) == said
