"""Before the calendar changes, the page says whose due dates move; only what was shown is confirmed."""

import re
from datetime import UTC, datetime

from sqlalchemy import delete, update

from models.calendar import CalendarOverride
from models.clock_span import ClockSpan
from models.project import Project
from tests.views.pages import errors, inputs, rows
from tests.views.world import World

FRIDAY = {"day": "2026-11-27", "is_working_day": "free", "reason": "演示通知"}


def moves(page: str) -> list[str]:
    """The lines of the panel that shows what moves."""
    panel = re.search(r'id="effect".*?</section>', page, re.S)
    return re.findall(r"<tr data-id.*?</tr>", panel[0], re.S) if panel else []


def due_on(world: World) -> str:
    return str(world.row(Project, world.own.projects["ready"])["due_on"])


def test_what_would_move_is_shown_first_and_saved_on_the_second_click(world: World) -> None:
    first = world.post("root", "/calendar/add", FRIDAY)
    page = first.get_data(as_text=True)

    assert (first.status_code, len(moves(page)), due_on(world)) == (200, 2, "2026-11-30")
    assert "2026-12-01" in moves(page)[0] and "确认保存" in page

    second = world.post("root", "/calendar/add", inputs(page))

    assert (second.status_code, due_on(world)) == (302, "2026-12-01")


def test_a_confirmation_is_of_what_was_shown_and_of_nothing_newer(world: World) -> None:
    shown = inputs(world.post("root", "/calendar/add", FRIDAY).get_data(as_text=True))

    another = world.post("root", "/calendar/add", {**shown, "day": "2026-11-30", "is_working_day": "free"})
    world.put(Project, world.own.projects["ready"], due_on=None)
    newer = world.post("root", "/calendar/add", {**shown, "form_mark": ""})  # as if from a form of its own

    assert another.status_code == 302  # the same cases move to the same days
    assert newer.status_code == 422 or moves(newer.get_data(as_text=True))


def test_a_day_that_moves_nothing_is_saved_at_once(world: World) -> None:
    answer = world.post("root", "/calendar/add", {**FRIDAY, "day": "2027-10-02"})

    assert answer.status_code == 302


def test_a_faulty_day_is_told_at_its_input_before_anything_is_shown(world: World) -> None:
    answer = world.post("root", "/calendar/add", {**FRIDAY, "reason": ""})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, list(errors(page)), moves(page)) == (422, ["reason"], [])


def test_taking_a_day_out_shows_what_moves_back(world: World) -> None:
    shown = world.post("root", "/calendar/add", FRIDAY).get_data(as_text=True)
    added = world.post("root", "/calendar/add", inputs(shown))
    path = added.location.replace("/show/", "/delete/")

    asked = world.post("root", path).get_data(as_text=True)
    assert len(moves(asked)) == 2 and due_on(world) == "2026-12-01"
    world.post("root", path, {"confirmed": re.search(r'name="confirmed" value="(\d+)"', asked)[1]})  # type: ignore[index]

    assert due_on(world) == "2026-11-30"


def test_editing_a_day_shows_what_moves(world: World) -> None:
    path = f"/calendar/edit/{world.kept['day']}"

    page = world.post("root", path, {**inputs(world.page("root", path)), "day": "2026-11-27"}).get_data(as_text=True)
    saved = world.post("root", path, inputs(page))

    assert len(moves(page)) == 2
    assert (saved.status_code, world.row(CalendarOverride, world.kept["day"])["day"]) == (302, "2026-11-27")


# Years ------------------------------------------------------------------------------------------------------

YEAR = {"year": "2027", "reason": "演示通知", "days_off": "2027-01-01\n2027-02-05 至 2027-02-11", "made_up_days": ""}


def test_a_year_that_is_not_published_says_so_and_only_the_root_may_publish_it(world: World) -> None:
    mine, theirs = world.page("root", "/calendar/list/"), world.page("admin", "/calendar/list/")

    assert mine.count("待公布日历</span>") == theirs.count("待公布日历</span>") == 2
    assert "/calendar/publish?year=2027" in mine and "/calendar/publish" not in theirs


def test_publishing_a_year_keeps_its_days_and_says_how_many_cases_waited(world: World) -> None:
    answer = world.post("root", "/calendar/publish", YEAR, follow_redirects=True)

    page = answer.get_data(as_text=True)
    assert "已公布。0 件待公布日历的办理期限已算出。" in page
    assert len(rows(page)) == 9  # eight of the notice and the one of the stage


def test_a_year_shows_what_moves_before_it_is_published(world: World) -> None:
    ready, began = world.own.projects["ready"], datetime(2026, 12, 30, 2, tzinfo=UTC)
    world.put(Project, ready, due_on=None)
    with world.session() as session:
        session.execute(delete(ClockSpan).where(ClockSpan.project_id == ready, ClockSpan.ended_at.is_not(None)))
        session.execute(update(ClockSpan).where(ClockSpan.project_id == ready).values(began_at=began, due_on=None))
        session.commit()

    page = world.post("root", "/calendar/publish", YEAR).get_data(as_text=True)
    done = world.post("root", "/calendar/publish", inputs(page))

    assert len(moves(page)) == 1 and "待公布日历" in moves(page)[0]
    assert (done.status_code, due_on(world)) == (302, "2027-01-07")


def test_what_is_wrong_with_a_year_is_told_at_its_inputs_and_kept(world: World) -> None:
    answer = world.post("root", "/calendar/publish", {**YEAR, "days_off": "春节", "reason": ""})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(errors(page)) == {"reason", "days_off"}
    assert inputs(page)["days_off"] == "春节"


def test_cases_that_wait_for_the_calendar_are_counted_in_the_menu_of_who_can_publish_it(world: World) -> None:
    world.put(Project, world.own.projects["ready"], due_on=None)

    mine, theirs = world.page("root", "/calendar/list/"), world.page("admin", "/calendar/list/")

    badge = re.compile(r'href="/calendar/list/".*?<span class="badge badge-due">1<', re.S)
    assert badge.search(mine.split("</nav>")[0]) and not badge.search(theirs.split("</nav>")[0])
