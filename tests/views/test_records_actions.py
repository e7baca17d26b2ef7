"""Acts on many rows: all in reach or none at all, then every row for itself, with its reason when it is refused."""

import time
from html import escape
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import assoc_user_role
from sqlalchemy import delete, func, select

from app.domain.terms import Status
from models.audit import AuditEvent
from models.outbox import Outbox
from models.project import Project
from models.user import User
from tests import builders
from tests.views.pages import inputs, messages, rows
from tests.views.world import World

DECLARED = {"truthfulness_declared": "y"}
ITEM = {"items-0-target": "address", "items-0-reason_code": "not_filled", "items-0-instruction": "请写明路名"}
UNREACHABLE = ["99999", "abc", "0", "-1", "1.0", "", "9" * 25, "１", "²", "1 OR 1=1", "\x00"]


def bulk(world: World, who: str, act: str, keys: list[Any], **more: Any) -> Any:
    form = {"action": act, "rowid": keys, **DECLARED, **more}
    return world.post(who, "/projects/action_post", form)


def statuses(world: World, *keys: int) -> list[str]:
    return [world.row(Project, key)["status"] for key in keys]


def told(world: World, who: str, act: str, keys: list[Any]) -> list[tuple[str, str]]:
    """The messages that the list shows after a bulk act."""
    page = bulk(world, who, act, keys)
    assert page.status_code == 302
    return messages(world.browsers[who].get(page.location).get_data(as_text=True))


def more_drafts(world: World, count: int) -> list[int]:
    with world.session() as session:
        return [builders.draft_project(session, world.people["owner"]).id for _ in range(count)]


# In reach or not ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stranger", ["foreign", *UNREACHABLE])
def test_one_key_out_of_reach_and_nothing_is_done(world: World, stranger: str) -> None:
    own = world.own.projects["draft"]
    key = world.foreign.projects["draft"] if stranger == "foreign" else stranger
    before = world.business()

    for keys in ([own, key], [key, own], [key]):
        assert bulk(world, "owner", "submit", keys).status_code == 404

    assert world.business() == before


@pytest.mark.parametrize("act", ["claim", "release", "approve"])
def test_staff_reach_rows_of_their_bureau_only(world: World, act: str) -> None:
    before = world.business()

    for key in (world.own.projects["ready"], world.foreign.projects["ready"]):
        assert bulk(world, "elsewhere", act, [key]).status_code == 404

    assert world.business() == before


@pytest.mark.parametrize(("who", "act"), [("owner", "submit"), ("reviewer", "return"), ("admin", "void")])
def test_an_act_on_nothing_says_that_nothing_was_ticked(world: World, who: str, act: str) -> None:
    before = world.business()

    answer = bulk(world, who, act, [])

    assert answer.status_code == 302
    assert "没有勾选记录" in world.browsers[who].get(answer.location).get_data(as_text=True)
    assert world.business() == before


def test_far_too_many_keys_are_no_request(world: World) -> None:
    begun = time.monotonic()

    codes = [bulk(world, "owner", "submit", keys).status_code for keys in (list(range(1, 502)), ["1"] * 10_000)]

    assert codes == [400, 400]
    assert time.monotonic() - begun < 5
    assert not world.written()


def test_a_key_sent_fifty_times_is_one_key(world: World) -> None:
    key = world.own.projects["draft"]

    answer = bulk(world, "owner", "submit", [key] * 50)

    assert answer.status_code == 302
    assert world.row(Project, key)["submission_count"] == 1


@pytest.mark.parametrize(
    "act", ["", "nonsense", "edit", "delete", "relock", "allow_duplicate", "_run", "run_with_form",
            "find", "submit'", "SUBMIT", "__init__", "提交审核"],
)  # fmt: skip
def test_an_act_that_is_not_offered_for_many_rows_is_not_there(world: World, act: str) -> None:
    before = world.business()

    assert bulk(world, "hats", act, [world.own.projects["ready"]]).status_code == 404

    assert world.business() == before


