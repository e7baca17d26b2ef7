"""Roles to read: what the running matrix says, in words, and who holds them here."""

import re

import pytest
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select

from app.domain.permissions import PERMISSIONS
from app.domain.rights import RESOURCES, VERBS
from app.domain.terms import TERMS, Role
from tests.views.pages import rows
from tests.views.world import World


def key_of(world: World, role: Role) -> int:
    with world.session() as session:
        return session.scalars(select(FabRole.id).where(FabRole.name == role)).one()


def test_every_role_is_listed_by_its_word(world: World) -> None:
    page = world.page("admin", "/roles/list/")

    assert len(rows(page)) == len(Role)
    assert all(TERMS[role] in page for role in Role)


@pytest.mark.parametrize("role", Role)
def test_a_role_shows_exactly_what_the_matrix_gives(world: World, role: Role) -> None:
    page = world.page("admin", f"/roles/show/{key_of(world, role)}")

    lines = dict(re.findall(r'<tr data-id="(\w+)"><th scope="row">(.*?)</tr>', page, re.S))
    assert {name for name in lines if name in RESOURCES} == set(PERMISSIONS[role])
    for resource, verbs in PERMISSIONS[role].items():
        shown = {word for word in VERBS.values() if re.search(rf"[>、]{re.escape(word)}[<、]", lines[resource])}
        assert shown == {VERBS[verb] for verb in verbs}, resource


def test_who_holds_a_role_is_told_within_reach(world: World) -> None:
    key = key_of(world, Role.ADMINISTRATOR)
    mine, all_of_them = world.page("admin", f"/roles/show/{key}"), world.page("root", f"/roles/show/{key}")

    assert "演示admin" in mine and "演示root" not in mine
    assert "演示admin" in all_of_them and "演示root" in all_of_them


def test_there_is_nothing_to_add_or_edit(world: World) -> None:
    for path in ("/roles/add", "/roles/edit/1", "/roles/delete/1"):
        assert world.get("root", path).status_code == 404
