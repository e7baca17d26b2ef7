"""`yht import`: the screen's door by command; a bad row ends it with an error and stores nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from models.organization import Organization
from tests.databases import on_sqlite
from tests.services import import_files as files


@pytest.fixture
def command(app: Flask, make_user: Callable[..., object], tmp_path: Path) -> Callable[..., Result]:
    """Run the command on a workbook of these organizations."""
    make_user("root.test", Role.ADMINISTRATOR, bureau="320200")

    def run(*options: str, **different: object) -> Result:
        file = tmp_path / "file.xlsx"
        file.write_bytes(files.workbook({"建设单位": [files.organization_row(900, **different)]}))
        return app.test_cli_runner().invoke(args=["yht", "import", "organizations", str(file), *options])

    return run


def stored(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Organization)) or 0


@on_sqlite
def test_a_dry_run_stores_nothing_and_a_run_does(command, db_session):
    tried = command("--dry-run")
    assert (tried.exit_code, "可以导入：1" in tried.output, stored(db_session)) == (0, True, 0)

    done = command()
    assert (done.exit_code, "已导入：1" in done.output, stored(db_session)) == (0, True, 1)


@on_sqlite
def test_a_bad_row_ends_the_command_with_an_error(command, db_session):
    answer = command(contact_mobile="12345")

    assert answer.exit_code == 1 and "第 2 行 contact_mobile" in answer.output
    assert stored(db_session) == 0
