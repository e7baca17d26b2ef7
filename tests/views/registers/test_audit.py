"""审计日志: open to auditors alone, in words, with both sides and the seal; read only."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.notices import NOTICES
from app.domain.permissions import ANONYMOUS
from app.domain.terms import Kind, Role
from app.services import audit, organization, review, seal
from app.services.kept import KEPT
from models.audit import AuditEvent
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import ITEM, NOW, Case
from tests.databases import on_sqlite
from tests.views.pages import rows
from tests.views.registers.conftest import Counting
from views.registers import audit_values, audit_words

ClientFor = Callable[..., ConsoleClient]


def page(browser: ConsoleClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status)
    return answer.get_data(as_text=True)


def noted(session: Session, action: str, **different: object) -> AuditEvent:
    given: dict[str, object] = {"now": NOW, **different}
    event = audit.record(session, ANONYMOUS, action, "project", 7, **given)  # type: ignore[arg-type]
    session.commit()
    return event


@pytest.mark.parametrize("role", list(Role), ids=str)
@on_sqlite
def test_nobody_but_an_auditor_opens_the_trail(client_for: ClientFor, db_session: Session, role: Role) -> None:
    event = noted(db_session, "project:approve")
    browser = client_for(role)

    expected = 200 if role is Role.AUDITOR else 403
    for path in ("/audit/list/", f"/audit/show/{event.id}"):
        assert browser.get(path).status_code == expected


def test_an_event_is_told_in_words(client_for: ClientFor, db_session: Session, case: Case) -> None:
    project = builders.submitted_project(db_session, case.applicant)
    review.return_(db_session, case.reviewer, Kind.PROJECT, project.id, [ITEM], now=NOW)
    event = db_session.scalars(select(AuditEvent).where(AuditEvent.action == "project:return")).one()
    auditor = client_for(Role.AUDITOR)

    listed, shown = page(auditor, "/audit/list/?action=project:return"), page(auditor, f"/audit/show/{event.id}")

    assert list(rows(listed)) == [event.id]
    for text in (listed, shown):
        assert "项目登记：退回" in text
        assert f"项目登记 {project.id} 号" in text
        assert "审核人员" in text
    assert "2026-11-23 10:00 (UTC+8)" in shown
    for word in ("待审核", "待修改", "退回事项", "总投资"):
        assert word in shown


def test_masked_values_stay_masked(client_for: ClientFor, db_session: Session, case: Case) -> None:
    administrator = builders.staff(db_session, Role.ADMINISTRATOR)
    raw = {"contact_mobile": "13900001234"}
    organization.save_contact(db_session, administrator, case.organization.id, raw, version=1, now=NOW)
    event = db_session.scalars(select(AuditEvent).where(AuditEvent.action == "organization:edit")).one()

    shown = page(client_for(Role.AUDITOR), f"/audit/show/{event.id}")

    assert "138****0000" in shown
    assert "139****1234" in shown
    assert "13900001234" not in shown


def test_an_event_says_whether_it_is_sealed(client_for: ClientFor, db_session: Session) -> None:
    event = noted(db_session, "project:approve")
    auditor = client_for(Role.AUDITOR)
    before = page(auditor, f"/audit/show/{event.id}")

    seal.seal_events(db_session, now=NOW)

    assert "尚未封存" in before
    assert "第 1 号封存" in page(auditor, f"/audit/show/{event.id}")
    assert "已封存 2 条" in page(auditor, "/audit/list/")  # with the sign-in


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("result=refused", {"refused"}),
        ("kind=project&key=8", {"other"}),
        ("key=8", {"other"}),
        ("key=x", set()),
        ("who=nobody.test", set()),
        ("from=2026-11-20&to=2026-11-20", {"early"}),
        ("to=2026-11-21", {"early"}),
        ("action=project:void", {"other"}),
        ("from=2026-13-01", set()),
        ("action=project:unheard_of", set()),
    ],
)
@on_sqlite
def test_the_trail_is_narrowed(client_for: ClientFor, db_session: Session, asked: str, found: set[str]) -> None:
    keys = {
        "refused": noted(db_session, "project:approve", result="refused", sentence="没有这项权限。").id,
        "early": noted(db_session, "project:approve", now=NOW - timedelta(days=3)).id,
    }
    other = audit.record(db_session, ANONYMOUS, "project:void", "project", 8, now=NOW)
    db_session.commit()
    keys["other"] = other.id

    text = page(client_for(Role.AUDITOR), f"/audit/list/?{asked}")

    assert set(rows(text)) == {keys[name] for name in found}


@on_sqlite
def test_a_person_is_found_by_account(client_for: ClientFor, db_session: Session, case: Case) -> None:
    builders.draft_project(db_session, case.applicant)

    text = page(client_for(Role.AUDITOR), f"/audit/list/?who={case.organization.org_code.lower().replace('-', '')}")

    assert "项目登记：新添" in text
    assert "登录</a>" not in text


@pytest.mark.parametrize("tag", ["gadget:polish", "nothing", "project:unheard_of"])
@on_sqlite
def test_no_tag_and_no_key_is_ever_shown_as_it_is(client_for: ClientFor, db_session: Session, tag: str) -> None:
    sides = {"odd_key": ["x", {"odd_part": 1}], "asked_by_name": "演示"}
    event = noted(db_session, tag, before=sides, after={"odd_key": None, "status": "unknown"})
    auditor = client_for(Role.AUDITOR)

    for text in (page(auditor, "/audit/list/"), page(auditor, f"/audit/show/{event.id}")):
        assert "其他操作" not in text
        assert not {key for key in (f"（{tag}）", "odd_key", "odd_part", "asked_by_name") if key in text}


@on_sqlite
def test_every_act_and_object_of_the_trail_can_be_chosen(client_for: ClientFor, db_session: Session) -> None:
    kinds = ("project", "roles", "unit_works", "api_document")
    for kind in kinds:
        audit.record(db_session, ANONYMOUS, f"{kind}:unlock", kind, 1, now=NOW)
    db_session.commit()
    auditor = client_for(Role.AUDITOR)

    text = page(auditor, "/audit/list/")

    for kind in (*kinds, "user"):
        word = audit_words.OBJECTS[kind]
        assert re.search(rf'<option value="[a-z_]+"[^>]*>{word}</option>', text), word
    assert "项目登记：解锁（人工退回）" in re.findall(r"<option [^>]*>([^<]*)</option>", text)


@on_sqlite
def test_one_choice_finds_an_object_by_all_its_names(client_for: ClientFor, db_session: Session) -> None:
    of_table = audit.record(db_session, ANONYMOUS, "project:void", "project", 8, now=NOW)
    of_matrix = audit.record(db_session, ANONYMOUS, "projects:void", "projects", 8, now=NOW, result="refused")
    db_session.commit()
    auditor = client_for(Role.AUDITOR)

    for asked in ("kind=project", "kind=projects", "action=projects:void"):
        assert set(rows(page(auditor, f"/audit/list/?{asked}"))) == {of_table.id, of_matrix.id}


@on_sqlite
def test_what_was_refused_is_told_as_the_right_that_was_missing(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    project = builders.submitted_project(db_session, case.applicant)
    manager, auditor = client_for(Role.MANAGER), client_for(Role.AUDITOR)

    for path in (f"/projects/void/{project.id}", f"/projects/action/claim/{project.id}", "/projects/action/odd/1"):
        manager.send(path, {"reason": "演示"})
    db_session.rollback()

    told = set(db_session.scalars(select(AuditEvent.action).where(AuditEvent.result == "refused")))

    assert {"projects:void", "projects:claim"} <= told
    assert not [tag for tag in told if "odd" in tag]
    assert "其他" not in page(auditor, "/audit/list/?result=refused").split("<tbody", 1)[1].split("</tbody", 1)[0]


@on_sqlite
def test_a_value_is_named_as_the_input_of_its_object(app: Flask) -> None:
    with app.test_request_context():
        named = {kind: audit_values.label(kind, "name") for kind in ("project", "organization", "unit_work", "bureau")}

    assert named["project"] == "项目名称"
    assert named["organization"] == "单位名称"
    assert len(set(named.values())) == 4


@on_sqlite
def test_every_right_of_every_page_has_its_words(app: Flask) -> None:
    """A denial is told by the resource and the right of the permission matrix."""
    views = [view for view in app.extensions["appbuilder"].baseviews if view.class_permission_name.islower()]

    unnamed = {view.class_permission_name for view in views} - audit_words.OBJECTS.keys()
    rights = {right.removeprefix("can_") for view in views for right in view.base_permissions or ()}

    assert unnamed == set()
    assert rights - audit_words.ACTS.keys() == set()


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("export:numbers", "导出：编号登记簿"), ("export:reviews:written", "导出：审核记录"),
        ("import:projects", "导入：项目登记"), ("user:unlock", "解除锁定"), ("project:lapse", "项目登记：到期失效"),
    ],
)  # fmt: skip
@on_sqlite
def test_what_was_taken_out_or_in_is_named(app: Flask, tag: str, words: str) -> None:
    with app.test_request_context():
        assert audit_words.act(tag) == words


def roughly(tag: str) -> bool:
    """Whether a tag is told without words of its own."""
    return audit_words.act(tag).startswith("记录：") or audit_words.act(tag).endswith("：办理")


def sources() -> Mapping[str, str]:
    from config import ROOT

    return {path.name: path.read_text("utf-8") for path in (ROOT / "app" / "services").glob("*.py")}


def test_every_act_that_a_service_records_has_its_words(app: object) -> None:
    """The tags stand in the services as text; each is found in the table."""
    assert isinstance(app, Flask)
    text = "\n".join(sources().values())
    tags = set(re.findall(r'"([a-z_]+:[a-z_]+)"', text))
    tags |= {
        f"{kind}:{act}" for kind in ("project", "enterprise") for act in re.findall(r'f"\{kind\}:([a-z_]+)"', text)
    }

    with app.test_request_context():
        unknown = [tag for tag in sorted(tags - set(NOTICES)) if roughly(tag)]

    assert len(tags) > 40
    assert unknown == []


def test_every_change_of_a_kept_table_has_its_words(app: Flask) -> None:
    """Their tags are made of the table's name, so no text in the services shows them."""
    with app.test_request_context():
        for kept in KEPT.values():
            words = {audit_words.act(f"{kept.table.name}:{verb}") for verb in ("add", "edit", "delete")}
            assert len(words) == 3
            assert not any("草稿" in word or word.endswith("办理") for word in words), words
            assert kept.table.name in audit_words.OBJECTS


def test_nobody_changes_the_trail_here(client_for: ClientFor, db_session: Session) -> None:
    event = noted(db_session, "project:approve")
    auditor = client_for(Role.AUDITOR)

    for path in ("add", f"edit/{event.id}", f"delete/{event.id}", f"action/x/{event.id}", "action_post"):
        assert auditor.get(f"/audit/{path}").status_code in {404, 405}
        assert auditor.send(f"/audit/{path}").status_code in {404, 405}


def test_the_list_asks_as_often_whatever_its_length(
    client_for: ClientFor, db_session: Session, case: Case, counted: Counting
) -> None:
    auditor = client_for(Role.AUDITOR)
    page(auditor, "/audit/list/")
    with counted() as few:
        page(auditor, "/audit/list/")
    for _ in range(5):
        noted(db_session, "project:approve", organization_id=case.organization.id)
    with counted() as many:
        page(auditor, "/audit/list/")

    assert len(few) == len(many) <= 12