@pytest.mark.parametrize(
    "act", ["nonsense", "edit", "delete", "relock", "_run", "__class__", "%2e%2e", "a/b", "export"]
)
@pytest.mark.parametrize("base", ["projects", "enterprises", "organizations", "reviews"])
def test_an_unknown_act_is_not_found(world: World, base: str, act: str) -> None:
    assert world.post("hats", f"/{base}/action/{act}/1").status_code == 404


@pytest.mark.parametrize("key", UNREACHABLE)
def test_a_key_that_no_row_has_is_not_found(world: World, key: str) -> None:
    from urllib.parse import quote

    for path in ("action/claim", "approve", "return", "show", "transfer"):
        address = f"/projects/{path}/{quote(key) or '%20'}"
        post = path not in {"show"}
        answer = world.post("reviewer", address) if post else world.get("reviewer", address)
        assert answer.status_code == 404, address
    for path in ("edit", "delete"):
        assert world.post("owner", f"/projects/{path}/{quote(key) or '%20'}").status_code == 404, path


# Row by row -------------------------------------------------------------------------------------------------


def test_a_refused_row_has_its_reason_and_the_others_are_done(world: World) -> None:
    done, refused = more_drafts(world, 2), [world.own.projects["approved"], world.own.projects["submitted"]]

    said = told(world, "owner", "submit", [done[0], *refused, done[1]])

    assert statuses(world, *done) == ["submitted"] * 2
    assert statuses(world, *refused) == ["approved", "submitted"]
    assert [level for level, _ in said] == ["success", "warning", "warning"]
    assert "2" in said[0][1]
    for (_, text), state in zip(said[1:], ("approved", "submitted"), strict=True):
        assert f"甲方项目{state}" in text
        assert "不能" in text


def test_an_incomplete_row_says_what_it_lacks(world: World) -> None:
    key = more_drafts(world, 1)[0]
    world.put(Project, key, address=None)

    said = told(world, "owner", "submit", [key, world.own.projects["draft"]])

    assert statuses(world, key, world.own.projects["draft"]) == ["draft", "submitted"]
    assert any("项目地点" in text for level, text in said if level == "warning")


def test_every_row_leaves_its_own_trail(world: World) -> None:
    keys = [*more_drafts(world, 2), world.own.projects["approved"]]

    bulk(world, "owner", "submit", keys)

    with world.session() as session:
        query = select(AuditEvent.object_id, AuditEvent.result).where(AuditEvent.action == "project:submit")
        found = {row[0]: row[1] for row in session.execute(query.where(AuditEvent.object_id.in_(keys)))}
        assert found == {keys[0]: "done", keys[1]: "done", keys[2]: "refused"}


def test_approving_many_gives_each_its_number_and_repeating_it_gives_none(world: World) -> None:
    ready, waits = world.own.projects["ready"], world.own.projects["submitted"]
    other = world.foreign.projects["ready"]

    bulk(world, "reviewer", "approve", [ready, waits, other])
    once = [world.row(Project, key)["number"] for key in (ready, waits, other)]
    bulk(world, "reviewer", "approve", [ready, waits, other])

    assert len({once[0], once[2]} - {None}) == 2
    assert once[1] is None
    assert [world.row(Project, key)["number"] for key in (ready, waits, other)] == once


def test_many_rows_stay_within_their_messages(world: World) -> None:
    keys = more_drafts(world, 25)
    with world.session() as session:
        for record in session.scalars(select(Project).where(Project.id.in_(keys))):
            record.address, record.name = None, "很长的项目名称" * 20 + str(record.id)
        session.commit()

    answer = bulk(world, "owner", "submit", keys)

    assert answer.status_code == 302
    assert all(len(line) < 4000 for line in answer.headers.getlist("Set-Cookie"))


def test_an_act_twice_is_done_once(world: World) -> None:
    key = world.own.projects["draft"]
    with world.session() as session:
        before = session.scalar(select(func.count(Outbox.id))) or 0

    first = world.post("owner", f"/projects/action/submit/{key}", DECLARED)
    second = world.post("owner", f"/projects/action/submit/{key}", DECLARED)

    assert (first.status_code, second.status_code) == (302, 302)
    assert world.row(Project, key)["submission_count"] == 1
    with world.session() as session:
        assert (session.scalar(select(func.count(Outbox.id))) or 0) - before <= 1


