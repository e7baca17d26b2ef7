"""What was typed does not die with the session, whatever the form: it waits for its person, and for nobody else."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from app.security.sessions import digest
from models.case_note import CaseNote
from models.project import Project
from models.unsaved_entry import UnsavedEntry
from models.user_session import UserSession
from tests.app_fixtures import MONDAY
from tests.views.addresses import address_of, body_of
from tests.views.filled import draft, typed
from tests.views.matrix import LINES, PEOPLE, Line
from tests.views.pages import messages
from tests.views.world import World

TYPED = {"comment": "演示填写的内容", "items-0-instruction": "请写明路名", "items-1-instruction": "请补第二页"}
SECRET = ("/login/", "/logout/", "/register/", "/password/")
BY_SCRIPT = ("/check", "/unsaved")
POSTS = [
    line
    for line in LINES
    if line.method == "POST" and not line.rule.startswith(SECRET) and not line.rule.endswith(BY_SCRIPT)
]


def someone(line: Line) -> str | None:
    """A person to whom the address is open."""
    closed = {"in", "401", "403", "404"}
    return next((who for who in PEOPLE[2:] if line.answers[who] not in closed), None)


def late(world: World, who: str, path: str, form: dict[str, Any], **options: Any) -> TestResponse:
    """The form as it was drawn for this person, sent when nobody is signed in any more."""
    sent = {"csrf_token": world.tokens[who], **form}
    return world.browser("anonymous").post(path, data=sent, **options)


def kept(world: World) -> list[UnsavedEntry]:
    with world.session() as session:
        return session.query(UnsavedEntry).all()


def signed_in(world: World, who: str, page: str) -> Any:
    """What the page says to this person after signing in anew: what it is to be filled in with, or None."""
    browser = world.app.test_client()
    browser.sign_in(world.people[who].username)  # type: ignore[attr-defined]
    return returned(browser.get(page).get_data(as_text=True))


def returned(text: str) -> Any:
    """What a page is to be filled in with."""
    found = re.search(r'id="returned-form">(.*?)</script>', text, re.S)
    return json.loads(unescape(found[1])) if found else None


def next_of(answer: TestResponse) -> str:
    place = urlsplit(answer.location)
    assert (answer.status_code, place.path) == (302, "/login/")
    return parse_qs(place.query)["next"][0]


@pytest.mark.parametrize("line", POSTS, ids=str)
def test_whatever_the_form_it_leads_to_sign_in_and_stands_filled_in_afterwards(world: World, line: Line) -> None:
    who = someone(line) or "hats"
    path, before = address_of(world, line.rule), world.business()

    answer = late(world, who, path, {**body_of(world, line.rule), **TYPED})

    page, (row,) = next_of(answer), kept(world)
    assert {name: row.entries[name] for name in TYPED} == {name: [value] for name, value in TYPED.items()}
    assert (row.user_id, row.form, row.sent_to) == (world.people[who].user_id, page, path)
    assert {name for name, rows in world.business().items() if rows != before[name]} == {"unsaved_entry"}
    assert world.get(who, page).status_code in (200, 302)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("reviewer", "/projects/return/{ready}"),
        ("reviewer", "/projects/notes/{ready}"),
        ("admin", "/projects/unlock/{approved}"),
        ("clerk", "/counter/{ready}/mandate"),
        ("owner", "/projects/edit/{draft}"),
        ("root", "/bureaus/add"),
    ],
)
def test_the_page_brings_it_back_to_its_person_and_shows_nothing_to_another(world: World, who: str, path: str) -> None:
    address = path.format(**world.own.projects)
    page = next_of(late(world, who, address, TYPED))

    told = signed_in(world, who, page)
    others = [signed_in(world, other, page) for other in ("hats", "root", "stranger") if other != who]

    assert told["action"] == address
    assert {name: told["entries"][name] for name in TYPED} == {name: [value] for name, value in TYPED.items()}
    assert others == [None] * len(others)


@pytest.mark.parametrize(
    "ended", [{"ended_at": MONDAY, "ended_reason": "ended"}, {"last_seen_at": MONDAY.replace(day=1)}]
)
def test_an_ended_and_an_idle_session_are_alike(world: World, ended: dict[str, Any]) -> None:
    path = f"/projects/return/{world.own.projects['ready']}"
    cookie = world.browser("reviewer")
    with cookie.session_transaction() as inside:
        token_hash = digest(inside["_user_id"])
    with world.session() as session:
        session.query(UserSession).filter_by(token_hash=token_hash).update(ended)
        session.commit()

    answer = world.post("reviewer", path, TYPED)

    assert next_of(answer) == path
    assert len(kept(world)) == 1
    ((_level, told),) = messages(cookie.get("/login/").get_data(as_text=True))
    assert "您填写的内容已暂存" in told


def test_the_form_of_a_former_session_just_works_for_the_same_person(world: World) -> None:
    browser = world.app.test_client()
    browser.sign_in(world.people["reviewer"].username)  # type: ignore[attr-defined]
    path, form = f"/projects/notes/{world.own.projects['ready']}", {"note": "演示备注"}

    answer = browser.post(path, data={"csrf_token": world.tokens["reviewer"], **form})

    assert answer.status_code == 302
    with world.session() as session:
        assert "演示备注" in [note.text for note in session.query(CaseNote)]
    assert kept(world) == []


def test_a_record_is_saved_by_a_form_of_a_former_session(world: World) -> None:
    form = {"csrf_token": world.tokens["owner"], **typed(world, name="演示改好的名称")}
    browser = world.app.test_client()
    browser.sign_in(world.people["owner"].username)  # type: ignore[attr-defined]

    answer = browser.post(draft(world), data=form)

    assert answer.status_code == 302
    assert world.row(Project, world.own.projects["draft"])["name"] == "演示改好的名称"


def test_a_form_of_a_former_session_drawn_too_long_ago_comes_back_filled_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/projects/return/{world.own.projects['ready']}"
    browser = world.app.test_client()
    browser.sign_in(world.people["reviewer"].username)  # type: ignore[attr-defined]
    monkeypatch.setitem(world.app.config, "WTF_CSRF_TIME_LIMIT", -1)

    answer = browser.post(path, data={"csrf_token": world.tokens["reviewer"], **TYPED})

    assert (answer.status_code, answer.location) == (302, path)
    assert returned(browser.get(path).get_data(as_text=True))["entries"]["comment"] == [TYPED["comment"]]


def test_somebody_else_who_is_signed_in_neither_sends_nor_sees_it(world: World) -> None:
    path, before = f"/projects/return/{world.own.projects['ready']}", world.business()
    form = {"csrf_token": world.tokens["reviewer"], **TYPED}

    answer = world.browser("hats").post(path, data=form)

    assert answer.status_code == 400
    assert "另一个账号" in answer.get_data(as_text=True)
    assert {name for name, rows in world.business().items() if rows != before[name]} == {"unsaved_entry"}
    assert "演示填写的内容" not in world.page("hats", path)
    assert signed_in(world, "reviewer", path)["entries"]["comment"] == [TYPED["comment"]]


def test_secrets_and_mere_buttons_are_not_kept(world: World) -> None:
    secret = {"current_password": "演示原密码", "new_password": "演示新密码", "sms_code": "123456"}
    late(world, "owner", "/password/", secret)
    late(world, "reviewer", f"/projects/return/{world.own.projects['ready']}", secret)
    answer = late(world, "reviewer", "/projects/action_post", {"action": "claim", "rowid": "1"})

    assert next_of(answer) == "/projects/list/"
    assert kept(world) == []


def test_a_script_is_told_instead_of_led_away(world: World) -> None:
    answer = late(world, "owner", "/projects/check", {"name": "演示"}, headers={"Accept": "application/json"})

    assert (answer.status_code, list(answer.get_json())) == (401, ["sentence"])
    assert kept(world) == []


def test_too_much_is_said_and_not_cut_short(world: World) -> None:
    answer = late(world, "reviewer", f"/projects/notes/{world.own.projects['ready']}", {"note": "长" * 60_001})

    assert answer.status_code == 400
    assert "没有暂存" in answer.get_data(as_text=True)
    assert kept(world) == []


def test_once_it_went_through_or_was_dropped_nothing_is_kept(world: World) -> None:
    path = f"/projects/notes/{world.own.projects['ready']}"
    for way in ({"note": "演示备注", "returned_form": path}, None):
        late(world, "reviewer", path, {"note": "演示备注"})
        if way:
            world.post("reviewer", path, {**way, "note": ""})
            assert len(kept(world)) == 1, "refused: it still waits"
            world.post("reviewer", path, way)
        else:
            assert world.post("reviewer", "/returned_form/drop", {"form": path}).location == path

        assert kept(world) == []


def test_signing_in_by_oneself_leads_to_the_form_that_waits(world: World) -> None:
    path = f"/projects/notes/{world.own.projects['ready']}"
    late(world, "reviewer", path, {"note": "演示备注"})
    browser: Any = world.app.test_client()

    answer = browser.sign_in(world.people["reviewer"].username)

    assert answer.location == path


def test_a_form_for_many_rows_comes_back_with_its_rows(world: World) -> None:
    rows = [world.own.projects["ready"]]
    form = world.post("hats", "/projects/action_post", {"action": "return", "rowid": rows}).get_data(as_text=True)
    chosen = re.search(r'name="chosen" value="([^"]+)"', form)
    assert chosen is not None

    page = next_of(late(world, "hats", "/projects/action_post", {"action": "return", "chosen": chosen[1], **TYPED}))

    assert page == "/projects/many/return"
    told = signed_in(world, "hats", page)
    assert told["entries"]["items-1-instruction"] == ["请补第二页"]
    assert 'name="chosen"' in world.page("hats", page)
