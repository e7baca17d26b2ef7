"""Reference data is kept by its administrators alone, each change with its trace, nobody's overwritten."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.permissions import ROOT_ONLY, Actor
from app.domain.terms import Role
from app.seeds import demo
from app.services import upkeep
from app.services.kept import KEPT, Kept
from models.audit import AuditEvent
from models.bureau import Contact
from models.calendar import CalendarOverride
from models.dictionary import ReturnReason
from tests import builders
from tests.builders import LIMITS, NOW
from tests.databases import on_sqlite

NEW: dict[str, dict[str, object]] = {
    "bureaus": {"code": "320299", "name": "演示开发区建设局", "parent_id": "1", "region_code": "320299"},
    "regions": {"code": "320299", "name": "演示区", "parent_code": "320200", "valid_from": "2026-01-01"},
    "dictionaries": {
        "kind": "use_code", "code": "998", "label_zh": "演示用途", "label_en": "Demo use", "parent_code": "01",
        "edition": "2018", "is_active": "y",
    },
    "required_documents": {
        "record_kind": "project", "slot": "demo_paper", "label_zh": "演示材料", "label_en": "Demo paper",
        "min_count": "0", "max_count": "2",
    },
    "return_reasons": {"code": "demo", "label_zh": "演示原因", "label_en": "Demo reason", "is_active": "y"},
    "matter_items": {
        "matter": "tender", "label_zh": "演示材料", "label_en": "Demo paper", "is_required": "y", "is_active": "y",
    },
    "contacts": {"person": "演示联系人", "phones": "0510-86071119、86071120"},
    "calendar": {"day": "2026-12-31", "is_working_day": "free", "reason": "演示通知"},
}  # fmt: skip
ANOTHER_WORD = {
    "bureaus": "name", "regions": "name", "dictionaries": "label_zh", "required_documents": "label_zh",
    "return_reasons": "label_zh", "contacts": "person", "calendar": "reason",
    "matter_items": "label_zh",
}  # fmt: skip


@pytest.fixture
def root(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR, bureau="320200")


@pytest.fixture
def local(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def values_for(session: Session, resource: str) -> dict[str, object]:
    """Good input of a new row, with a bureau where one is asked for."""
    here = {"contacts": {"bureau_id": str(builders.a_bureau(session).id)}}.get(resource, {})
    if resource == "bureaus":
        here = {"parent_id": str(builders.a_bureau(session, "320200").id)}
    return {**NEW[resource], **here}


def add(session: Session, actor: Actor, resource: str, **different: object) -> Any:
    if resource == "bureaus":
        upkeep.add(session, actor, KEPT["regions"], NEW["regions"], now=NOW, limits=LIMITS)
    values = {**values_for(session, resource), **different}
    return upkeep.add(session, actor, KEPT[resource], values, now=NOW, limits=LIMITS)


def again(session: Session, actor: Actor) -> Actor:
    """The person at the next request: a new bureau is within reach then."""
    return demo.actor_of(session, actor.username)


def form_of(kept: Kept, row: Any) -> dict[str, object]:
    return {**upkeep.values_of(kept, row)}


@pytest.mark.parametrize("resource", KEPT)
def test_a_row_is_added_and_changed_with_its_trace(session: Session, root: Actor, resource: str) -> None:
    kept, column = KEPT[resource], ANOTHER_WORD[resource]
    row = add(session, root, resource)
    root = again(session, root)
    before = getattr(row, column)

    changed = {**form_of(kept, row), column: "改过的名称"}
    upkeep.change(session, root, kept, row.id, changed, upkeep.version_of(kept, row), now=NOW, limits=LIMITS)

    events = session.scalars(select(AuditEvent).where(AuditEvent.object_type == kept.table.name)).all()
    traced = [(event.action, event.object_id, event.result) for event in events if event.object_id == row.id]
    assert getattr(row, column) == "改过的名称"
    assert traced == [(f"{kept.table.name}:{verb}", row.id, "done") for verb in ("add", "edit")]
    assert (events[-1].before[column], events[-1].after[column]) == (before, "改过的名称")  # type: ignore[index]


@pytest.mark.parametrize("resource", KEPT)
def test_a_form_drawn_before_another_change_is_a_conflict_and_overwrites_nothing(
    session: Session, root: Actor, resource: str
) -> None:
    kept, column = KEPT[resource], ANOTHER_WORD[resource]
    row = add(session, root, resource)
    root = again(session, root)
    form, seen = form_of(kept, row), upkeep.version_of(kept, row)
    upkeep.change(session, root, kept, row.id, {**form, column: "别人改的"}, seen, now=NOW, limits=LIMITS)

    with pytest.raises(Conflict):
        upkeep.change(session, root, kept, row.id, {**form, column: "我改的名称"}, seen, now=NOW, limits=LIMITS)

    session.refresh(row)
    assert getattr(row, column) == "别人改的"


@on_sqlite
@pytest.mark.parametrize("resource", KEPT)
def test_saving_what_is_there_leaves_no_trace(session: Session, root: Actor, resource: str) -> None:
    kept = KEPT[resource]
    row = add(session, root, resource)
    root = again(session, root)

    upkeep.change(session, root, kept, row.id, form_of(kept, row), upkeep.version_of(kept, row), now=NOW, limits=LIMITS)

    actions = set(session.scalars(select(AuditEvent.action).where(AuditEvent.object_id == row.id)))
    assert f"{kept.table.name}:edit" not in actions


@on_sqlite
@pytest.mark.parametrize("resource", sorted({resource for resource in KEPT if KEPT[resource].unique}))
def test_a_second_row_of_the_same_code_is_told_at_the_code(session: Session, root: Actor, resource: str) -> None:
    kept = KEPT[resource]
    row = add(session, root, resource)
    different = {"region_code": "320282"} if resource == "bureaus" else {}

    with pytest.raises(Invalid) as refused:
        upkeep.add(session, root, kept, {**form_of(kept, row), **different}, now=NOW, limits=LIMITS)

    assert {problem.field for problem in refused.value.problems} <= {kept.unique[-1], "region_code"}


@on_sqlite
@pytest.mark.parametrize("resource", sorted({resource for resource in KEPT if KEPT[resource].fixed}))
def test_what_is_fixed_stays_whatever_is_sent(session: Session, root: Actor, resource: str) -> None:
    kept = KEPT[resource]
    row = add(session, root, resource)
    root = again(session, root)
    before = {name: getattr(row, name) for name in kept.fixed}
    forged = {**form_of(kept, row), **dict.fromkeys(kept.fixed, "other")}

    upkeep.change(session, root, kept, row.id, forged, upkeep.version_of(kept, row), now=NOW, limits=LIMITS)

    assert {name: getattr(row, name) for name in kept.fixed} == before


# Who keeps it ------------------------------------------------------------------------------------------

OTHERS = [role for role in Role if role is not Role.ADMINISTRATOR]


@on_sqlite
@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("resource", KEPT)
def test_nobody_but_administrators_adds_changes_or_removes(session: Session, resource: str, role: Role) -> None:
    other = builders.staff(session, role, bureau="320200")
    doors: list[Callable[[], Any]] = [
        lambda: upkeep.add(session, other, KEPT[resource], values_for(session, resource), now=NOW, limits=LIMITS),
        lambda: upkeep.change(
            session, other, KEPT[resource], 1, values_for(session, resource), 1, now=NOW, limits=LIMITS
        ),
        lambda: upkeep.remove(session, other, KEPT[resource], 1, now=NOW, limits=LIMITS),
    ]

    for door in doors:
        with pytest.raises(Refused):
            door()

    refused = select(AuditEvent).where(AuditEvent.actor_id == other.user_id, AuditEvent.result == "refused")
    assert len(session.scalars(refused).all()) == len(doors)


@on_sqlite
@pytest.mark.parametrize("resource", sorted(ROOT_ONLY & set(KEPT)))
def test_an_administrator_below_the_root_changes_nothing_that_all_work_by(
    session: Session, root: Actor, local: Actor, resource: str
) -> None:
    row = add(session, root, resource)

    with pytest.raises(Refused) as added:
        upkeep.add(session, local, KEPT[resource], values_for(session, resource), now=NOW, limits=LIMITS)
    with pytest.raises(Refused):
        upkeep.change(session, local, KEPT[resource], row.id, form_of(KEPT[resource], row), 1, now=NOW, limits=LIMITS)

    assert str(added.value.sentence) == "这项内容由市级管理员维护。"


@on_sqlite
@pytest.mark.parametrize("resource", sorted(set(KEPT) - {"contacts", "calendar"}))
def test_what_records_may_point_at_is_never_deleted(session: Session, root: Actor, resource: str) -> None:
    with pytest.raises(Refused):
        upkeep.remove(session, root, KEPT[resource], 1, now=NOW, limits=LIMITS)


def test_contacts_are_kept_by_their_own_bureau_and_those_above(session: Session, root: Actor, local: Actor) -> None:
    here = add(session, local, "contacts")
    wuxi = session.scalars(select(Contact.id).where(Contact.bureau_id == builders.a_bureau(session, "320200").id)).one()

    upkeep.remove(session, root, KEPT["contacts"], here.id, now=NOW, limits=LIMITS)
    with pytest.raises(NotFound):
        upkeep.remove(session, local, KEPT["contacts"], wuxi, now=NOW, limits=LIMITS)

    assert wuxi in set(session.scalars(select(Contact.id)))


def test_a_contact_is_not_put_under_a_bureau_out_of_reach(session: Session, local: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, local, "contacts", bureau_id=str(builders.a_bureau(session, "320213").id))

    assert [problem.field for problem in refused.value.problems] == ["bureau_id"]


@on_sqlite
def test_a_removed_row_stays_in_the_trail(session: Session, root: Actor) -> None:
    row = add(session, root, "calendar")

    upkeep.remove(session, root, KEPT["calendar"], row.id, now=NOW, limits=LIMITS)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "calendar_override:delete")).one()
    assert session.scalars(select(CalendarOverride)).all() == []
    assert (event.before["day"], event.before["reason"]) == ("2026-12-31", "演示通知")  # type: ignore[index]


@on_sqlite
def test_an_order_that_is_not_given_is_the_first(session: Session, root: Actor) -> None:
    assert add(session, root, "return_reasons").sort == 0
    assert isinstance(session.scalars(select(ReturnReason).where(ReturnReason.code == "demo")).one(), ReturnReason)
