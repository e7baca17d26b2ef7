"""The schema: what migrations build is what the models say, named and explained to the last column."""

import pytest
from sqlalchemy import Engine, ForeignKeyConstraint, Table, inspect, text
from sqlalchemy.orm import configure_mappers

from app.migrations.run import current_revision, downgrade, drift, head_revision, is_current, upgrade
from models import Model, User
from models.engine import create_engine_for
from tests.databases import on_postgresql

FROM_FAB = {name for name in Model.metadata.tables if name.startswith("ab_")}
TABLES = sorted(Model.metadata.tables.values(), key=lambda table: table.name)
OUR_TABLES = [table for table in TABLES if table.name not in FROM_FAB]
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
each_table_of_ours = pytest.mark.parametrize("table", OUR_TABLES, ids=lambda table: table.name)
POSTGRESQL_NAME_BYTES = 63


def test_all_relationships_fit_together() -> None:
    configure_mappers()


def test_a_migrated_database_has_no_drift_from_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert drift(connection) == []
        assert is_current(connection)


def test_upgrade_from_nothing_and_back_to_nothing(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    engine = create_engine_for(empty_database_url)
    with engine.connect() as connection:
        assert current_revision(connection) == head_revision()

    downgrade(empty_database_url, "base")

    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_a_seeded_database_goes_down_to_nothing_and_up_again(database_url: str) -> None:
    downgrade(database_url, "base")
    upgrade(database_url)

    engine = create_engine_for(database_url)
    with engine.connect() as connection:
        assert drift(connection) == []
    engine.dispose()


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    upgrade(database_url)

    engine = create_engine_for(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM bureau")).scalar_one() == 8
    engine.dispose()


@each_table
def test_every_constraint_has_a_name_that_postgresql_keeps_whole(table: Table) -> None:
    names = [str(constraint.name) for constraint in table.constraints] + [str(index.name) for index in table.indexes]

    assert all(names)
    assert [name for name in names if len(name.encode()) > POSTGRESQL_NAME_BYTES] == []


def test_the_names_of_constraints_reach_the_database(engine: Engine) -> None:
    inspector = inspect(engine)

    checks = {check["name"] for check in inspector.get_check_constraints("project")}
    uniques = {unique["name"] for unique in inspector.get_unique_constraints("number_register")}
    keys = {key["name"] for key in inspector.get_foreign_keys("project")}

    assert {"project_finish_is_not_before_start", "approved_project_has_a_number"} <= checks
    assert "number_is_issued_once_per_place_of_the_day" in uniques
    assert {"project_organization_id_exists", "project_submission_id_exists"} <= keys


def test_fab_tables_take_our_names_too(engine: Engine) -> None:
    uniques = {unique["name"] for unique in inspect(engine).get_unique_constraints("ab_role")}

    assert uniques == {"ab_role_name_is_unique"}


@each_table_of_ours
def test_every_column_says_what_it_holds_and_whence(table: Table) -> None:
    assert [column.name for column in table.columns if not column.comment] == []
    assert table.comment


def test_every_column_we_add_to_the_account_is_explained() -> None:
    ours = {column.name for column in User.__table__.columns if column.comment}

    assert {"organization_id", "bureau_id", "must_change_password", "session_epoch", "locked_until"} <= ours


@on_postgresql
def test_comments_reach_the_database(engine: Engine) -> None:
    comments = {column["name"]: column["comment"] for column in inspect(engine).get_columns("project")}

    assert "万元" in comments["investment_10k_cny"]
    assert None not in comments.values()


@each_table
def test_every_foreign_key_is_found_by_an_index(table: Table) -> None:
    leading = {next(iter(index.columns)).name for index in table.indexes if index.columns}
    leading |= {
        next(iter(constraint.columns)).name
        for constraint in table.constraints
        if not isinstance(constraint, ForeignKeyConstraint) and len(constraint.columns)
    }

    assert {key.parent.name for key in table.foreign_keys} <= leading


@each_table_of_ours
def test_a_key_is_never_given_twice(table: Table) -> None:
    if "id" in table.columns:
        assert table.dialect_options["sqlite"]["autoincrement"] is True


def test_numbers_and_amounts_are_never_floats() -> None:
    floats = [
        f"{table.name}.{column.name}"
        for table in OUR_TABLES
        for column in table.columns
        if type(column.type).__name__ in {"Float", "Double", "REAL"}
    ]

    assert floats == []
