"""An act that does nothing says so: a form that comes back as it was drawn is no save, whatever form it is."""

from app.services.kept import KEPT
from models.project import Project
from models.unit_work import UnitFiling
from tests.views.pages import inputs, messages
from tests.views.reference.test_kept import edit_page
from tests.views.world import World

NOTHING = "内容没有变化，无需保存。"


def forms(world: World) -> list[tuple[str, str]]:
    """Every form over a row that is there, with somebody who may save it."""
    kept = [("root", edit_page(world, "root", resource)) for resource in KEPT]
    returned, unit = world.own.projects["returned"], world.own.projects["approved"]
    world.put(UnitFiling, world.own.filing, status="returned")
    return [
        *kept,
        ("admin", f"/users/edit/{world.kept['account']}"),
        ("admin", f"/organizations/edit/{world.own.organization}"),
        ("owner", f"/projects/edit/{returned}"),
        ("owner", f"/unitworks/unit/{unit}?of={world.own.unit}"),
        ("root", "/noticetemplates/edit/project:approve"),
    ]


def test_a_form_that_comes_back_unchanged_saves_nothing_and_says_so(world: World) -> None:
    said = {}
    for who, path in forms(world):
        form, before = inputs(world.page(who, path)), world.business()
        answer = world.post(who, path, {**form, "save": "1"})
        assert answer.status_code == 302, (path, answer.status)
        page = world.browsers[who].get(answer.location).get_data(as_text=True)
        said[path] = " ".join(text for _level, text in messages(page))
        assert world.business() == before, path

    assert {path: text for path, text in said.items() if NOTHING not in text or "已保存" in text} == {}


def test_a_change_is_still_told_as_saved(world: World) -> None:
    path = f"/projects/edit/{world.own.projects['returned']}"
    form = inputs(world.page("owner", path))
    version = world.row(Project, world.own.projects["returned"])["version"]

    answer = world.post("owner", path, {**form, "remarks": "演示新备注", "save": "1"})

    page = world.browsers["owner"].get(answer.location).get_data(as_text=True)
    assert NOTHING not in page
    assert "已保存。" in page
    assert world.row(Project, world.own.projects["returned"])["version"] == version + 1
