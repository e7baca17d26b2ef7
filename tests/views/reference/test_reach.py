"""A bureau's and a region's form show what the change reaches, and save what was shown; nothing reached, nothing asked."""

import re

import pytest

from models.bureau import Bureau
from models.region import Region
from tests.views.pages import inputs
from tests.views.world import World

ROWS = {"bureaus": ("bureau", Bureau), "regions": ("region", Region)}


def form_of(world: World, path: str) -> dict[str, str]:
    return inputs(world.page("root", path))


@pytest.mark.parametrize("resource", ROWS)
def test_what_a_change_reaches_is_shown_before_it_is_saved(world: World, resource: str) -> None:
    key, model = world.kept[ROWS[resource][0]], ROWS[resource][1]
    path = f"/{resource}/edit/{key}"
    typed = {**form_of(world, path), "name": "演示新名称"}
    before = world.row(model, key)

    asked = world.post("root", path, typed)
    page = asked.get_data(as_text=True)

    assert asked.status_code == 200
    assert world.row(model, key) == before
    shown = re.findall(r'data-reach="(\w+)"', page)
    assert shown == ["cases", "accounts", "contacts"]
    assert "项目submitted" in page
    assert "确认保存" in page

    saved = world.post("root", path, inputs(page))
    assert saved.status_code == 302
    assert world.row(model, key)["name"] == "演示新名称"


def test_a_confirmation_is_of_what_was_shown_and_of_nothing_newer(world: World) -> None:
    path = f"/bureaus/edit/{world.kept['bureau']}"
    typed = {**form_of(world, path), "name": "演示新名称"}
    page = world.post("root", path, typed).get_data(as_text=True)

    again = world.post("root", path, {**inputs(page), "confirmed": "1"})

    assert again.status_code == 200
    assert 'data-reach="cases"' in again.get_data(as_text=True)


def test_nothing_is_asked_where_nothing_is_reached_and_a_new_bureau_says_what_it_lacks(world: World) -> None:
    region = {"code": "320299", "name": "演示区", "parent_code": "320200", "valid_from": "2026-01-01"}
    bureau = {"code": "320299", "name": "演示开发区建设局", "region_code": "320299"}

    made = world.post("root", "/regions/add", {**form_of(world, "/regions/add"), **region})
    form = form_of(world, "/bureaus/add")
    with world.session() as session:
        above = str(session.query(Bureau.id).filter(Bureau.parent_id.is_(None)).scalar())
    added = world.post("root", "/bureaus/add", {**form, **bureau, "parent_id": above})

    assert (made.status_code, added.status_code) == (302, 302)
    assert "演示开发区建设局（尚未开放，还缺少：公布的联系人、在用的审核人员账号）" in world.page(
        "root", "/bureaus/list/"
    )
    assert '<option value="320299"' not in world.page("owner", "/projects/add")
    assert '<option value="320281"' in world.page("owner", "/projects/add")


def test_a_faulty_form_is_told_its_faults_first(world: World) -> None:
    path = f"/bureaus/edit/{world.kept['bureau']}"

    answer = world.post("root", path, {**form_of(world, path), "name": ""})

    assert answer.status_code == 422
    assert "data-reach" not in answer.get_data(as_text=True)
