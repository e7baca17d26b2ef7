"""The trusted row view: every path to a row is scoped, every change is a POST, nothing typed is lost."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from models.audit import AuditEvent
from models.project import Project
from tests.app_fixtures import PASSWORD, ConsoleClient
from tests.databases import on_sqlite
from tests.security.probe import REFUSAL, Stage

HUGE = 99999999999999999999


# Scope ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["show", "edit"])
def test_a_row_of_another_organization_is_not_found(stage: Stage, path: str) -> None:
    assert stage.browser.get(f"/probes/{path}/{stage.theirs.id}").status_code == 404


@pytest.mark.parametrize("path", ["edit/{id}", "delete/{id}", "action/submit/{id}"])
def test_a_change_of_another_organizations_row_is_not_found_and_does_nothing(stage: Stage, path: str) -> None:
    data = {"name": "甲的名字", "address": "x", "version": "1"}

    answer = stage.browser.send(f"/probes/{path.format(id=stage.theirs.id)}", data)

    assert answer.status_code == 404
    row = stage.fresh(stage.theirs)
    assert (row.name, row.remarks, row.version) == ("乙一", None, 1)


def test_one_foreign_row_in_a_bulk_action_and_nothing_is_done(stage: Stage) -> None:
    chosen = [stage.mine[0].id, stage.theirs.id]

    answer = stage.browser.send("/probes/action_post", {"action": "submit", "rowid": chosen})

    assert answer.status_code == 404
    assert stage.fresh(stage.mine[0]).remarks is None


@pytest.mark.parametrize(
    ("path", "action", "sentence"),
    [("action/submit/{theirs}", "projects:submit", "没有这条记录，或不在办理范围。"),
     ("action/approve/{mine}", "projects:approve", "没有这项权限。"),
     ("edit/{theirs}", "projects:edit", "没有这条记录，或不在办理范围。")],
    ids=["not in reach", "no right", "edit"],
)  # fmt: skip
def test_who_is_turned_away_is_in_the_trail(stage: Stage, path: str, action: str, sentence: str) -> None:
    stage.browser.send(f"/probes/{path.format(mine=stage.mine[0].id, theirs=stage.theirs.id)}")

    told = stage.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (told.actor_id, told.action, told.result, told.sentence) == (stage.owner.id, action, "refused", sentence)
    assert told.object_id in (stage.mine[0].id, stage.theirs.id)


def test_the_list_shows_own_rows_only(stage: Stage) -> None:
    page = stage.browser.get("/probes/list/?_flt_2_name=一").get_data(as_text=True)

    assert "甲一" in page
    assert "乙一" not in page


@on_sqlite
@pytest.mark.parametrize("pk", ["abc", "0", "-1", "1.0", str(HUGE), "2147483648", "١", "1%00"])
def test_what_cannot_be_a_key_is_not_found(stage: Stage, pk: str) -> None:
    assert stage.browser.get(f"/probes/show/{pk}").status_code == 404


def test_a_key_beyond_the_column_is_not_found_in_a_bulk_action(stage: Stage) -> None:
    answer = stage.browser.send("/probes/action_post", {"action": "submit", "rowid": [str(HUGE)]})

    assert answer.status_code == 404


# Actions ----------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("path", ["action/submit/{id}", "action_post", "delete/{id}"])
def test_nothing_changes_by_get(stage: Stage, path: str) -> None:
    answer = stage.browser.get(f"/probes/{path.format(id=stage.mine[0].id)}")

    assert answer.status_code == 405
    assert stage.fresh(stage.mine[0]).remarks is None


@on_sqlite
@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"action": "nonsense", "rowid": ["1"]}, 404),
        ({"action": "_run", "rowid": ["1"]}, 404),
        ({"rowid": ["1"]}, 404),
        ({"action": "submit"}, 302),
        ({"action": "submit", "rowid": ["abc"]}, 404),
        ({"action": "submit", "rowid": [str(n) for n in range(1, 502)]}, 400),
        ({"action": "withdraw", "rowid": ["1"]}, 404),
        ({"action": "approve", "rowid": ["1"]}, 403),
    ],
    ids=["unknown", "private", "none", "no rows", "no number", "501 rows", "single only", "no right"],
)
def test_a_bulk_action_that_cannot_be_is_refused(stage: Stage, data: dict[str, Any], code: int) -> None:
    assert stage.browser.send("/probes/action_post", data).status_code == code


def test_in_a_bulk_action_each_row_has_its_own_outcome(stage: Stage) -> None:
    chosen = [row.id for row in stage.mine]

    answer = stage.browser.send("/probes/action_post", {"action": "submit", "rowid": chosen}, follow_redirects=True)

    page = answer.get_data(as_text=True)
    assert stage.fresh(stage.mine[0]).remarks == "touched"
    assert stage.fresh(stage.mine[1]).remarks is None
    assert REFUSAL in page
    assert 'data-level="success"' in page
    assert 'data-level="warning"' in page


@on_sqlite
def test_the_same_row_twice_is_one_row(stage: Stage) -> None:
    key = stage.mine[0].id

    stage.browser.send("/probes/action_post", {"action": "submit", "rowid": [key, key, key]})

    assert stage.fresh(stage.mine[0]).version == 2


@on_sqlite
def test_reasons_of_many_rows_fit_into_the_cookie(stage: Stage) -> None:
    from tests.security.probe import a_project

    rows = [a_project(stage.session, stage.owner, f"不{'长' * 150}{n}") for n in range(300)]

    answer = stage.browser.send("/probes/action_post", {"action": "submit", "rowid": [row.id for row in rows]})

    assert answer.status_code == 302
    assert len(answer.headers["Set-Cookie"]) < 4000


@on_sqlite
def test_an_action_by_a_stranger_leads_to_the_sign_in_page(stage: Stage, app: Flask) -> None:
    stranger: ConsoleClient = app.test_client()  # type: ignore[assignment]

    answer = stranger.send(f"/probes/action/submit/{stage.mine[0].id}", page="/login/")

    assert answer.location == "/login/"
    assert stage.fresh(stage.mine[0]).remarks is None


# Forms ------------------------------------------------------------------------------------------------


def test_a_refused_edit_is_not_saved_by_a_later_commit(stage: Stage) -> None:
    row = stage.mine[0]

    answer = stage.browser.send(f"/probes/edit/{row.id}", {"name": "不行", "address": "新址", "version": "1"})

    page = answer.get_data(as_text=True)
    assert REFUSAL in page
    assert 'value="新址"' in page or "新址" in page
    stage.browser.get("/probes/list/")
    assert stage.fresh(row).name == "甲一"


def test_invalid_values_come_back_with_their_sentence_at_the_field(stage: Stage) -> None:
    answer = stage.browser.send("/probes/add", {"name": "新项目", "address": "无此路"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "地址「无此路」不存在。" in page
    assert 'data-error-for="address"' in page
    assert "新项目" in page


def test_a_stale_form_is_told_and_keeps_what_was_typed(stage: Stage) -> None:
    key = stage.mine[0].id
    stage.browser.send(f"/probes/edit/{key}", {"name": "先到", "address": "一号", "version": "1"})

    late = stage.browser.send(f"/probes/edit/{key}", {"name": "后到", "address": "二号", "version": "1"})

    assert late.status_code == 409
    assert "后到" in late.get_data(as_text=True)
    assert stage.fresh(stage.mine[0]).name == "先到"


@on_sqlite
@pytest.mark.parametrize("version", ["", "0", "abc", str(HUGE)])
def test_a_form_without_its_version_is_a_stale_form(stage: Stage, version: str) -> None:
    answer = stage.browser.send(
        f"/probes/edit/{stage.mine[0].id}", {"name": "新名", "address": "x", "version": version}
    )

    assert answer.status_code == 409
    assert stage.fresh(stage.mine[0]).name == "甲一"


@on_sqlite
def test_a_form_writes_its_own_inputs_only(stage: Stage) -> None:
    data = {"name": "新名", "address": "x", "version": "1", "status": "approved", "organization_id": "2",
            "number": "3202812611230101", "created_by_id": "2"}  # fmt: skip

    stage.browser.send(f"/probes/edit/{stage.mine[0].id}", data)

    row = stage.fresh(stage.mine[0])
    assert (row.name, row.status, row.number) == ("新名", "draft", None)
    assert row.organization_id == stage.owner.organization_id


@on_sqlite
def test_the_address_cannot_fill_a_relation_of_a_new_row(stage: Stage) -> None:
    page = stage.browser.get(f"/probes/add?_flt_0_organization={stage.theirs.organization_id}")

    assert page.status_code == 200
    assert "PDY00002" not in page.get_data(as_text=True)


@on_sqlite
def test_delete_is_a_post_that_ends_on_the_list(stage: Stage) -> None:
    key = stage.mine[0].id

    answer = stage.browser.send(f"/probes/delete/{key}")

    assert answer.location == "/probes/list/"
    stage.session.rollback()
    assert stage.session.scalars(select(Project).where(Project.id == key)).all() == []


@on_sqlite
def test_there_is_no_download_by_file_name(stage: Stage) -> None:
    assert stage.browser.get("/probes/download/x.pdf").status_code == 404


# Addresses of lists -----------------------------------------------------------------------------------

HOSTILE = [
    ("page_ProbeView=abc", 400),
    ("page_ProbeView=-1", 400),
    ("page_ProbeView=99999999999", 400),
    ("page_Other=abc", 400),
    ("psize_ProbeView=0", 400),
    ("psize_ProbeView=-5", 400),
    ("psize_ProbeView=100000000", 200),
    ("page_ProbeView=5000", 400),
    ("_oc_ProbeView=nonsense&_od_ProbeView=asc", 200),
    ("_oc_ProbeView=created_by.password&_od_ProbeView=asc", 200),
    ("_oc_ProbeView=contact_mobile&_od_ProbeView=desc", 200),
    ("_oc_ProbeView=name&_od_ProbeView=sideways", 200),
    ("_flt_9_name=x", 200),
    ("_flt_0_nothing=x", 200),
    ("_flt_0_contact_mobile=1", 200),
    ("_flt_0_organization=2", 200),
    ("_flt_0_planned_start_on=2016-02-30", 200),
    ("_flt_1_planned_start_on=%EF%BC%92", 200),
    ("_flt_2_name=" + "x" * 201, 400),
    ("_flt_2_name=a%00b", 400),
    ("&".join(f"_flt_2_name{n}=x" for n in range(200)), 400),
    ("_l_=xx", 200),
]


@pytest.mark.parametrize(("query", "code"), HOSTILE, ids=[query[:40] for query, _ in HOSTILE])
def test_a_hostile_address_is_answered_and_shows_nothing_foreign(stage: Stage, query: str, code: int) -> None:
    answer = stage.browser.get(f"/probes/list/?{query}")

    assert answer.status_code == code
    assert "乙一" not in answer.get_data(as_text=True)


def test_a_rejected_address_is_not_where_the_next_page_leads_back(stage: Stage) -> None:
    stage.browser.get("/probes/list/?page_ProbeView=abc")

    assert "abc" not in (stage.browser.get("/back").location or "")


@on_sqlite
def test_no_more_rows_than_the_cap_are_shown(stage: Stage) -> None:
    from tests.security.probe import a_project

    for n in range(105):
        a_project(stage.session, stage.owner, f"多{n:03d}")

    page = stage.browser.get("/probes/list/?psize_ProbeView=100000000").get_data(as_text=True)

    assert page.count("<tr data-id") == 100


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', "甲%"])
def test_search_takes_its_text_literally(stage: Stage, text: str) -> None:
    from urllib.parse import quote

    page = stage.browser.get(f"/probes/list/?_flt_2_name={quote(text)}").get_data(as_text=True)

    assert "甲一" not in page


def test_an_order_that_is_offered_orders(stage: Stage) -> None:
    up = stage.browser.get("/probes/list/?_oc_ProbeView=name&_od_ProbeView=asc").get_data(as_text=True)
    down = stage.browser.get("/probes/list/?_oc_ProbeView=name&_od_ProbeView=desc").get_data(as_text=True)

    assert (up.index("不甲二") < up.index("甲一")) != (down.index("不甲二") < down.index("甲一"))


def test_a_list_costs_few_statements_whatever_its_length(stage: Stage, app: Flask) -> None:
    from app.extensions import db
    from tests.security.probe import a_project

    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: statements.append(sql))
    for n in range(24):
        a_project(stage.session, stage.owner, f"更多{n}")
    stage.browser.get("/probes/list/")  # the process has read reference data and rights
    statements.clear()
    stage.browser.get("/probes/list/")
    few = [sql for sql in statements if not sql.startswith("BEGIN")]
    for n in range(24):
        a_project(stage.session, stage.owner, f"还有{n}")
    statements.clear()

    stage.browser.get("/probes/list/")

    many = [sql for sql in statements if not sql.startswith("BEGIN")]
    assert len(many) == len(few) <= 12, many


@pytest.mark.slow
def test_one_persons_search_terms_never_show_on_anothers_page(stage: Stage, app: Flask) -> None:
    wrong: list[str] = []

    def search(word: str) -> None:
        browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
        browser.sign_in("PDY00001-X", PASSWORD)
        for _ in range(10):
            page = browser.get(f"/probes/list/?_flt_2_name={word}").get_data(as_text=True)
            wrong.extend(other for other in words if other != word and other in page)

    words = [f"寻找{n}号" for n in range(8)]
    threads = [threading.Thread(target=search, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
