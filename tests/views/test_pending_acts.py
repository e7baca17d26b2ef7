"""The second person's page: what waits, why and with what effect; deciding once, and never on one's own asking."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from models.clock_span import ClockSpan
from models.pending_act import PendingAct
from models.project import Project
from tests.app_fixtures import MONDAY
from tests.views.pages import inputs
from tests.views.world import World


def tabs(page: str) -> list[int]:
    """The counts on the list's tabs."""
    found = re.search(r'status-tabs".*?</ul>', page, re.S)
    assert found
    return [int(count) for count in re.findall(r'class="badge[^"]*">(\d+)<', found[0])]


def test_the_second_person_reads_reason_and_effect_before_deciding(world: World) -> None:
    number = world.row(Project, world.own.projects["approved"])["number"]

    page = world.page("root", f"/pendingacts/show/{world.own.pending_act}")

    for words in (
        "演示：立项撤销",
        f"编号 {number} 在编号登记簿中标为作废",
        "向省厅报送删除",
        "短信告知建设单位",
        "2026-11-26",
    ):
        assert words in page, words
    assert f'action="/pendingacts/confirm/{world.own.pending_act}"' in page


def test_whoever_asked_sees_no_button(world: World) -> None:
    page = world.page("admin", f"/pendingacts/show/{world.own.pending_act}")

    assert "/pendingacts/confirm/" not in page
    assert "/pendingacts/refuse/" not in page
    assert "须由另一位管理员办理" in page


@pytest.mark.parametrize("way", ["form", "action", "bulk", "confirm"])
def test_the_same_person_does_not_get_it_done_by_any_door(world: World, way: str) -> None:
    key, act = world.own.projects["approved"], world.own.pending_act
    before = world.row(Project, key)
    given = {"version": before["version"], "reason": "演示", "pending_act_id": act, "second_person_agreed": "y"}

    if way == "form":
        assert world.post("admin", f"/projects/void/{key}", given).status_code == 422
    elif way == "action":
        world.post("admin", f"/projects/action/void/{key}", given)
    elif way == "bulk":
        drawn = world.post("admin", "/projects/action_post", {"action": "void", "rowid": [key]})
        world.post("admin", "/projects/action_post", {**inputs(drawn.get_data(as_text=True)), **given})
    else:
        world.post("admin", f"/pendingacts/confirm/{act}", given)

    assert world.row(Project, key) == before
    assert world.row(PendingAct, act)["state"] == "pending"


def test_confirming_does_it_and_a_second_click_does_nothing(world: World) -> None:
    key, act = world.own.projects["approved"], world.own.pending_act

    world.post("root", f"/pendingacts/confirm/{act}")
    after = world.row(Project, key)
    world.post("hats", f"/pendingacts/confirm/{act}")

    assert after["status"] == "voided"
    assert world.row(Project, key) == after
    page = world.page("anonymous", f"/lookup/?number={after['number']}")
    assert 'data-status="voided"' in page
    assert "作废" in page


def test_refusing_wants_a_note_and_keeps_what_was_typed(world: World) -> None:
    act = world.own.pending_act
    long = "太" * 501

    answer = world.post("root", f"/pendingacts/refuse/{act}", {"note": long})
    assert answer.status_code == 422
    assert long in answer.get_data(as_text=True)
    assert world.post("root", f"/pendingacts/refuse/{act}", {"note": "理由不足"}).status_code == 302

    row = world.row(PendingAct, act)
    assert (row["state"], row["decision_note"]) == ("refused", "理由不足")
    assert world.row(Project, world.own.projects["approved"])["status"] == "approved"


def test_an_act_taken_back_is_not_told_as_one_that_ran_out(world: World) -> None:
    act = world.own.pending_act

    world.post("admin", f"/pendingacts/withdraw/{act}")

    for path in (f"/pendingacts/show/{act}", "/pendingacts/list/?state=over"):
        page = world.page("admin", path)
        assert "已收回" in page
        assert "已失效" not in page


def test_the_record_and_the_worklist_say_that_it_waits(world: World) -> None:
    key = world.own.projects["approved"]

    for who in ("admin", "root"):
        assert "data-waits" in world.page(who, f"/projects/show/{key}")
    assert "data-waits" not in world.page("reviewer", f"/projects/show/{key}")
    assert "data-waits" not in world.page("owner", f"/projects/show/{key}")
    assert 'data-note="pending_acts"' in world.page("root", "/worklist/")
    assert 'data-note="pending_acts"' not in world.page("admin", "/worklist/")


def test_an_act_that_waits_is_not_offered_again(world: World) -> None:
    page = world.page("root", f"/projects/show/{world.own.projects['approved']}")

    assert "已提请复核，正在等另一位管理员确认" in page
    assert f'href="/projects/unlock/{world.own.projects["approved"]}"' in page


def test_a_calendar_that_is_missing_is_the_root_administrators_matter(world: World) -> None:
    late = MONDAY + timedelta(days=4 * 365)
    with world.session() as session:
        clock = select(ClockSpan.id).where(ClockSpan.project_id == world.own.projects["ready"])
        key = session.scalars(clock.where(ClockSpan.ended_at.is_(None))).one()
    world.put(ClockSpan, key, began_at=late, due_on=None, side="bureau")

    assert "2030 年日历待公布" in world.page("root", "/worklist/")
    assert 'data-note="calendar"' not in world.page("admin", "/worklist/")


def test_what_is_over_stands_on_a_tab_of_its_own(world: World) -> None:
    act = world.own.pending_act
    assert tabs(world.page("root", "/pendingacts/list/")) == [1, 0]

    world.post("root", f"/pendingacts/refuse/{act}", {"note": "理由不足"})

    assert tabs(world.page("root", "/pendingacts/list/")) == [0, 1]
    assert f'data-id="{act}"' not in world.page("root", "/pendingacts/list/")
    assert f'data-id="{act}" data-status="refused"' in world.page("root", "/pendingacts/list/?state=over")
    assert "理由不足" in world.page("admin", f"/pendingacts/show/{act}")


def test_an_act_on_a_record_of_another_bureau_is_not_there(world: World) -> None:
    with world.session() as session:
        from tests import builders

        elsewhere = builders.a_bureau(session, "320213").id
    world.put(Project, world.own.projects["approved"], bureau_id=elsewhere)

    for path in ("show", "confirm", "refuse"):
        address = f"/pendingacts/{path}/{world.own.pending_act}"
        answer = world.get("hats", address) if path == "show" else world.post("hats", address, {"note": "演示"})
        assert answer.status_code == 404, path

    assert world.row(PendingAct, world.own.pending_act)["state"] == "pending"


def test_the_list_costs_the_same_for_many(world: World) -> None:
    few = cost(world, "root", "/pendingacts/list/")
    for step, form in (("unlock", {"fields": ["scale"], "until": "2026-11-30"}), ("void", {})):
        for records in (world.own, world.foreign):
            key = records.projects["approved"]
            given = {"version": world.row(Project, key)["version"], "reason": "演示", **form}
            world.post("admin", f"/projects/{step}/{key}", given)

    many = cost(world, "root", "/pendingacts/list/")

    assert tabs(world.page("root", "/pendingacts/list/"))[0] == 4
    assert few == many <= 12


def cost(world: World, who: str, path: str) -> int:
    """Statements of one page, all in."""
    seen: list[Any] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    world.page(who, path)
    event.listen(world.engine, "before_cursor_execute", note)
    try:
        world.page(who, path)
    finally:
        event.remove(world.engine, "before_cursor_execute", note)
    return len(seen)
