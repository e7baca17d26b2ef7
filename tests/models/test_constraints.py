"""Rules of shape that the database holds even when a service forgets them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Assignment, Model, NumberCounter, Outbox, Project, RequiredDocument
from tests.models import rows


def _held(record: Project, **values: Any) -> Assignment:
    return Assignment(project=record, assignee=record.created_by, claimed_at=rows.NOW, **values)


def _queued(**values: Any) -> Outbox:
    defaults = {
        "kind": "sms",
        "dedup_key": "演示",
        "payload": {"to": "13800000000"},
        "next_attempt_at": rows.NOW,
        "created_at": rows.NOW,
    }
    return Outbox(**defaults | values)


def _counter(last_sequence: int) -> NumberCounter:
    return NumberCounter(
        region_code="320281", issued_on=date(2016, 1, 10), category_code="01", last_sequence=last_sequence
    )


def _slot_for_all(slot: str) -> RequiredDocument:
    return RequiredDocument(
        record_kind="project", slot=slot, label_zh="演示", label_en="Demo", min_count=0, max_count=1
    )


def _numbered(number: str, **values: Any) -> Project:
    return rows.project(number=number, numbered_at=rows.NOW, status="approved", approval_key="k" * 64, **values)


def _refused(session: Session, *wrong: Model) -> str:
    session.add_all(wrong)
    with pytest.raises(IntegrityError) as caught:
        session.commit()
    session.rollback()
    return str(caught.value.orig)


WRONG_PROJECTS: dict[str, dict[str, Any]] = {
    "project_status_is_known": {"status": "lost"},
    "project_approval_kind_is_known": {"approval_kind": "guess"},
    "project_region_code_has_6_digits": {"region_code": "3202"},
    "project_finish_is_not_before_start": {
        "planned_start_on": date(2016, 3, 2),
        "planned_finish_on": date(2016, 3, 1),
    },
    "project_investment_is_positive": {"investment_10k_cny": Decimal(0)},
    "project_floor_area_is_not_negative": {"floor_area_m2": Decimal("-0.01")},
    "project_state_funding_is_a_percentage": {"state_funding_percent": Decimal("100.01")},
    "project_longitude_is_on_earth": {"longitude": Decimal("180.0000001")},
    "approved_project_has_a_number": {"status": "approved"},
    "project_number_has_its_instant_of_issue": {"number": "3202811601100101"},
}


@pytest.mark.parametrize(("rule", "values"), WRONG_PROJECTS.items(), ids=WRONG_PROJECTS.keys())
def test_a_project_that_breaks_a_rule_is_refused_by_name(session: Session, rule: str, values: dict[str, Any]) -> None:
    assert rule in _refused(session, rows.project(**values))


WRONG_ROWS: dict[str, Callable[[Project], Model]] = {
    "attachment_belongs_to_exactly_one_record": lambda record: rows.attachment(record, project=None),
    "attachment_with_a_successor_is_superseded": lambda record: rows.attachment(
        record, superseded_by=rows.attachment(record)
    ),
    "attachment_is_not_empty": lambda record: rows.attachment(record, size_bytes=0),
    "submission_sequence_counts_from_one": lambda record: rows.submission(record, sequence=0),
    "assignment_is_not_released_before_it_is_claimed": lambda record: _held(record, released_at=rows.later(-1)),
    "number_sequence_is_1_to_99": lambda record: rows.issued_number(record, number="3" * 16, sequence=100),
    "number_issued_here_has_16_digits": lambda record: rows.issued_number(record, number="320281160110010"),
    "number_issued_here_has_its_project_and_organization": lambda record: rows.issued_number(record, project=None),
    "voided_number_has_its_instant": lambda record: rows.issued_number(record, status="voided", voided_reason="演示"),
    "voided_number_has_a_reason": lambda record: rows.issued_number(record, status="voided", voided_at=rows.NOW),
    "number_counter_stays_within_99_a_day": lambda _record: _counter(100),
    "outbox_kind_is_known": lambda _record: _queued(kind="fax"),
    "outbox_delivered_has_its_instant": lambda _record: _queued(status="delivered"),
    "organization_unit_kind_is_known": lambda _record: rows.organization(unit_kind="club"),
    "required_document_counts_are_a_range": lambda _record: RequiredDocument(
        record_kind="project", slot="x", label_zh="演示", label_en="Demo", min_count=2, max_count=1
    ),
}


@pytest.mark.parametrize(("rule", "wrong"), WRONG_ROWS.items(), ids=WRONG_ROWS.keys())
def test_a_row_that_breaks_a_rule_is_refused_by_name(
    session: Session, rule: str, wrong: Callable[[Project], Model]
) -> None:
    record = rows.project()
    session.add(record)
    session.commit()

    with session.no_autoflush:
        broken = wrong(record)

    assert rule in _refused(session, broken)


def test_one_reviewer_holds_a_record_until_it_is_released(session: Session) -> None:
    record = rows.project()
    session.add(_held(record))
    session.commit()

    _refused(session, _held(record))
    record.assignments[0].released_at = rows.later()
    session.add(_held(record))
    session.commit()

    assert len(record.assignments) == 2


def test_an_approval_document_is_numbered_once(session: Session) -> None:
    session.add(_numbered("3202811601100101"))
    session.commit()

    _refused(session, _numbered("3202811601100102"))


@pytest.mark.parametrize(
    "second",
    [
        pytest.param({"number": None, "numbered_at": None, "status": "submitted"}, id="not yet numbered"),
        pytest.param({"status": "voided"}, id="void"),
        pytest.param({"duplicate_allowed": True}, id="allowed by two persons"),
        pytest.param({"approval_key": "other"}, id="another approval document"),
    ],
)
def test_the_same_approval_may_stand_on_a_project_that_does_not_count(session: Session, second: dict[str, Any]) -> None:
    session.add_all([_numbered("3202811601100101"), rows.project(**_values_of_second(second))])

    session.commit()


def _values_of_second(values: dict[str, Any]) -> dict[str, Any]:
    numbered = {
        "number": "3202811601100102",
        "numbered_at": rows.NOW,
        "status": "approved",
        "approval_key": "k" * 64,
    }
    return numbered | values


def test_a_number_stands_once_in_the_register_and_its_place_is_taken_once(session: Session) -> None:
    record = rows.project()
    session.add(rows.issued_number(record))
    session.commit()

    same_number = _refused(session, rows.issued_number(record, sequence=2, number="3202811601100101"))
    same_place = _refused(session, rows.issued_number(record, number="3202811601100109"))

    assert "number" in same_number
    named = ("sequence", "number_is_issued_once", "number_register_is_never_replaced")
    assert any(name in same_place for name in named)


def test_a_scan_slot_for_all_unit_kinds_stands_once(session: Session) -> None:
    session.add(_slot_for_all("demo"))
    session.commit()

    _refused(session, _slot_for_all("demo"))


def test_two_accounts_do_not_differ_by_case_only(session: Session) -> None:
    session.add(rows.user(username="Admin.Demo"))
    session.commit()

    _refused(session, rows.user(username="admin.demo"))
