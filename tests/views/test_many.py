"""One form for many rows: asked once, done row by row, each with its answer; out of reach means nothing at all."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.terms import Status
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.pending_act import PendingAct
from models.project import Project
from models.review import ReturnItem, Review
from tests import builders
from tests.app_fixtures import MONDAY
from tests.views.pages import inputs
from tests.views.world import World

UNTIL = "2026-11-30"
ITEM = {"items-0-target": "address", "items-0-reason_code": "not_filled", "items-0-instruction": "请写明路名"}
TYPED = {
    "return": {**ITEM, "comment": "演示意见"},
    "unlock": {"fields": ["address"], "until": UNTIL, "reason": "演示原因"},
    "void": {"reason": "演示原因"},
    "transfer": {"reason": "演示原因"},
}


def ticked(world: World, who: str, step: str, keys: list[int], base: str = "/projects") -> Any:
    return world.post(who, f"{base}/action_post", {"action": step, "rowid": keys})


def form_of(world: World, who: str, step: str, keys: list[int], base: str = "/projects") -> dict[str, Any]:
    """The form as its page fills it in."""
    answer = ticked(world, who, step, keys, base)
    assert answer.status_code == 200
    return inputs(answer.get_data(as_text=True))


def sent(world: World, who: str, form: dict[str, Any], base: str = "/projects", **typed: Any) -> Any:
    return world.post(who, f"{base}/action_post", {**form, **typed})


def results(page: str) -> dict[int, str]:
    return {int(key): state for key, state in re.findall(r'data-id="(\d+)" data-result="(\w+)"', page)}


def submitted(world: World, count: int) -> list[int]:
    with world.session() as session:
        return [builders.submitted_project(session, world.people["owner"]).id for _ in range(count)]


def statuses(world: World, keys: list[int]) -> list[str]:
    return [world.row(Project, key)["status"] for key in keys]


@pytest.mark.parametrize(
    ("step", "who", "status"),
    [("return", "reviewer", "returned"), ("void", "admin", "voided"), ("transfer", "admin", "submitted")],
)
def test_one_form_is_done_on_every_row_with_a_trail_of_its_own(world: World, step: str, who: str, status: str) -> None:
    keys = submitted(world, 3)
    with world.session() as session:
        above = builders.a_bureau(session, "320200").id

    answer = sent(world, who, form_of(world, who, step, keys), **TYPED[step], bureau_id=above)

    assert answer.status_code == 200
    assert results(answer.get_data(as_text=True)) == dict.fromkeys(keys, "done")
    assert statuses(world, keys) == [status] * 3
    with world.session() as session:
        query = select(func.count()).where(AuditEvent.action == f"project:{step}", AuditEvent.object_id.in_(keys))
        assert session.scalar(query.where(AuditEvent.result == "done")) == 3


def test_a_return_of_many_leaves_the_sheet_on_each(world: World) -> None:
    keys = submitted(world, 2)

    sent(world, "reviewer", form_of(world, "reviewer", "return", keys), **TYPED["return"])

    with world.session() as session:
        query = select(Review.project_id, Review.comment, ReturnItem.instruction).join(ReturnItem)
        found = session.execute(query.where(Review.project_id.in_(keys)).order_by(Review.project_id)).all()
        assert [tuple(row) for row in found] == [(key, "演示意见", "请写明路名") for key in keys]


def test_a_return_of_many_offers_what_every_record_has(world: World) -> None:
    """The two organizations hand in other papers: one has no unified code and is of another kind."""
    world.put(Enterprise, world.own.enterprise, unit_kind="enterprise")
    own, foreign = world.own.projects["ready"], world.foreign.projects["ready"]
    alone = ticked(world, "reviewer", "return", [own]).get_data(as_text=True)

    together = ticked(world, "reviewer", "return", [own, foreign]).get_data(as_text=True)

    offered = [set(re.findall(r'<option value="(\w+)"', page)) for page in (alone, together)]
    assert "address" in offered[1]
    assert offered[1] < offered[0]


def test_a_return_of_many_offers_only_what_all_their_corrections_opened(world: World) -> None:
    """What a correction left closed is refused one by one, so it is not offered for many."""
    whole, narrow, wide, other = submitted(world, 4)
    for key, opened in ((narrow, ["address"]), (wide, ["address", "scale"]), (other, ["scale"])):
        world.put(Project, key, unlocked_fields=opened, unlocked_until=MONDAY + timedelta(days=9))

    pages = [
        ticked(world, "reviewer", "return", keys).get_data(as_text=True)
        for keys in ([whole, narrow], [narrow, wide], [wide, other])
    ]
    none_in_common = ticked(world, "reviewer", "return", [narrow, other])

    offered = [set(re.findall(r'<option value="(\w+)"', page)) & {"address", "scale", "name"} for page in pages]
    assert offered == [{"address"}, {"address"}, {"scale"}]
    assert none_in_common.status_code == 302
    assert "没有可以一起退回的内容" in world.browsers["reviewer"].get(none_in_common.location).get_data(as_text=True)


def test_an_unlock_of_many_enterprises_opens_them(world: World) -> None:
    keys = [world.own.enterprise, world.foreign.enterprise]
    form = form_of(world, "admin", "unlock", keys, "/enterprises")

    answer = sent(world, "admin", form, "/enterprises", **TYPED["unlock"])

    assert results(answer.get_data(as_text=True)) == dict.fromkeys(keys, "done")
    assert [world.row(Enterprise, key)["status"] for key in keys] == ["returned"] * 2


def test_each_row_has_its_own_answer(world: World) -> None:
    """A numbered one waits for a second person, a void one is refused, the others are done."""
    waits, refused, (done,) = world.foreign.projects["approved"], world.own.projects["returned"], submitted(world, 1)
    world.put(Project, refused, status=Status.VOIDED)

    page = ticked(world, "admin", "void", [waits, refused, done])
    answer = sent(world, "admin", inputs(page.get_data(as_text=True)), reason="演示原因")

    assert "data-needs-second" in page.get_data(as_text=True)
    text = answer.get_data(as_text=True)
    assert results(text) == {waits: "waits", refused: "refused", done: "done"}
    assert "不能作废" in text
    assert statuses(world, [waits, refused, done]) == ["approved", "voided", "voided"]
    with world.session() as session:
        assert session.scalars(select(PendingAct.state).where(PendingAct.project_id == waits)).all() == ["pending"]


def test_where_no_row_can_take_the_act_no_form_is_drawn(world: World) -> None:
    answer = ticked(world, "admin", "transfer", [world.own.projects["approved"], world.own.projects["draft"]])

    assert answer.status_code == 302
    page = world.browsers["admin"].get(answer.location).get_data(as_text=True)
    assert page.count("不能移交") == 2


def test_no_key_stands_in_an_address(world: World) -> None:
    keys = submitted(world, 2)

    page = ticked(world, "admin", "void", keys).get_data(as_text=True)

    assert re.findall(r'<form method="post" action="([^"]*)" class="panel', page) == ["/projects/action_post"]
    assert 'name="rowid"' not in page


@pytest.mark.parametrize("step", ["return", "unlock", "void", "transfer"])
def test_what_the_form_lacks_is_said_and_nothing_is_done_or_lost(world: World, step: str) -> None:
    keys = [world.foreign.projects["approved"]] if step == "unlock" else submitted(world, 2)
    who = "reviewer" if step == "return" else "admin"
    form = form_of(world, who, step, keys)
    kept = {"return": {**ITEM, "items-0-instruction": ""}, "void": {"reason": " "}}.get(step, {"reason": "写了原因"})
    before = statuses(world, keys)

    answer = sent(world, who, form, **kept)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "data-error-for" in page
    assert statuses(world, keys) == before
    again = inputs(page)
    assert again["chosen"] and again.get("reason", "写了原因").strip() in ("写了原因", "")
    if step == "return":
        assert (again["items-0-target"], again["items-0-reason_code"]) == ("address", "not_filled")


def test_the_same_form_twice_has_no_second_effect(world: World) -> None:
    keys = [*submitted(world, 2), world.foreign.projects["approved"]]
    form = form_of(world, "admin", "void", keys)
    sent(world, "admin", form, reason="演示原因")
    before = [world.row(Project, key) for key in keys]

    answer = sent(world, "admin", form, reason="演示原因")

    assert set(results(answer.get_data(as_text=True)).values()) == {"refused"}
    assert [world.row(Project, key) for key in keys] == before
    with world.session() as session:
        assert session.scalar(select(func.count(PendingAct.id)).where(PendingAct.project_id == keys[2])) == 1


def test_a_row_that_changed_after_the_form_was_drawn_is_refused(world: World) -> None:
    moved, still = submitted(world, 2)
    form = form_of(world, "admin", "void", [moved, still])
    world.put(Project, moved, remarks="别人改过", version=world.row(Project, moved)["version"] + 1)

    answer = sent(world, "admin", form, reason="演示原因")

    assert results(answer.get_data(as_text=True)) == {moved: "refused", still: "done"}
    assert statuses(world, [moved, still]) == ["submitted", "voided"]


# In reach or not --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["return", "unlock", "void", "transfer"])
def test_one_row_out_of_reach_and_no_form_is_drawn(world: World, step: str) -> None:
    key, before = world.own.projects["ready"], world.business()
    who = "reviewer" if step == "return" else "admin"

    for keys in ([key, 99999], [99999, key], [key, "x"]):
        assert ticked(world, who, step, keys).status_code == 404

    assert world.business() == before


def test_a_row_that_went_out_of_reach_stops_them_all(world: World) -> None:
    keys = submitted(world, 2)
    form = form_of(world, "admin", "void", keys)
    with world.session() as session:
        elsewhere = builders.a_bureau(session, "320213").id
    world.put(Project, keys[1], bureau_id=elsewhere)

    assert sent(world, "admin", form, reason="演示原因").status_code == 404
    assert statuses(world, keys) == ["submitted"] * 2


@pytest.mark.parametrize("who", ["owner", "clerk", "manager", "auditor", "matter", "elsewhere"])
def test_without_the_right_there_is_no_form(world: World, who: str) -> None:
    answer = ticked(world, who, "void", [world.own.projects["ready"]])

    assert answer.status_code == 403


def test_a_form_is_for_one_person_and_one_act(world: World) -> None:
    keys = submitted(world, 1)
    form = form_of(world, "admin", "void", keys)

    for who, other in (("root", form), ("admin", {**form, "action": "unlock"}), ("admin", {**form, "chosen": "x"})):
        answer = sent(world, who, other, **TYPED["unlock"])
        assert answer.status_code == 302, who
    assert sent(world, "admin", {**form, "action": "void"}, "/enterprises", reason="演示").status_code == 302

    assert statuses(world, keys) == ["submitted"]


def test_a_form_of_yesterday_is_too_old(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = submitted(world, 1)
    form = form_of(world, "admin", "void", keys)
    monkeypatch.setattr("app.security.chosen.LASTS_SECONDS", -1)

    answer = sent(world, "admin", form, reason="演示原因")

    assert answer.status_code == 302
    assert statuses(world, keys) == ["submitted"]


def test_the_counter_returns_at_its_own_desk_only(world: World) -> None:
    page = world.page("clerk", "/projects/list/?status=submitted")

    assert "data-bulk" not in page
    assert ticked(world, "clerk", "return", [world.own.projects["ready"]]).status_code == 302


# An enterprise that is unlocked blocks its projects ------------------------------------------------------------


@pytest.mark.parametrize("way", ["form", "action", "bulk"])
def test_while_its_enterprise_is_unlocked_no_project_is_approved(world: World, way: str) -> None:
    key, enterprise = world.own.projects["ready"], world.own.enterprise
    version = world.row(Enterprise, enterprise)["version"]
    unlocked = world.post("admin", f"/enterprises/unlock/{enterprise}", {"version": version, **TYPED["unlock"]})
    assert unlocked.status_code == 302
    row = world.row(Project, key)
    given = {"version": row["version"], "submission_id": row["submission_id"], f"seen-{key}": row["submission_id"]}

    if way == "bulk":
        world.post("reviewer", "/projects/action_post", {"action": "approve", "rowid": [key], **given})
    else:
        path = f"/projects/approve/{key}" if way == "form" else f"/projects/action/approve/{key}"
        world.post("reviewer", path, given)

    assert world.row(Project, key) == row
