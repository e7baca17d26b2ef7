"""Searches take their text as it is: no wildcard, no quoting, nothing of another's."""

from urllib.parse import quote

import pytest

from models.project import Project
from tests.views.pages import rows
from tests.views.world import World

LITERAL = ["%", "_", "'", '"', "\\", "甲方%", "甲方_", "' OR '1'='1", "甲方项目draft\\", "%%", "\\%", "甲方项目[a-z]*"]


@pytest.mark.parametrize("text", LITERAL)
def test_a_search_takes_its_text_as_it_is(world: World, text: str) -> None:
    asked = quote(text)

    for who, path in (
        ("owner", f"/projects/list/?q={asked}"),
        ("reviewer", f"/enterprises/list/?q={asked}"),
        ("reviewer", f"/organizations/list/?_flt_2_name={asked}"),
        ("reviewer", f"/mandates/list/?_flt_2_agent_name={asked}"),
    ):
        assert rows(world.page(who, path)) == {}, path
    for who, path in (("clerk", "/counter/"), ("reviewer", "/worklist/"), ("anonymous", "/lookup/")):
        page = world.page(who, f"{path}?q={asked}&number={asked}")
        assert "甲方项目submitted" not in page, path


def test_signs_that_databases_know_are_found_where_they_stand(world: World) -> None:
    key = world.own.projects["draft"]
    for text in ("完成100%", "一_二", "甲\\乙", "O'Neil", '引"号'):
        world.put(Project, key, name=text)
        for part in (text, text[1:-1]):
            assert set(rows(world.page("owner", f"/projects/list/?q={quote(part)}"))) == {key}, part


def test_a_list_is_searched_by_builder_and_approval_document_in_any_width(world: World) -> None:
    key = world.own.projects["draft"]
    builder = world.row(Project, key)["builder_name"]
    world.put(Project, key, approval_document_number="澄发改投〔2026〕Ａ99号")

    assert set(rows(world.page("owner", f"/projects/list/?q={quote(builder)}"))) == set(world.own.projects.values())
    for document in ("2026〕a99", "Ａ９９号", "改投"):
        assert key in rows(world.page("owner", f"/projects/list/?q={quote(document)}")), document


def test_a_pasted_number_is_found_with_its_separators(world: World) -> None:
    key = world.own.projects["approved"]
    number = world.row(Project, key)["number"]

    for pasted in (f"{number[:6]} {number[6:12]} {number[12:14]} {number[14:]}", f"{number[:6]}·{number[6:]}"):
        assert set(rows(world.page("owner", f"/projects/list/?q={quote(pasted)}"))) == {key}, pasted


def test_a_number_is_found_by_itself_and_by_none_of_its_wild_forms(world: World) -> None:
    key = world.own.projects["approved"]
    number = world.row(Project, key)["number"]

    assert set(rows(world.page("owner", f"/projects/list/?q={number}"))) == {key}
    assert rows(world.page("owner", f"/projects/list/?q={number[:-1]}_")) == {}
    assert number in world.page("anonymous", f"/lookup/?number={number}")


def test_staff_find_a_project_from_every_page_and_its_builder_does_not_need_to(world: World) -> None:
    for who, page in (("reviewer", "/worklist/"), ("clerk", "/counter/"), ("admin", "/users/list/")):
        assert 'class="app-find" role="search" action="/projects/list/"' in world.page(who, page)
    for who, page in (("owner", "/projects/list/"), ("auditor", "/audit/list/")):
        assert "app-find" not in world.page(who, page)
