"""Screens of reference data as administrators use them: drawn from the rules, read by all of them, kept by few."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from app.services.kept import KEPT
from tests.views.pages import errors, inputs, messages, rows
from tests.views.world import World

BASES = {
    "bureaus": "bureaus", "regions": "regions", "dictionaries": "dictionaries",
    "required_documents": "requireddocuments", "return_reasons": "returnreasons", "contacts": "contacts",
    "calendar": "calendar", "matter_items": "matteritems",
}  # fmt: skip
TARGET = {
    "bureaus": "bureau", "regions": "region", "dictionaries": "code", "required_documents": "document",
    "return_reasons": "reason", "contacts": "contact", "calendar": "day",
    "matter_items": "matter_item",
}  # fmt: skip
NAMES = {
    "bureaus": "name", "regions": "name", "dictionaries": "label_zh", "required_documents": "label_zh",
    "return_reasons": "label_zh", "contacts": "person", "calendar": "reason",
    "matter_items": "label_zh",
}  # fmt: skip
NEW: dict[str, dict[str, str]] = {
    "regions": {"code": "320299", "name": "演示区", "parent_code": "320200", "valid_from": "2026-01-01"},
    "dictionaries": {
        "kind": "use_code", "code": "998", "label_zh": "演示用途", "label_en": "Demo use", "edition": "2018",
        "is_active": "y",
    },
    "required_documents": {
        "record_kind": "project", "slot": "demo_paper", "label_zh": "演示材料", "label_en": "Demo paper",
        "min_count": "0", "max_count": "2",
    },
    "return_reasons": {"code": "demo", "label_zh": "演示原因", "label_en": "Demo reason", "is_active": "y"},
    "matter_items": {
        "matter": "tender", "label_zh": "演示材料", "label_en": "Demo paper", "is_required": "y", "is_active": "y",
    },
    "calendar": {"day": "2027-12-31", "is_working_day": "free", "reason": "演示通知"},
}  # fmt: skip
ROOT_KEEPS = sorted(set(KEPT) - {"contacts"})
CODES = re.compile(r">\s*(?:use_code|category_code|government|enterprise|project|worked|free|y|n)\s*<")


def saved(world: World, path: str, form: dict[str, Any]) -> Any:
    """What comes of saving, with what the change reaches confirmed where the page asks."""
    answer = world.post("root", path, form)
    page = answer.get_data(as_text=True)
    return world.post("root", path, inputs(page)) if "data-reach" in page else answer


def edit_page(world: World, who: str, resource: str) -> str:
    return f"/{BASES[resource]}/edit/{world.kept[TARGET[resource]]}"


@pytest.mark.parametrize("resource", KEPT)
def test_every_input_of_the_rules_is_on_the_form_and_nothing_else(world: World, resource: str) -> None:
    page = world.page("root", f"/{BASES[resource]}/add")

    marked = set(re.findall(r'data-input="([^"]+)"', page))
    assert marked == set(KEPT[resource].table.names)


@pytest.mark.parametrize("resource", NEW)
def test_a_row_is_added_through_its_form(world: World, resource: str) -> None:
    answer = world.post("root", f"/{BASES[resource]}/add", NEW[resource])

    assert answer.status_code == 302, errors(answer.get_data(as_text=True))
    shown = world.page("root", answer.location)
    assert NEW[resource][NAMES[resource]] in shown


@pytest.mark.parametrize("resource", KEPT)
def test_a_row_is_edited_through_its_form(world: World, resource: str) -> None:
    path = edit_page(world, "root", resource)

    answer = saved(world, path, {**inputs(world.page("root", path)), NAMES[resource]: "改过的名称"})

    assert answer.status_code == 302, errors(answer.get_data(as_text=True))
    assert "改过的名称" in world.page("root", answer.location)


@pytest.mark.parametrize("resource", KEPT)
def test_what_is_fixed_is_text_on_the_form(world: World, resource: str) -> None:
    sent = inputs(world.page("root", edit_page(world, "root", resource)))

    assert not KEPT[resource].fixed & set(sent)


@pytest.mark.parametrize("resource", KEPT)
def test_an_empty_name_is_told_at_its_input_and_the_rest_stays(world: World, resource: str) -> None:
    path = edit_page(world, "root", resource)
    form = {**inputs(world.page("root", path)), NAMES[resource]: ""}

    answer = world.post("root", path, form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert list(errors(page)) and NAMES[resource] in errors(page)
    assert inputs(page) == form


@pytest.mark.parametrize("resource", KEPT)
def test_what_another_saved_meanwhile_is_shown_beside_what_was_typed(world: World, resource: str) -> None:
    path, column = edit_page(world, "root", resource), NAMES[resource]
    form = inputs(world.page("root", path))
    saved(world, path, {**form, column: "别人改的名称"})

    answer = world.post("root", path, {**form, column: "我改的名称"})
    page = answer.get_data(as_text=True)
    again = saved(world, path, inputs(page))

    assert answer.status_code == 409
    assert "别人改的名称" in page and inputs(page)[column] == "我改的名称"
    assert again.status_code == 302 and "我改的名称" in world.page("root", again.location)


@pytest.mark.parametrize("resource", KEPT)
def test_no_list_or_page_shows_a_code_for_a_word(world: World, resource: str) -> None:
    for path in (f"/{BASES[resource]}/list/", f"/{BASES[resource]}/show/{world.kept[TARGET[resource]]}"):
        cells = re.findall(r'<td[^>]*data-field="(?!code|slot)[^"]*"[^>]*>.*?</td>', world.page("root", path), re.S)
        assert cells and not [cell for cell in cells if CODES.search(cell)]


# Who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ROOT_KEEPS)
def test_a_bureaus_administrator_reads_without_any_button(world: World, resource: str) -> None:
    listed = world.page("admin", f"/{BASES[resource]}/list/")
    shown = world.page("admin", f"/{BASES[resource]}/show/{world.kept[TARGET[resource]]}")

    for page in (listed, shown):
        assert f"/{BASES[resource]}/add" not in page
        assert f"/{BASES[resource]}/edit/" not in page
        assert f"/{BASES[resource]}/delete/" not in page
    assert "由市级管理员维护" in listed


def test_a_bureaus_administrator_finds_only_reading_in_the_menu_of_others(world: World) -> None:
    for who in ("clerk", "reviewer", "matter", "manager", "auditor", "owner"):
        page = world.page(who, "/help/")
        assert not [base for base in (*BASES.values(), "users", "roles", "noticetemplates") if f"/{base}/list/" in page]
    assert all(f"/{base}/list/" in world.page("admin", "/help/") for base in BASES.values())


# Lists ----------------------------------------------------------------------------------------------------

SEARCHES = {
    "/dictionaries/list/?_flt_3_kind=category_code": 3,
    "/dictionaries/list/?_flt_2_label_zh=新建": 1,
    "/regions/list/?_flt_2_name=滨湖": 1,
    "/regions/list/?_flt_0_code=3202": 12,
    "/returnreasons/list/?_flt_0_is_active=n": 0,
    "/contacts/list/?_flt_2_phones=86071119": 1,
    "/bureaus/list/?_flt_2_name=江阴": 1,
    "/requireddocuments/list/?_flt_3_record_kind=project": 2,
    "/calendar/list/?_flt_0_day=2027-05-03": 1,
}


@pytest.mark.parametrize(("path", "count"), SEARCHES.items())
def test_lists_find_what_is_asked(world: World, path: str, count: int) -> None:
    assert len(rows(world.page("root", path))) == count


@pytest.mark.parametrize("base", [*BASES.values(), "users", "roles", "noticetemplates"])
def test_a_list_costs_few_statements(world: World, base: str) -> None:
    seen: list[Any] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    try:
        world.page("root", f"/{base}/list/")
    finally:
        event.remove(world.engine, "before_cursor_execute", note)

    assert len([one for one in seen if one.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 12, seen


# Contacts are everybody's to read on the first page ----------------------------------------------------------


def test_a_new_contact_stands_on_the_first_page_and_a_deleted_one_does_not(world: World) -> None:
    here = str(world.kept["bureau"])
    added = world.post("admin", "/contacts/add", {"bureau_id": here, "person": "演示接线员", "phones": "0510-12345678"})
    assert "0510-12345678" in world.page("anonymous", "/")

    world.post("admin", added.location.replace("/show/", "/delete/"))

    assert "0510-12345678" not in world.page("anonymous", "/")


def test_a_bureau_out_of_reach_is_not_offered(world: World) -> None:
    page = world.page("admin", "/contacts/add")

    assert "江阴市住房和城乡建设局</option>" in page
    assert inputs(page)["bureau_id"] == str(world.kept["bureau"])
    assert "无锡市梁溪区" not in page


def test_a_loop_in_the_tree_is_told_at_the_bureau_above(world: World) -> None:
    path = f"/bureaus/edit/{world.kept['bureau']}"

    answer = world.post("root", path, {**inputs(world.page("root", path)), "parent_id": str(world.kept["bureau"])})

    assert errors(answer.get_data(as_text=True))["parent_id"] == "上级部门不能是本部门或其下级。"
    assert messages(answer.get_data(as_text=True)) == []
