"""报送台账: a refusal is staff work; sending again takes a reason, overwrites and never doubles."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.cli.province_simulator import Mode, ProvinceSimulator
from app.domain.clock import FixedClock
from app.domain.errors import Invalid, NotFound, Refused, say
from app.domain.month import Month
from app.domain.permissions import Actor
from app.domain.pushes import REPLAY
from app.domain.terms import Kind, Role
from app.outbox.deliver import deliver_due
from app.outbox.parcel import Channel, DeliveryFailed, Parcel, Sender
from app.services import (
    administration,
    journey,
    matters,
    overview,
    pushes,
    pushing,
    reconcile,
    report,
    review,
    second_person,
)
from app.services import project as project_service
from models.audit import AuditEvent
from models.number import NumberRegister
from models.outbox import STATUSES, Outbox
from models.project import Project
from tests import builders
from tests.builders import NOW
from tests.databases import on_sqlite
from tests.outbox.provinces import a_province
from tests.services.to_the_province import deliver, push_of

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def province() -> Iterator[ProvinceSimulator]:
    with a_province(FixedClock(NOW)) as simulator:
        yield simulator


@pytest.fixture
def refused(session: Session, case: builders.Case, province: ProvinceSimulator) -> Outbox:
    province.mode, province.words = Mode.REFUSE, "BuildCorpCode 格式不正确"
    project = builders.approved_project(session, case)
    assert deliver(session, province, NOW) == {"failed": 1}
    return push_of(session, project)


def test_what_was_refused_goes_again_as_it_was(session, refused, first, province):
    province.mode = Mode.OK

    pushes.replay(session, first, refused.id, reason="省厅已更正单位库", now=LATER)
    assert deliver(session, province, LATER) == {"delivered": 1}

    session.refresh(refused)
    assert (refused.status, refused.attempts, refused.fence, refused.last_error) == ("delivered", 1, 2, None)
    assert [attempt.outcome for attempt in pushes.attempts_of(session, refused)] == ["acknowledged", "refused"]
    (delivery,) = province.register.deliveries()
    assert delivery["key"] == refused.dedup_key


@on_sqlite
def test_the_reason_stands_in_the_trail(session, refused, first):
    pushes.replay(session, first, refused.id, reason="省厅已更正单位库", now=LATER)

    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "push:replay"))
    assert (event.object_id, event.result, event.before["status"]) == (refused.id, "done", "failed")
    assert event.after["reason"] == "省厅已更正单位库"


def test_what_arrived_may_go_again_and_overwrites(session, case, first, province):
    project = builders.approved_project(session, case)
    deliver(session, province, NOW)

    pushes.replay(session, first, push_of(session, project).id, reason="对账发现省厅缺少", now=LATER)
    assert push_of(session, project).delivered_at is None
    deliver(session, province, LATER)

    (delivery,) = province.register.deliveries()
    assert delivery["times"] == 2
    assert push_of(session, project).status == "delivered"


@on_sqlite
def test_without_a_fitting_reason_nothing_happens(session, refused, first):
    for reason in ("", "  ", "长" * 501):
        with pytest.raises(Invalid):
            pushes.replay(session, first, refused.id, reason=reason, now=LATER)

    session.refresh(refused)
    assert refused.status == "failed"


def test_every_state_says_whether_it_may_go_again():
    assert set(REPLAY) == set(STATUSES)


@on_sqlite
def test_a_state_that_may_not_go_again_refuses_with_its_sentence(session, refused, first):
    for status, sentence in REPLAY.items():
        if sentence is None:
            continue
        refused.status = status
        session.commit()

        with pytest.raises(Refused, match=sentence):
            pushes.replay(session, first, refused.id, reason="演示", now=LATER)

        session.refresh(refused)
        assert refused.status == status


def test_an_older_version_never_goes_over_a_newer_one(session, case, first, second, province):
    project = builders.approved_project(session, case)
    deliver(session, province, NOW)
    old = push_of(session, project)
    session.add(
        Outbox(
            kind=old.kind, dedup_key=old.dedup_key.replace(":v1", ":v2"), payload=old.payload, status="queued",
            project_id=project.id, next_attempt_at=NOW, created_at=NOW,
        )
    )  # fmt: skip
    session.commit()

    with pytest.raises(Refused, match="旧内容"):
        pushes.replay(session, first, old.id, reason="演示", now=LATER)


@on_sqlite
def test_a_push_elsewhere_and_a_text_are_not_there(session, refused, first):
    text = session.scalars(select(Outbox).where(Outbox.kind == "sms")).first()
    elsewhere = builders.staff(session, Role.ADMINISTRATOR, bureau="320213")

    for actor, row in ((elsewhere, refused), (first, text)):
        with pytest.raises(NotFound):
            pushes.replay(session, actor, row.id, reason="演示", now=LATER)
    assert push_of(session, refused.project).status == "failed"


def test_a_refusal_is_staff_work_until_it_is_mended(session, refused, first, province):
    elsewhere = builders.staff(session, Role.ADMINISTRATOR, bureau="320213")
    assert session.scalars(pushes.refused(first)).all() == [refused.id]
    assert session.scalars(pushes.refused(elsewhere)).all() == []
    province.mode = Mode.OK

    pushes.replay(session, first, refused.id, reason="演示", now=LATER)

    assert session.scalars(pushes.refused(first)).all() == []


@on_sqlite
def test_a_record_that_a_code_of_the_new_edition_describes_is_taken_by_the_old_list(session, case, province):
    project = builders.approved_project(session, case, use_code="103", region_code="320281")

    assert deliver(session, province, NOW) == {"delivered": 1}
    assert province.register.deliveries()[0]["row"]["PrjFunctionNum"] == "100"
    assert push_of(session, project).payload["rule_version"]


@on_sqlite
def test_bulk_approvals_each_leave_one_push(session, case):
    records = [builders.submitted_project(session, case.applicant) for _ in range(3)]
    for record in records:
        builders.check_all(session, record, case.clerk)
        review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)

    assert sorted(push_of(session, record).dedup_key for record in records) == sorted(
        f"province:{record.number}:v1" for record in records
    )


# Outages, refusals and what a later version settles -----------------------------------------------------------


def away(parcel: Parcel) -> str:
    raise DeliveryFailed(say("away"), transient=True)


def refusing(parcel: Parcel) -> str:
    raise DeliveryFailed(say("003"), transient=False)


def passes(session: Session, sender: Sender, start: datetime, *, every: timedelta, times: int) -> None:
    """So many passes of the worker, one after the other."""
    session.rollback()
    clock = FixedClock(start)
    for _ in range(times):
        deliver_due(sessionmaker(session.get_bind()), {Channel.PROVINCE_PUSH: sender}, clock, chance=lambda: 0.5)
        clock.advance(every)
    session.expire_all()


@on_sqlite
def test_an_outage_of_days_is_no_refusal_and_is_sent_afterwards(session, case, first):
    project = builders.approved_project(session, case)
    session.execute(update(Outbox).where(Outbox.kind == Channel.PROVINCE_PUSH).values(attempts=2_000))
    session.commit()

    passes(session, away, NOW, every=timedelta(minutes=10), times=6)
    while_away = (push_of(session, project).status, journey.push_of(session, project).state)
    passes(session, lambda parcel: "OK", NOW + timedelta(hours=1), every=timedelta(minutes=15), times=2)

    assert while_away == ("queued", "waiting")
    assert session.scalars(pushes.refused(first)).all() == []
    assert (push_of(session, project).status, journey.push_of(session, project).state) == ("delivered", "received")


def corrected(session: Session, case: builders.Case, project: Project) -> None:
    """Unlocked, changed and approved again: version 2 is queued."""
    admin, other = builders.staff(session, Role.ADMINISTRATOR), builders.staff(session, Role.ADMINISTRATOR)
    ends = NOW + timedelta(days=9)
    asked = {"fields": ["contact_mobile"], "until": ends, "reason": "演示", "now": NOW, "limits": builders.LIMITS}
    act = administration.unlock(session, admin, Kind.PROJECT, project.id, **asked)
    second_person.confirm(session, other, act.id, now=NOW)
    project_service.save(session, case.applicant, project.id, {"contact_mobile": "13900000000"}, version=None, now=NOW)
    project_service.submit(session, case.applicant, project.id, declared=True, now=NOW, limits=builders.LIMITS)
    review.approve(session, case.reviewer, Kind.PROJECT, project.id, now=NOW)


def only_version(number: int) -> Sender:
    """A province that takes this version and refuses the others."""
    return lambda parcel: "OK" if parcel.payload["version"] == number else refusing(parcel)


def test_what_a_later_version_said_anew_is_no_work_any_more(session, case, first, manager):
    project = builders.approved_project(session, case)
    corrected(session, case, project)

    passes(session, only_version(2), NOW + timedelta(minutes=1), every=timedelta(minutes=1), times=2)

    assert session.scalars(pushes.refused(first)).all() == []
    assert [push.status for push in pushes.history_of(session, first, push_of(session, project))] == [
        "delivered", "superseded",
    ]  # fmt: skip
    assert overview.of_applicant(session, case.applicant, now=NOW).refused == []
    assert pushed(session, manager) == (1, 0)


@on_sqlite
def test_a_refusal_that_was_written_beside_a_later_version_is_no_work_either(session, case, first, manager):
    project = builders.approved_project(session, case)
    corrected(session, case, project)
    session.execute(update(Outbox).where(Outbox.dedup_key.endswith(":v1")).values(status="failed"))
    session.commit()

    assert session.scalars(pushes.refused(first)).all() == []
    assert pushed(session, manager) == (0, 0)


@on_sqlite
def test_a_deletion_settles_what_was_refused_before_it(session, case, first):
    project = builders.approved_project(session, case)
    passes(session, refusing, NOW, every=HOUR, times=1)

    pushing.push_deletion(session, project, now=LATER)
    session.commit()

    assert session.scalars(pushes.refused(first)).all() == []


@on_sqlite
def test_what_we_did_not_send_ourselves_is_work_and_no_refusal_of_the_province(session, case, first, province):
    project = builders.approved_project(session, case)
    payload = {**push_of(session, project).payload, "number": ""}
    push_of(session, project).payload = payload
    session.commit()

    assert deliver(session, province, NOW) == {"failed": 1}

    (attempt,) = pushes.attempts_of(session, push_of(session, project))
    assert attempt.outcome == "failed"
    assert journey.push_of(session, project) == journey.Push("waiting")
    assert len(session.scalars(pushes.refused(first)).all()) == 1
    assert overview.of_applicant(session, case.applicant, now=NOW).refused == []


# A replay takes nothing back ----------------------------------------------------------------------------------


@pytest.fixture
def manager(session: Session) -> Actor:
    return builders.staff(session, Role.MANAGER)


def pushed(session: Session, manager: Actor, month: int = 11) -> tuple[int, int]:
    """报省成功 and 报省失败 of a month, counted late."""
    session.expire_all()
    figures = report.monthly(session, manager, "320281", Month(2026, month), now=NOW + timedelta(days=60)).figures
    return int(figures.total().value("push_done")), int(figures.total().value("push_failed"))


@pytest.mark.parametrize(
    "sender", [None, away, refusing, lambda parcel: "OK"], ids=["waits", "away", "refused", "taken"]
)
def test_what_was_acknowledged_stays_so_when_it_is_sent_again(session, case, first, manager, sender):
    project = builders.approved_project(session, case)
    passes(session, lambda parcel: "OK", NOW, every=HOUR, times=1)
    before = pushed(session, manager)

    pushes.replay(session, first, push_of(session, project).id, reason="演示", now=NOW + timedelta(days=20))
    if sender is not None:
        passes(session, sender, NOW + timedelta(days=20), every=HOUR, times=2)

    assert before == pushed(session, manager) == (1, 0)
    assert pushed(session, manager, 12) == (0, 0)
    assert matters._is_received(session, project.id)
    assert journey.push_of(session, project).state == ("refused" if sender is refusing else "received")


@on_sqlite
def test_a_replay_does_not_shorten_what_is_compared(session, case, first):
    project = builders.approved_project(session, case)
    passes(session, lambda parcel: "OK", NOW, every=HOUR, times=1)

    pushes.replay(session, first, push_of(session, project).id, reason="演示", now=NOW + timedelta(days=20))
    passes(session, lambda parcel: "OK", NOW + timedelta(days=20), every=HOUR, times=1)

    assert reconcile._first_day(session, Channel.PROVINCE_PUSH) == NOW.date()


@on_sqlite
def test_a_correction_of_an_imported_number_closes_no_matter(session, case):
    project = builders.approved_project(session, case)
    session.execute(update(NumberRegister).where(NumberRegister.project_id == project.id).values(origin="imported"))
    session.commit()

    assert matters._is_received(session, project.id)
