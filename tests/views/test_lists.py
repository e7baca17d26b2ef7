"""Lists: few statements whatever the rows, pages by keys, tabs and filters that go along, and no full scan."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from flask import g
from sqlalchemy import Engine, String, event, select, text
from sqlalchemy.orm import Session

from app import listing, scope
from app.domain.permissions import Actor
from app.domain.terms import Role
from models.bureau import Bureau
from models.project import Project
from models.sorting import ordered_by
from tests.views.listed import PATHS, multiply
from tests.views.pages import rows
from tests.views.world import World
from views import keyset
from views.projects import ProjectView

MOST_STATEMENTS = 12
V = "ProjectView"


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def links(page: str) -> dict[str, str]:
    """The links of the foot by their words."""
    return {word: unescape(url) for url, word in re.findall(r'<a rel="\w+" href="([^"]+)">([^<]+)</a>', page)}


def reader_of(world: World, path: str) -> str | None:
    """Somebody who may open this list."""
    return next((who for who in ("hats", "root", "auditor", "owner") if world.get(who, path).status_code == 200), None)


# Statements -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_a_list_asks_as_often_whatever_its_rows(world: World, path: str) -> None:
    who = reader_of(world, path)
    assert who, "nobody may open it"
    with statements(world.engine) as few:
        world.page(who, path)
    multiply(world, 60)

    with statements(world.engine) as many:
        page = world.page(who, path)

    assert len(rows(page)) <= PATHS[path].page_size
    assert len(many) <= min(MOST_STATEMENTS, len(few) + 2), many  # two more: a count, and a second stretch


@pytest.mark.parametrize("asked", ["q=项目", "category=01&q=甲方", f"_oc_{V}=due_on&_od_{V}=asc", "status=draft"])
def test_a_narrowed_list_keeps_to_the_budget_on_every_page(world: World, asked: str) -> None:
    multiply(world, 60)
    path = f"/projects/list/?{asked}"
    for word in ("下一页", "末页", "上一页"):
        with statements(world.engine) as seen:
            page = world.page("hats", path)
        assert len(seen) <= MOST_STATEMENTS, seen
        path = links(page).get(word, path)


@pytest.mark.parametrize("path", PATHS)
def test_every_filter_of_a_bar_keeps_to_the_budget_and_offers_its_words(world: World, path: str) -> None:
    who, view = reader_of(world, path) or "", PATHS[path]
    multiply(world, 60)
    for each in view.filter_bar:
        with world.app.test_request_context(path):
            g.actor = world.people[who]
            offered = list(each.choices()) if each.choices else [("2026-11-23", "")]
        assert offered, each.name
        with statements(world.engine) as seen:
            world.page(who, f"{path}?{each.name}={quote(offered[0][0])}")
        assert len(seen) <= MOST_STATEMENTS, (each.name, seen)


# The order of names -----------------------------------------------------------------------------------------

NOT_NAMES = {"number", "org_code", "code", "kind", "status", "username"}  # codes, in the order of their figures
OFFERED = [(path, name) for path, view in PATHS.items() for name in view.order_columns or ()]


@pytest.mark.parametrize(("path", "name"), OFFERED)
def test_every_name_that_a_list_is_sorted_by_has_its_key(path: str, name: str) -> None:
    model = PATHS[path].datamodel.obj
    is_text = isinstance(getattr(model, name).type, String)

    assert not is_text or name in NOT_NAMES or ordered_by(model, name).key == f"{name}_order"


@pytest.mark.parametrize(("way", "expected"), [("asc", 1), ("desc", -1)])
def test_a_list_of_names_stands_by_pinyin(world: World, way: str, expected: int) -> None:
    keys, names = list(world.own.projects.values())[:4], ["张家港医院", "北京路小学", "3号楼", "江阴港"]
    with world.session() as session:
        for key, name in zip(keys, names, strict=True):
            session.get_one(Project, key).name = name
        session.commit()

    page = world.page("owner", f"/projects/list/?_oc_{V}=name&_od_{V}={way}")

    assert [key for key in rows(page) if key in keys] == [keys[n] for n in (2, 1, 3, 0)][::expected]


# Pages ------------------------------------------------------------------------------------------------------


def test_the_links_lead_through_all_rows_and_back(world: World) -> None:
    multiply(world, 60)
    path, met = f"/projects/list/?psize_{V}=25&_oc_{V}=investment_10k_cny&_od_{V}=asc&status=draft", []
    while path:
        page = world.page("hats", path)
        met += list(rows(page))
        path = links(page).get("下一页", "")

    assert len(met) == len(set(met)) == 62
    back = world.page("hats", links(page)["上一页"])
    assert list(rows(back)) == met[25:50]
    assert list(rows(world.page("hats", links(back)["首页"]))) == met[:25]
    assert list(rows(world.page("hats", links(back)["末页"]))) == met[-25:]


@pytest.mark.parametrize("asked", ["page_{}=1", "page_{}=x", "after_{}=x", "before_{}=x", "after_{}=a&before_{}=end"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_that_no_link_leads_to_is_a_bad_request(world: World, path: str, asked: str) -> None:
    who = reader_of(world, path) or ""

    assert world.get(who, f"{path}?{asked.replace('{}', PATHS[path].__name__)}").status_code == 400


def test_a_token_never_opens_a_foreign_row(world: World) -> None:
    order = keyset.Order("id", Project.id, Project.id, True)
    token = keyset.token_of(order, Project(id=world.foreign.projects["draft"] + 1))

    page = world.page("owner", f"/projects/list/?after_{V}={token}")

    assert set(rows(page)) <= set(world.own.projects.values())


# Tabs and filters ---------------------------------------------------------------------------------------------


def test_tab_filters_order_and_size_go_along(world: World) -> None:
    multiply(world, 60)
    asked = {"status": "draft", "category": "01", f"_oc_{V}": "name", f"_od_{V}": "desc", f"psize_{V}": "50"}
    page = world.page("hats", "/projects/list/?" + "&".join(f"{name}={value}" for name, value in asked.items()))

    following = links(page)["下一页"]

    assert all(f"{name}={value}" in following for name, value in asked.items())
    assert f"after_{V}=" not in page.partition("status-tabs")[2].partition("</ul>")[0]


def test_tabs_count_what_is_in_scope(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tabs = world.page("owner", "/projects/list/").partition("status-tabs")[2].partition("</ul>")[0]

    assert [int(count) for count in re.findall(r"badge[^>]*>(\d+)<", tabs)] == [5, 1, 2, 1, 1]


def test_a_count_ends_at_ten_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.lists.COUNT_CAP", 3)
    monkeypatch.setattr("app.listing.COUNT_CAP", 3)
    monkeypatch.setattr("views.lists.TAB_CAP", 2)
    multiply(world, 30)

    assert "共 3 项" in world.page("hats", "/projects/list/")
    assert "共 3 项" in world.page("hats", "/projects/list/?category=01")


def test_a_tab_counts_to_a_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.lists.TAB_CAP", 11)
    multiply(world, 30)

    tabs = world.page("hats", "/projects/list/").partition("status-tabs")[2].partition("</ul>")[0]

    assert tabs.count(">10+<") == 2  # all, and the drafts


@pytest.mark.parametrize(
    ("asked", "state"),
    [("category=02", None), ("category=01", "all"), ("region=320281&level=004", "all"), ("level=001", None),
     ("submitted_from=2026-11-23&submitted_to=2026-11-23", "submitted"), ("submitted_from=2026-11-24", None),
     ("numbered_from=2026-01-01", "approved"), ("numbered_to=2026-01-01", None), ("submitted_from=nonsense", None)],
)  # fmt: skip
def test_projects_are_narrowed_by_what_the_bar_offers(world: World, asked: str, state: str | None) -> None:
    found = set(rows(world.page("owner", f"/projects/list/?{asked}")))

    own = world.own.projects
    wanted = {None: set(), "all": set(own.values()), "approved": {own["approved"]}}
    assert found == wanted.get(state, set(own.values()) - {own["draft"]})


@pytest.mark.parametrize(
    ("path", "found"),
    [("/reviews/list/?decision=return", 1), ("/reviews/list/?decision=approve", 2), ("/reviews/list/?reviewer=评审", 0),
     ("/reviews/list/?reviewer=演示rev", 3), ("/reviews/list/?decided_from=2027-01-01", 0),
     ("/enterprises/list/?unit_kind=government&region=320281", 1), ("/enterprises/list/?unit_kind=x", 0)],
)  # fmt: skip
def test_other_lists_are_narrowed_too(world: World, path: str, found: int) -> None:
    who = "owner" if path.startswith("/reviews") else "reviewer"
    keys = rows(world.page(who, path))

    assert len(keys) >= found if who == "reviewer" and found else len(keys) == found


def test_an_applied_filter_is_said_in_words_and_can_be_taken_off(world: World) -> None:
    page = world.page("owner", f"/projects/list/?category=01&q={quote('甲方')}")
    applied = page.partition('class="applied')[2].partition("</div>")[0]

    assert "房屋建筑工程" in applied
    assert "去掉条件" in applied
    assert 'href="/projects/list/?q=%E7%94%B2%E6%96%B9"' in applied


def test_no_list_holds_an_option_per_row_of_a_table(world: World) -> None:
    multiply(world, 100)

    for path in PATHS:
        page = world.page(reader_of(world, path) or "", path)
        assert page.count("<option") < 100, path


# For exports and the worker -------------------------------------------------------------------------------------


def test_what_a_list_asks_is_plain_data_and_comes_to_the_same_rows(world: World) -> None:
    query = f"status=draft&q={quote('甲方')}&category=01&_flt_9_x=1&_oc_{V}=name&_od_{V}=asc"
    with world.app.test_request_context(f"/projects/list/?{query}"):
        from app.extensions import db

        g.actor = world.people["owner"]
        view = world.app.extensions["yht"].views[V]
        asked, found = view.asked_filters(), [row.id for row in view.asked_rows()]
        db.session.remove()
    with world.session() as session:
        again = select(Project.id).where(
            scope.criteria(world.people["owner"], Project), *listing.criteria(session, Project, asked)
        )
        keys = list(session.scalars(again))

    assert asked == [("status", "eq", "draft"), ("q", "find", "甲方"), ("category_code", "eq", "01")]
    assert found == keys == [world.own.projects["draft"]]


# Plans ------------------------------------------------------------------------------------------------------

SCOPES = {
    "root": {"roles": frozenset({Role.MANAGER}), "is_root": True},
    "one bureau": {"roles": frozenset({Role.MANAGER})},
    "organization": {"roles": frozenset({Role.APPLICANT}), "organization_id": 1},
}
NARROWED = {
    "all": (), "tab": (("status", "eq", "submitted"),), "category": (("category_code", "eq", "01"),),
    "region": (("region_code", "eq", "320281"),), "level": (("approval_level_code", "eq", "004"),),
    "search": (("q", "find", "医院"),), "days": (("numbered_at", "from", "2026-01-01"),),
}  # fmt: skip


def somebody(session: Session, who: str) -> Actor:
    bureaus = list(session.scalars(select(Bureau.id).order_by(Bureau.id)))
    below = frozenset({"root": bureaus, "one bureau": bureaus[:1]}.get(who, []))
    return Actor(user_id=1, username="x", bureau_ids=below, **SCOPES[who])


def plan(session: Session, query: Any) -> str:
    said = str(query.statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})).replace(":", "\\:")
    prefix = "EXPLAIN QUERY PLAN " if session.get_bind().dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(str(row[-1]) for row in session.execute(text(prefix + said)))


@pytest.mark.parametrize(
    ("path", "index"),
    [
        ("/numbers/list/?status=voided", "number_register_status_id"),
        ("/numbers/list/?origin=imported", "number_register_origin_id"),
        ("/numbers/list/?category=02", "number_register_category_code_id"),
        ("/numbers/list/?region=320281", "number_register_region_code_id"),
        ("/audit/list/?action=project:void", "audit_event_action_at"),
        ("/audit/list/?result=refused", "audit_event_result_at"),
        ("/audit/list/?key=7", "audit_event_object_type_object_id"),
        ("/notices/list/?status=failed", "outbox_kind_status_created_at"),
    ],
)
def test_a_filter_of_a_register_is_looked_up_by_its_index(world: World, path: str, index: str) -> None:
    with world.app.test_request_context(path), world.session() as session:
        g.actor = world.people["auditor" if "audit" in path else "root"]
        query = world.app.extensions["yht"].views[PATHS[path.partition("?")[0]].__name__].asked_rows()

        assert f"USING INDEX ix_{index}" in plan(session, query.limit(26))


@pytest.mark.parametrize("who", SCOPES)
def test_no_order_and_no_filter_scans_the_projects(session: Session, who: str) -> None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        session.execute(text("SET enable_seqscan = off"))
    actor = somebody(session, who)
    for name in ("id", *ProjectView.order_columns, "numbered_at"):
        for label, conditions in NARROWED.items():
            order = keyset.Order(name, ordered_by(Project, name), Project.id, True)
            by_index = order.is_by_key and who != "organization"
            query = session.query(Project).filter(
                scope.criteria(actor, Project), *listing.criteria(session, Project, conditions, by_index=by_index)
            )
            for part in keyset._stretches(query, order, None, backwards=False):
                said = plan(session, part.limit(26))
                assert "Seq Scan on project" not in said, (name, label, said)
                in_order = name == "id" and "USE TEMP B-TREE" not in said  # a walk along the key ends with the page
                assert in_order or not re.search(r"SCAN project(?! USING)", said), (name, label, said)
                if is_sqlite and who != "organization" and label in ("all", "tab", "category"):
                    assert "USE TEMP B-TREE" not in said, (name, label, said)
