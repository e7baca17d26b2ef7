"""Accounts as an administrator keeps them: made, changed, unlocked, signed out, and only in reach."""

import re
from datetime import timedelta

from models.user import User
from tests.app_fixtures import MONDAY, PASSWORD
from tests.views.pages import errors, inputs, messages, rows, value
from tests.views.world import World

NEW = {"username": "new.person", "display_name": "演示新人", "roles": ["reviewer", "counter_clerk"], "active": "y"}


def add(world: World, who: str = "admin", **different: object) -> str:
    form = {**NEW, "bureau_id": str(world.kept["bureau"]), **different}
    answer = world.post(who, "/users/add", form)
    assert answer.status_code == 200, errors(answer.get_data(as_text=True))
    return answer.get_data(as_text=True)


def key_of(page: str) -> int:
    return int(re.findall(r"/users/show/(\d+)", page)[-1])


def test_a_new_accounts_password_is_shown_once_and_opens_only_its_change(world: World) -> None:
    page = add(world)
    secret, key = value(page, "secret"), key_of(page)
    browser = world.app.test_client()

    signed_in = browser.sign_in("new.person", secret)  # type: ignore[attr-defined]

    assert signed_in.status_code == 302
    assert browser.get("/worklist/").location == "/password/"
    assert secret not in world.page("admin", f"/users/show/{key}")
    assert "初始密码未修改" in world.page("admin", f"/users/show/{key}")


def test_an_account_is_changed_and_its_browsers_are_signed_out(world: World) -> None:
    path = f"/users/edit/{world.kept['account']}"
    form = inputs(world.page("admin", path))
    assert world.get("clerk", "/counter/").status_code == 200

    answer = world.post("admin", path, {**form, "roles": ["reviewer"]})

    assert answer.status_code == 302
    assert "审核人员" in world.page("admin", answer.location)
    assert world.get("clerk", "/counter/").location.startswith("/login/")


def test_a_fault_is_told_at_its_input_and_all_that_was_typed_stays(world: World) -> None:
    form = {**NEW, "bureau_id": "", "username": "Not Good", "roles": ["administrator", "auditor"]}

    answer = world.post("admin", "/users/add", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert set(errors(page)) == {"username", "bureau_id"}
    assert inputs(page)["username"] == "Not Good"
    assert re.findall(r'name="roles" value="(\w+)" checked', page) == ["administrator", "auditor"]


def test_two_hats_at_odds_are_told_at_the_roles(world: World) -> None:
    form = {**NEW, "bureau_id": str(world.kept["bureau"]), "roles": ["administrator", "auditor"]}

    page = world.post("root", "/users/add", form).get_data(as_text=True)

    assert errors(page) == {"roles": "系统管理员与审计员不能由同一个人兼任。"}


def test_what_another_saved_meanwhile_is_shown_in_words(world: World) -> None:
    path = f"/users/edit/{world.kept['account']}"
    form = inputs(world.page("admin", path))
    world.post("admin", path, {**form, "roles": ["counter_clerk", "manager"]})

    answer = world.post("admin", path, {**form, "roles": ["counter_clerk", "reviewer"]})

    page = answer.get_data(as_text=True)
    both = re.search(r'id="both".*?</section>', page, re.S)
    assert answer.status_code == 409
    assert both and "窗口人员、审核人员" in both[0] and "窗口人员、统计管理" in both[0]


def test_a_locked_account_says_so_and_is_unlocked(world: World) -> None:
    key = world.kept["account"]
    world.put(User, key, failed_attempts=5, locked_until=MONDAY + timedelta(minutes=10))
    assert "锁定至 2026-11-23 10:10" in world.page("admin", f"/users/show/{key}")

    world.post("admin", f"/users/unlock/{key}")

    assert value(world.page("admin", f"/users/show/{key}"), "state") == "正常"
    assert world.app.test_client().sign_in("clerk.test", PASSWORD).status_code == 302  # type: ignore[attr-defined]


def test_a_new_first_password_ends_the_old_one(world: World) -> None:
    page = world.post("admin", f"/users/password/{world.kept['account']}").get_data(as_text=True)

    browser = world.app.test_client()
    assert browser.sign_in("clerk.test", PASSWORD).status_code == 200  # type: ignore[attr-defined]
    assert browser.sign_in("clerk.test", value(page, "secret")).status_code == 302  # type: ignore[attr-defined]


def test_ending_sessions_signs_the_person_out(world: World) -> None:
    world.post("admin", f"/users/end_sessions/{world.kept['account']}")

    assert world.get("clerk", "/counter/").location.startswith("/login/")


def test_a_role_that_somebody_takes_away_at_the_database_is_gone_with_the_next_page(world: World) -> None:
    person = world.people["reviewer"].user_id
    assert [world.get("reviewer", "/worklist/").status_code for _ in range(2)] == [200, 200]

    with world.engine.execution_options(write=True).begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM ab_user_role WHERE user_id = {person}")

    assert world.get("reviewer", "/worklist/").status_code == 403


# Reach ------------------------------------------------------------------------------------------------------


def test_the_list_shows_staff_in_reach_and_finds_them_by_name_or_account(world: World) -> None:
    mine = world.page("admin", "/users/list/")
    found = world.page("root", "/users/list/?q=elsewhere")

    assert "elsewhere.test" not in mine and "root.test" not in mine
    assert len(rows(mine)) == 7
    assert len(rows(found)) == 1 and "elsewhere.test" in found


def test_accounts_of_organizations_are_listed_to_be_looked_at(world: World) -> None:
    page = world.page("admin", "/users/list/?kind=applicants")
    key = world.people["owner"].user_id

    assert key in rows(page) and "/users/edit/" not in page
    assert "/users/edit/" not in world.page("admin", f"/users/show/{key}")


def test_an_organizations_account_is_not_changed_from_here(world: World) -> None:
    key = world.people["owner"].user_id
    before = world.row(User, key or 0)

    edited = world.post("root", f"/users/edit/{key}", {**NEW, "bureau_id": str(world.kept["bureau"])})
    for act in ("unlock", "end_sessions", "password"):
        world.post("root", f"/users/{act}/{key}")

    assert edited.status_code in (404, 422)
    assert world.row(User, key or 0) == before


def test_staff_out_of_reach_is_like_nobody(world: World) -> None:
    above, beside = world.people["root"].user_id, world.people["elsewhere"].user_id

    for key in (above, beside, 999_999):
        assert world.get("admin", f"/users/show/{key}").status_code == 404
        assert world.post("admin", f"/users/edit/{key}", NEW).status_code == 404
        for act in ("unlock", "end_sessions", "password"):
            assert world.post("admin", f"/users/{act}/{key}").status_code == 404


def test_nobody_gives_himself_a_right_or_closes_himself(world: World) -> None:
    path = f"/users/edit/{world.people['admin'].user_id}"
    form = inputs(world.page("admin", path)) | {"roles": ["administrator", "reviewer"], "active": ""}
    form.pop("active")

    page = world.post("admin", path, form).get_data(as_text=True)

    assert set(errors(page)) == {"roles", "active"}
    assert messages(page) == []


def test_one_does_not_reset_ones_own_password_here(world: World) -> None:
    key = world.people["admin"].user_id

    world.post("admin", f"/users/password/{key}")

    assert f"/users/password/{key}" not in world.page("admin", f"/users/show/{key}")
    assert world.row(User, key or 0)["must_change_password"] == 0
