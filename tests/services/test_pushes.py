"""报送台账: a refusal is staff work; sending again takes a reason, overwrites and never doubles."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.province_simulator import Mode, ProvinceSimulator
from app.domain.clock import FixedClock
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.pushes import REPLAY
from app.domain.terms import Kind, Role
from app.services import pushes, review
from models.audit import AuditEvent
from models.outbox import STATUSES, Outbox
from tests import builders
from tests.builders import NOW
from tests.databases import on_sqlite
from tests.outbox.provinces import a_province
from tests.services.to_the_province import deliver, push_of

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
