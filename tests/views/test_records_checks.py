"""While a form is being filled in it is judged by the rules that a save asks, and nothing is written."""

from dataclasses import replace

import pytest

from models.enterprise import Enterprise
from tests.views.filled import draft, typed
from tests.views.pages import errors, inputs
from tests.views.test_records_forms import WRONG
from tests.views.world import World


def problems(world: World, address: str, form: dict[str, str]) -> dict[str, str]:
    answer = world.post("owner", address, form)
    assert answer.status_code == 200
    return answer.get_json()["problems"]


@pytest.mark.parametrize(("field", "entry", "words"), WRONG, ids=[f"{f}={e[:12]!r}" for f, e, _ in WRONG])
def test_it_says_what_the_save_says_and_writes_nothing(world: World, field: str, entry: str, words: str) -> None:
    form = typed(world) | {field: entry}

    said = problems(world, f"/projects/check?of={world.own.projects['draft']}", form)

    assert not world.written()
    assert words in said[field]
    told = errors(world.post("owner", draft(world), form).get_data(as_text=True))
    assert said == {name: sentence for name, sentence in told.items() if sentence}


def test_a_form_without_faults_has_none(world: World) -> None:
    assert problems(world, f"/projects/check?of={world.own.projects['draft']}", typed(world)) == {}


def test_a_new_record_is_judged_before_it_is_there(world: World) -> None:
    said = problems(world, "/projects/check", {"name": "演示", "email": "nobody", "investment_10k_cny": "-1"})

    assert set(said) == {"email", "investment_10k_cny"}
    assert not world.written()


def test_an_enterprise_record_is_judged_alike(world: World) -> None:
    path = f"/enterprises/edit/{world.own.enterprise}"
    world.put(Enterprise, world.own.enterprise, status="draft")
    form = typed(world, path) | {"postal_code": "21440"}

    assert set(problems(world, f"/enterprises/check?of={world.own.enterprise}", form)) == {"postal_code"}


def test_a_masked_value_of_an_earlier_project_is_no_fault(world: World) -> None:
    address = f"?like={world.own.projects['approved']}"
    form = inputs(world.page("owner", f"/projects/add{address}")) | {"name": "演示二期工程"}

    assert problems(world, f"/projects/check{address}", form) == {}
    assert "contact_mobile" in problems(world, "/projects/check", form)


@pytest.mark.parametrize("argument", ["of", "like"])
def test_another_s_record_is_not_found(world: World, argument: str) -> None:
    for key in (world.foreign.projects["draft"], 999999, "x", ""):
        assert world.post("owner", f"/projects/check?{argument}={key}", {"name": "演示"}).status_code == 404


def test_the_forms_say_where_they_are_judged(world: World) -> None:
    key = world.own.projects["draft"]

    assert f'data-check="/projects/check?of={key}"' in world.page("owner", draft(world))
    assert 'data-check="/projects/check"' in world.page("owner", "/projects/add")
    assert f'data-check="/projects/check?like={key}"' in world.page("owner", f"/projects/add?like={key}")


@pytest.mark.parametrize(
    ("encoding", "name", "characters"), [("gbk", "𠮷祥苑", "𠮷"), ("gb18030", "𠮷祥苑", ""), ("gbk", "演示", "")]
)
def test_characters_that_the_province_cannot_take_are_warned_of_and_saved(
    world: World, monkeypatch: pytest.MonkeyPatch, encoding: str, name: str, characters: str
) -> None:
    parts = world.app.extensions["yht"]
    chosen = parts.settings.model_copy(update={"province_encoding": encoding})
    monkeypatch.setitem(world.app.extensions, "yht", replace(parts, settings=chosen))

    answer = world.post("owner", "/projects/check", {"name": name})

    warnings = answer.get_json()["warnings"]
    assert set(warnings) == ({"name"} if characters else set())
    assert all(f"「{characters}」" in sentence for sentence in warnings.values())
    assert answer.get_json()["problems"] == {}
