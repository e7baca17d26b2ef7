"""移交: the form offers the bureaus that may take the record, and no other."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bureau import Bureau
from models.enterprise import Enterprise
from models.project import Project
from tests.views.world import World


def offered(page: str) -> set[int]:
    """The keys that the form's choice of a bureau has."""
    choice = page.partition('name="bureau_id"')[2].partition("</select>")[0]
    return {int(key) for key in re.findall(r'value="(\d+)"', choice)}


def bureaus(world: World) -> dict[str, int]:
    with Session(world.engine) as session:
        return {bureau.code: bureau.id for bureau in session.scalars(select(Bureau))}


def test_a_project_is_offered_to_the_bureaus_over_its_region(world: World) -> None:
    key = world.own.projects["ready"]

    found = offered(world.page("admin", f"/projects/transfer/{key}"))

    assert found == {bureaus(world)["320200"]}


def test_an_enterprise_is_offered_to_every_other_bureau(world: World) -> None:
    key = world.foreign.enterprise
    own = world.row(Enterprise, key)["bureau_id"]

    assert offered(world.page("admin", f"/enterprises/transfer/{key}")) == set(bureaus(world).values()) - {own}


@pytest.mark.parametrize("code", ["320200", "320282"])
def test_what_is_offered_is_taken_and_what_is_not_is_refused(world: World, code: str) -> None:
    key, target = world.own.projects["ready"], bureaus(world)[code]
    row = world.row(Project, key)
    is_offered = target in offered(world.page("admin", f"/projects/transfer/{key}"))

    answer = world.post(
        "admin", f"/projects/transfer/{key}", {"bureau_id": target, "reason": "演示", "version": row["version"]}
    )

    assert answer.status_code == (302 if is_offered else 422)
    assert world.row(Project, key)["bureau_id"] == (target if is_offered else row["bureau_id"])