def test_the_list_offers_the_rows_of_a_state(world: World) -> None:
    for status in Status:
        found = rows(world.page("owner", f"/projects/list/?status={status}"))
        assert set(found.values()) <= {str(status)}, status
    assert len(rows(world.page("owner", "/projects/list/?status=nonsense"))) == 5


@pytest.mark.parametrize("way", ["by its page", "in the database"])
def test_a_right_that_is_taken_away_is_gone_at_the_next_request(world: World, way: str) -> None:
    key = world.own.projects["ready"]
    user_id = world.people["reviewer"].user_id
    assert world.get("reviewer", f"/projects/approve/{key}").status_code == 200
    with world.session() as session:
        if way == "by its page":  # which ends the session, too
            account = session.get_one(User, user_id)
            account.roles = []
        else:
            session.execute(delete(assoc_user_role).where(assoc_user_role.c.user_id == user_id))
        session.commit()

    answer = bulk(world, "reviewer", "approve", [key])

    turned_back = answer.status_code == 302 and answer.location.startswith("/login/")
    assert answer.status_code == 403 or turned_back
    assert world.row(Project, key)["number"] is None


def test_a_bulk_approval_judges_what_the_list_showed(world: World) -> None:
    key = world.own.projects["ready"]
    seen = world.row(Project, key)["submission_id"]
    page = world.page("reviewer", "/projects/list/?status=submitted")
    assert f'name="seen-{key}" value="{seen}"' in page

    stale = {"action": "approve", "rowid": [key], f"seen-{key}": seen + 1000}
    world.post("reviewer", "/projects/action_post", stale)
    assert world.row(Project, key)["status"] == "submitted"

    fresh = {"action": "approve", "rowid": [key], f"seen-{key}": seen}
    world.post("reviewer", "/projects/action_post", fresh)
    assert world.row(Project, key)["status"] == "approved"


# Back to where it was sent from ---------------------------------------------------------------------------

NARROWED = "?status=submitted&q=%E7%94%B2%E6%96%B9&_oc_ProjectView=name&_od_ProjectView=asc&psize_ProjectView=50"


@pytest.mark.parametrize("place", ["/projects/list/" + NARROWED, "/worklist/?holder=unclaimed&q=%E7%94%B2%E6%96%B9"])
def test_one_act_comes_back_to_the_list_as_it_was_narrowed(world: World, place: str) -> None:
    path = f"/projects/action/claim/{world.own.projects['ready']}"

    answer = world.post("reviewer", path, headers={"Referer": f"http://localhost{place}"})

    assert answer.location == place


def test_acts_on_many_come_back_to_the_list_as_it_was_narrowed_through_their_form_too(world: World) -> None:
    place, key = "/projects/list/" + NARROWED, world.own.projects["ready"]
    sent_from = {"Referer": f"http://localhost{place}"}
    form = {"action": "claim", "rowid": [key]}

    answer = world.post("reviewer", "/projects/action_post", form, headers=sent_from)
    sheet = world.post("hats", "/projects/action_post", {**form, "action": "return"}, headers=sent_from)

    assert answer.location == place
    assert inputs(sheet.get_data(as_text=True))["back"] == place
    done = world.post("hats", "/projects/action_post", {**inputs(sheet.get_data(as_text=True)), **ITEM})
    assert f'href="{escape(place)}"' in done.get_data(as_text=True)


@pytest.mark.parametrize("place", ["https://evil.example/projects/list/?q=1", "http://localhost//evil.example/", ""])
def test_no_foreign_place_is_come_back_to(world: World, place: str) -> None:
    path = f"/projects/action/claim/{world.own.projects['ready']}"

    answer = world.post("reviewer", path, {"back": "//evil.example"}, headers={"Referer": place})

    assert "evil" not in answer.location
