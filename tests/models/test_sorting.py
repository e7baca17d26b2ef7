"""Each name that lists are sorted by has its key beside it, whichever door wrote it, and lists read along an index."""

from itertools import pairwise

import pytest
from sqlalchemy import Table, insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.sorting import sort_key
from app.migrations.run import downgrade, upgrade
from models import Model, sorting
from models.bureau import Bureau
from models.engine import create_engine_for
from models.organization import Organization
from models.project import Project
from models.user import User
from tests import builders
from views import keyset

NAMES = ["张家港医院", "北京路小学", "江阴港", "3号楼", "苏州河", "江阴港", "无锡剧院", "江阴港", "安置房"]
BY_PINYIN = ["3号楼", "安置房", "北京路小学", "江阴港", "江阴港", "江阴港", "苏州河", "无锡剧院", "张家港医院"]
KEYED = [
    (table, column.info["sorts"])
    for table in Model.metadata.sorted_tables
    for column in table.columns
    if "sorts" in column.info
]
BEFORE = "0033"  # the last revision without the keys


@pytest.fixture
def organization(session: Session) -> Organization:
    return builders.registered(session, 1, name="演示教育发展中心")[0]


def projects(session: Session, organization: Organization) -> list[Project]:
    known = {
        "organization_id": organization.id, "created_by_id": organization.users[0].id,
        "created_at": builders.NOW, "updated_at": builders.NOW,
    }  # fmt: skip
    made = [Project(name=name, **known) for name in NAMES]
    session.add_all(made)
    session.commit()
    return made


def key_of(session: Session, row: Project, name: str) -> str:
    return str(session.scalar(select(sorting.ordered_by(Project, name)).where(Project.id == row.id)))


@pytest.mark.parametrize(("table", "source"), KEYED, ids=lambda part: getattr(part, "name", part))
def test_an_insert_past_the_session_writes_the_key(table: Table, source: str) -> None:
    own = table.c[source + sorting.SUFFIX]

    class Context:
        def get_current_parameters(self) -> dict[str, str]:
            return {source: "江阴"}

    assert own.default is not None and own.default.arg(Context()) == sort_key("江阴")  # type: ignore[attr-defined]


def test_a_new_name_takes_a_new_place(session: Session, organization: Organization) -> None:
    project = projects(session, organization)[0]
    version = project.version

    project.name = "白屈港"
    session.commit()

    assert key_of(session, project, "name") == sort_key("白屈港")
    assert project.version == version + 1


def test_projects_move_with_the_name_of_their_owner(session: Session, organization: Organization) -> None:
    project = projects(session, organization)[0]
    assert key_of(session, project, "builder_name") == sort_key("演示教育发展中心")

    organization.name = "安泰集团"
    session.commit()

    assert key_of(session, project, "builder_name") == sort_key("安泰集团")


def test_every_seeded_name_has_its_key(session: Session) -> None:
    builders.registered(session, 2)
    for model, name in ((Bureau, "name"), (User, "display_name"), (Organization, "name")):
        rows = session.execute(select(getattr(model, name), sorting.ordered_by(model, name))).all()
        assert rows and all(key == sort_key(said) for said, key in rows), model


@pytest.mark.parametrize("falling", [True, False], ids=["falling", "rising"])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_pages_walk_in_the_order_of_pinyin(
    session: Session, organization: Organization, size: int, falling: bool
) -> None:
    projects(session, organization)
    order = keyset.Order("name", sorting.ordered_by(Project, "name"), Project.id, falling)
    page = keyset.read(session.query(Project), order, size)
    met = [page]
    while page.after:
        page = keyset.read(session.query(Project), order, size, after=page.after)
        met.append(page)

    names = [row.name for each in met for row in each.rows]
    assert names == (BY_PINYIN[::-1] if falling else BY_PINYIN)
    for former, each in pairwise(met):
        assert keyset.read(session.query(Project), order, size, before=each.before).rows == former.rows


def test_filling_puts_right_what_was_written_in_bulk(session: Session, organization: Organization) -> None:
    made = projects(session, organization)
    session.execute(update(Project.__table__).values(name_order="", builder_name_order="ff"))

    for name in ("name", "builder_name"):
        sorting.fill(session.connection(), "project", name, batch=2)
    session.commit()

    assert [key_of(session, row, "name") for row in made] == [sort_key(name) for name in NAMES]
    assert key_of(session, made[0], "builder_name") == sort_key("演示教育发展中心")


def test_the_migration_gives_rows_that_are_there_their_place(database_url: str) -> None:
    downgrade(database_url, BEFORE)
    engine = create_engine_for(database_url)
    with engine.connect() as connection:
        there = connection.execute(text("SELECT id, name FROM bureau")).all()
    engine.dispose()

    upgrade(database_url)

    with engine.connect() as connection:
        filled = connection.execute(select(Bureau.id, Bureau.name, Bureau.name_order)).all()
        assert sorted(row[:2] for row in filled) == sorted(map(tuple, there))
        assert all(key == sort_key(name) for _id, name, key in filled)
    engine.dispose()


def test_a_row_inserted_by_its_table_has_its_key(session: Session) -> None:
    some = [{"code": f"99990{n}", "name": name, "region_code": "999900"} for n, name in enumerate(NAMES[:3])]

    session.execute(insert(Bureau.__table__), some)

    query = select(Bureau.name).where(Bureau.region_code == "999900").order_by(sorting.ordered_by(Bureau, "name"))
    assert session.scalars(query).all() == ["北京路小学", "江阴港", "张家港医院"]
