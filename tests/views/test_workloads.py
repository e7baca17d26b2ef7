"""在办情况 and the acts that start there: cases are taken back or given to another reviewer, one by one and in bulk."""

import re

import pytest
from sqlalchemy import select

from app.domain.terms import Kind, Role
from app.services import review
from models.assignment import Assignment
from models.project import Project
from models.user import User
from tests import builders
from tests.builders import NOW
from tests.views.pages import inputs
from tests.views.test_many import results, sent, ticked
from tests.views.test_statements import statements
from tests.views.world import World


def held(world: World, count: int = 1) -> list[int]:
    """Projects that the reviewer of the world has claimed."""
    with world.session() as session:
        keys = [builders.submitted_project(session, world.people["owner"]).id for _ in range(count)]
        for key in keys:
            review.claim(session, world.people["reviewer"], Kind.PROJECT, key, now=NOW)
    return keys


def colleague(world: World, **place: str) -> int:
    with world.session() as session:
        return builders.staff(session, Role.REVIEWER, **place).user_id or 0


def holders_of(world: World, keys: list[int]) -> list[int]:
    with world.session() as session:
        query = select(Assignment.assignee_id).where(Assignment.project_id.in_(keys), Assignment.released_at.is_(None))
        return list(session.scalars(query))


def offered(page: str) -> set[int]:
    choice = page.partition('name="assignee_id"')[2].partition("</select>")[0]
    return {int(key) for key in re.findall(r'value="(\d+)"', choice)}


def test_a_case_is_given_on_by_its_form_which_names_who_may_have_it_and_their_load(world: World) -> None:
    (key,) = held(world)
    other, beside = colleague(world), colleague(world, bureau="320282")
    version = world.row(Project, key)["version"]
    form = world.page("admin", f"/projects/assign/{key}")

    empty = world.post("admin", f"/projects/assign/{key}", {"version": version, "reason": "承办人休假"})
    answer = world.post(
        "admin", f"/projects/assign/{key}", {"version": version, "assignee_id": other, "reason": "承办人休假"}
    )

    assert other in offered(form) and not offered(form) & {beside, world.people["reviewer"].user_id}
    assert "在办 0 件" in form
    page = empty.get_data(as_text=True)
    assert (empty.status_code, 'data-error-for="assignee_id"' in page, "承办人休假" in page) == (422, True, True)
    assert answer.status_code == 302
    assert holders_of(world, [key]) == [other]


def test_a_case_is_taken_back_by_its_form_with_a_reason(world: World) -> None:
    (key,) = held(world)
    version = world.row(Project, key)["version"]

    empty = world.post("admin", f"/projects/take_back/{key}", {"version": version, "reason": ""})
    answer = world.post("admin", f"/projects/take_back/{key}", {"version": version, "reason": "承办人休假"})

    assert (empty.status_code, answer.status_code) == (422, 302)
    assert holders_of(world, [key]) == []


def test_ticked_cases_are_given_on_together_each_with_its_answer(world: World) -> None:
    keys = held(world, 2)
    other = colleague(world)
    with world.session() as session:
        has_it = builders.submitted_project(session, world.people["owner"]).id
        review.claim(session, builders.actor_of(session, session.get_one(User, other)), Kind.PROJECT, has_it, now=NOW)
    form = inputs(ticked(world, "admin", "assign", [*keys, has_it]).get_data(as_text=True))

    answer = sent(world, "admin", form, assignee_id=other, reason="承办人休假")

    assert results(answer.get_data(as_text=True)) == {**dict.fromkeys(keys, "done"), has_it: "refused"}
    assert holders_of(world, keys) == [other, other]


def test_the_buttons_stand_where_somebody_has_the_case(world: World) -> None:
    free = world.own.projects["ready"]
    (key,) = held(world)

    pages = {one: world.page("admin", f"/projects/show/{one}") for one in (free, key)}

    assert [f"/projects/take_back/{one}" in pages[one] for one in (free, key)] == [False, True]
    assert all(f"/projects/assign/{one}" in pages[one] for one in (free, key))
    assert "/projects/assign/" not in world.page("reviewer", f"/projects/show/{key}")


@pytest.mark.parametrize("who", ["manager", "admin", "root"])
def test_whoever_spreads_the_work_sees_who_has_how_much(world: World, who: str) -> None:
    keys = held(world, 2)
    reviewer = world.people["reviewer"].user_id
    with world.session() as session:
        session.get_one(Project, keys[0]).due_on = NOW.date() - builders.DAY * 5
        session.get_one(Project, keys[1]).due_on = NOW.date() + builders.DAY * 5
        session.commit()

    page = world.page(who, "/workloads/")
    own = world.page(who, f"/workloads/{reviewer}")

    row = page.partition(f'data-id="{reviewer}"')[2].partition("</tr>")[0]
    figures = {name: re.search(rf'data-field="{name}"[^>]*>(\d+)', row) for name in ("project", "overdue")}
    assert {name: found[1] for name, found in figures.items() if found} == {"project": "2", "overdue": "1"}
    assert all(f"/projects/show/{key}" in own for key in keys)
    assert ('value="assign"' in own) == (who != "manager")


def test_the_overview_costs_the_same_whatever_there_is(world: World) -> None:
    held(world)
    world.page("admin", "/workloads/")
    with statements(world.engine) as few:
        world.page("admin", "/workloads/")
    held(world, 3)
    colleague(world)
    world.page("admin", "/workloads/")

    with statements(world.engine) as many:
        world.page("admin", "/workloads/")

    assert len(many) == len(few) <= 12


def test_cases_of_other_bureaus_are_nobodys_business(world: World) -> None:
    elsewhere = world.people["elsewhere"].user_id

    answer = world.get("manager", f"/workloads/{elsewhere}")

    assert answer.status_code == 404
    assert f'data-id="{elsewhere}"' not in world.page("manager", "/workloads/")


def test_the_page_of_an_account_says_how_many_cases_went_back(world: World) -> None:
    keys = held(world, 2)
    reviewer = world.people["reviewer"].user_id
    form = inputs(world.page("admin", f"/users/edit/{reviewer}"))
    form.pop("active", None)

    answer = world.post("admin", f"/users/edit/{reviewer}", form, follow_redirects=True)

    assert "2 件已回到待办" in answer.get_data(as_text=True)
    assert holders_of(world, keys) == []
