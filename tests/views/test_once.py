"""A form for a new row that is sent twice, or again after Back, makes one row and leads to it."""

from typing import Any

import pytest
from sqlalchemy import func, select

from models.api_key import ApiKey
from models.call_note import CallNote
from models.case_note import CaseNote
from models.dictionary import ReturnReason
from models.project import Project
from models.sent_form import SentForm
from models.user import User
from tests.views.pages import inputs, messages
from tests.views.world import World

REASON = {"code": "demo_once", "label_zh": "演示原因", "label_en": "Demo", "sort": "9"}
USER = {"username": "once.test", "display_name": "演示用户", "roles": ["reviewer"]}
FORMS: tuple[tuple[str, str, dict[str, Any], Any], ...] = (
    ("owner", "/projects/add", {"name": "演示只登记一次"}, Project),
    ("reviewer", "/projects/notes/{ready}", {"note": "演示备注"}, CaseNote),
    ("clerk", "/calls/{organization}/note", {"note": "演示来电"}, CallNote),
    ("root", "/returnreasons/add", REASON, ReturnReason),
    ("root", "/users/add", USER, User),
    ("root", "/apikeys/add", {"name": "演示密钥", "scopes": ["projects:read"], "expires_on": "2027-01-31"}, ApiKey),
)


def count(world: World, model: Any) -> int:
    with world.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def drawn(world: World, who: str, path: str) -> tuple[str, dict[str, str]]:
    address = path.format(**world.own.projects, organization=world.own.organization)
    return address, inputs(world.page(who, address.removesuffix("/note")))


@pytest.mark.parametrize(("who", "path", "typed", "model"), FORMS, ids=[form[1] for form in FORMS])
def test_the_same_form_twice_makes_one_row_and_leads_to_it(
    world: World, who: str, path: str, typed: dict[str, Any], model: Any
) -> None:
    address, form = drawn(world, who, path)
    before = count(world, model)

    first = world.post(who, address, {**form, **typed})
    second = world.post(who, address, {**form, **typed})

    assert first.status_code in (200, 302), first.get_data(as_text=True)
    assert count(world, model) == before + 1
    assert second.status_code == 302
    assert second.location == (first.location or second.location)
    told = messages(world.browsers[who].get(second.location).get_data(as_text=True))
    assert any("已经提交过" in text for _level, text in told)


def test_two_forms_make_two_rows(world: World) -> None:
    before = count(world, CaseNote)
    for _time in range(2):
        address, form = drawn(world, "reviewer", "/projects/notes/{ready}")
        world.post("reviewer", address, {**form, "note": "演示备注"})

    assert count(world, CaseNote) == before + 2


def test_what_was_changed_after_the_way_back_is_said_not_to_be_saved(world: World) -> None:
    address, form = drawn(world, "owner", "/projects/add")
    world.post("owner", address, {**form, "name": "演示工程"})

    again = world.post("owner", address, {**form, "name": "演示工程改名"})

    told = messages(world.browsers["owner"].get(again.location).get_data(as_text=True))
    assert any("没有保存" in text for _level, text in told)


def test_a_form_that_was_refused_may_be_sent_again(world: World) -> None:
    address, form = drawn(world, "reviewer", "/projects/notes/{ready}")
    before = count(world, CaseNote)

    refused = world.post("reviewer", address, {**form, "note": ""})
    taken = world.post("reviewer", address, {**form, "note": "演示备注"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert count(world, CaseNote) == before + 1
    assert count(world, SentForm) == 1


def test_every_page_that_makes_a_row_draws_the_mark(world: World) -> None:
    """The forms that are not filled in above."""
    pages = {
        "clerk": [f"/counter/{world.own.projects['ready']}"],
        "root": ["/organizations/add", "/bureaus/add", "/regions/add", "/dictionaries/add", "/calendar/add"],
        "admin": ["/contacts/add"],
    }

    for who, paths in pages.items():
        for path in paths:
            assert "form_mark" in inputs(world.page(who, path)), path
