"""The counter: originals beside scans, the return that a mismatch opens, and who may take the number."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.permissions import Actor
from app.domain.terms import OriginalResult, Role, Status
from app.services import calls, counter, counter_queue, originals
from app.services.counter import Finding
from models.audit import AuditEvent
from models.hand_over import HandOver
from models.mandate import Mandate
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.project import Project
from models.review import Review
from models.types import use_keys
from tests.builders import (
    AGENT_MOBILE,
    DAY,
    MOBILE,
    NOW,
    Case,
    a_case,
    attach,
    check_all,
    draft_project,
    mandate_of,
    staff,
    submitted_project,
)
from tests.databases import TEST_KEY, on_sqlite

NEWER_KEY = b"another key, in front of the first one: 32+"
Found = dict[int, Finding] | None
MATCH, DIFFERS, MISSING = OriginalResult.MATCH, OriginalResult.DIFFERS, OriginalResult.MISSING


@pytest.fixture
def case(session: Session) -> Case:
    return a_case(session)


@pytest.fixture
def project(session: Session, case: Case) -> Project:
    return submitted_project(session, case.applicant)


@pytest.fixture
def letter(session: Session, case: Case) -> Mandate:
    return mandate_of(session, case.organization.id, case.clerk)


def all_matching(session: Session, project: Project) -> dict[int, Finding]:
    return {scan.id: Finding(MATCH) for scan in originals.scans_to_check(session, project)}


def check(
    session: Session,
    actor: Actor,
    project: Project,
    letter: Mandate | None,
    found: Found = None,
    at: datetime = NOW,
) -> None:
    """Check the originals; every one matches unless `found` says otherwise."""
    found = all_matching(session, project) if found is None else found
    counter.check_originals(session, actor, project.id, letter.id if letter else None, found, now=at)


def counted(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model))


def nothing_changed(session: Session, project: Project) -> bool:
    session.rollback()
    session.refresh(project)
    untouched = (counted(session, OriginalsCheck), counted(session, HandOver)) == (0, 0)
    return untouched and session.scalar(select(Review).where(Review.project_id == project.id)) is None


# Finding --------------------------------------------------------------------------------------


@on_sqlite
def test_a_mobile_is_found_while_keys_change(session: Session, case: Case, project: Project) -> None:
    assert project in counter.find(session, case.clerk, AGENT_MOBILE)

    for ring in ((NEWER_KEY, TEST_KEY), (b"a third key, in front of both: 32 bytes+", NEWER_KEY, TEST_KEY)):
        use_keys(*ring)
        session.expire_all()

        assert project in counter.find(session, case.clerk, AGENT_MOBILE)
        assert calls.find(session, case.clerk, AGENT_MOBILE) == [case.organization]
        assert calls.find(session, case.clerk, MOBILE) == [case.organization]


# Originals ------------------------------------------------------------------------------------


def test_matching_originals_are_recorded_with_agent_clerk_and_hash(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    check(session, case.clerk, project, letter)

    rows = session.scalars(select(OriginalsCheck)).all()
    assert {(r.result, r.mandate_id, r.checked_by_id) for r in rows} == {("match", letter.id, case.clerk.user_id)}
    assert {r.sha256 for r in rows} == {s.sha256 for s in originals.scans_to_check(session, project)}
    assert (project.status, originals.are_checked(session, project)) == (Status.SUBMITTED, True)


def test_a_mismatch_returns_the_project_with_those_items_at_once(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    attach(session, project, "other")
    certificate, document, other = originals.scans_to_check(session, project)
    found = {
        certificate.id: Finding(MATCH),
        document.id: Finding(DIFFERS, "缺第 2 页"),
        other.id: Finding(MISSING),
    }
    messages = session.scalars(select(Outbox.id).where(Outbox.kind == "sms")).all()

    check(session, case.clerk, project, letter, found)

    review = session.scalars(select(Review).where(Review.project_id == project.id)).one()
    assert (project.status, review.decision, review.stage) == (Status.RETURNED, "return", "counter")
    assert [(i.target, i.target_kind, i.reason_code) for i in review.return_items] == [
        ("approval_document", "slot", "original_differs"),
        ("other", "slot", "original_missing"),
    ]
    assert "缺第 2 页" in review.return_items[0].instruction
    sent = session.scalars(select(Outbox).where(Outbox.kind == "sms", Outbox.id.not_in(messages))).all()
    assert [(row.project_id, row.dedup_key) for row in sent] == [(project.id, f"sms:project:return:review-{review.id}")]


def test_a_return_at_the_counter_is_written_down_as_the_clerks(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    found = {scan.id: Finding(MISSING) for scan in originals.scans_to_check(session, project)}

    check(session, case.clerk, project, letter, found)

    events = session.scalars(select(AuditEvent).where(AuditEvent.object_id == project.id).order_by(AuditEvent.id))
    last = [(e.action, e.result, e.actor_id) for e in events if e.object_type == "project"][-2:]
    assert last == [
        ("project:check_originals", "done", case.clerk.user_id),
        ("project:return", "done", case.clerk.user_id),
    ]


def test_a_mismatch_of_an_enterprise_scan_is_an_item_of_the_project(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    found = all_matching(session, project)
    found[next(iter(found))] = Finding(DIFFERS)

    check(session, case.clerk, project, letter, found)

    review = session.scalars(select(Review).where(Review.project_id == project.id)).one()
    assert [item.target for item in review.return_items] == ["org_code_certificate"]
    assert "企业信息" in review.return_items[0].instruction


def test_scans_seen_before_need_no_second_look(session: Session, case: Case, letter: Mandate) -> None:
    check_all(session, submitted_project(session, case.applicant), case.clerk)
    project = submitted_project(session, case.applicant)
    own = {s.id: Finding(MATCH) for s in originals.scans_to_check(session, project) if s.project_id}

    check(session, case.clerk, project, letter, own)

    assert originals.are_checked(session, project) is True


@pytest.mark.parametrize("dropped", [0, 1], ids=["the enterprise's", "the project's"])
def test_a_scan_without_a_finding_is_named(
    session: Session, case: Case, project: Project, letter: Mandate, dropped: int
) -> None:
    found = all_matching(session, project)
    missing = list(found)[dropped]
    del found[missing]

    with pytest.raises(Invalid) as refusal:
        check(session, case.clerk, project, letter, found)

    assert [p.field for p in refusal.value.problems] == [f"originals-{missing}"]
    assert nothing_changed(session, project)


def test_a_scan_last_found_to_differ_is_looked_at_again(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    found = all_matching(session, project)
    document = list(found)[1]
    check(session, case.clerk, project, letter, {**found, document: Finding(DIFFERS)})
    project.status = Status.SUBMITTED
    session.commit()

    with pytest.raises(Invalid) as refusal:
        check(session, case.clerk, project, letter, {})

    assert [p.field for p in refusal.value.problems] == [f"originals-{document}"]


def test_a_finding_for_a_scan_that_was_replaced_is_refused(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    found = all_matching(session, project)
    former = originals.scans_to_check(session, project)[1]
    later = attach(session, project, former.slot)
    former.superseded_at = NOW
    session.commit()

    with pytest.raises(Invalid) as refusal:
        check(session, case.clerk, project, letter, found)

    assert {p.field for p in refusal.value.problems} == {f"originals-{later.id}", f"originals-{former.id}"}
    assert nothing_changed(session, project)


def test_a_note_too_long_is_refused_at_the_note(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    found = all_matching(session, project)
    first = next(iter(found))
    found[first] = Finding(DIFFERS, "演" * (counter.NOTE_LIMIT + 1))

    with pytest.raises(Invalid) as refusal:
        check(session, case.clerk, project, letter, found)

    assert [p.field for p in refusal.value.problems] == [f"originals-{first}-note"]


def test_the_longest_note_and_name_fit_into_the_return_item(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    scan = originals.scans_to_check(session, project)[0]
    scan.original_name = "演" * 251 + ".pdf"
    session.commit()
    found = {**all_matching(session, project), scan.id: Finding(DIFFERS, "演" * counter.NOTE_LIMIT)}

    check(session, case.clerk, project, letter, found)

    assert project.status == Status.RETURNED


# The letter -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "different",
    [
        {"valid_from": NOW.date() - 9 * DAY, "valid_to": NOW.date() - DAY},
        {"valid_from": NOW.date() + DAY},
        {"revoked_at": NOW - DAY},
    ],
    ids=["expired", "not yet valid", "revoked"],
)
def test_a_letter_that_does_not_hold_today_is_refused(
    session: Session, case: Case, project: Project, different: dict[str, object]
) -> None:
    letter = mandate_of(session, case.organization.id, case.clerk, **different)

    with pytest.raises(Invalid) as refusal:
        check(session, case.clerk, project, letter)

    assert [p.field for p in refusal.value.problems] == ["mandate_id"]
    assert nothing_changed(session, project)


def test_a_letter_holds_on_its_last_day_by_the_clock_on_the_wall(
    session: Session, case: Case, project: Project
) -> None:
    last = mandate_of(session, case.organization.id, case.clerk, valid_to=NOW.date())
    evening = NOW + timedelta(hours=13, minutes=59)  # 23:59 in Shanghai
    found = all_matching(session, project)

    check(session, case.clerk, project, last, found, evening)
    with pytest.raises(Invalid):
        check(session, case.clerk, project, last, found, evening + timedelta(minutes=1))


def test_a_letter_of_another_organization_is_refused(session: Session, case: Case, project: Project) -> None:
    foreign = mandate_of(session, a_case(session).organization.id, case.clerk)

    with pytest.raises(Invalid) as refusal:
        check(session, case.clerk, project, foreign)

    assert [p.field for p in refusal.value.problems] == ["mandate_id"]
    assert nothing_changed(session, project)


def test_without_a_letter_all_that_is_missing_is_told_at_once(session: Session, case: Case, project: Project) -> None:
    with pytest.raises(Invalid) as refusal:
        check(session, case.clerk, project, None, {})

    scans = [f"originals-{scan.id}" for scan in originals.scans_to_check(session, project)]
    assert [p.field for p in refusal.value.problems] == ["mandate_id", *scans]


# Who and when ---------------------------------------------------------------------------------


def test_a_clerk_of_another_bureau_finds_nothing(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    elsewhere = staff(session, Role.COUNTER_CLERK, bureau="320213")

    with pytest.raises(NotFound):
        check(session, elsewhere, project, letter)

    assert counter.find(session, elsewhere, project.name) == []
    assert counter_queue.to_check(session, elsewhere) == []
    assert nothing_changed(session, project)


def test_a_clerk_of_the_bureau_above_may_act(session: Session, project: Project, letter: Mandate) -> None:
    above = staff(session, Role.COUNTER_CLERK, bureau="320200")

    check(session, above, project, letter)

    assert originals.are_checked(session, project) is True


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COUNTER_CLERK, Role.APPLICANT, Role.AUDITOR}))
def test_nobody_but_a_clerk_checks_originals(session: Session, project: Project, letter: Mandate, role: Role) -> None:
    with pytest.raises((Refused, NotFound)):
        check(session, staff(session, role), project, letter)

    assert nothing_changed(session, project)


def test_a_clerk_does_not_serve_the_own_organization(
    session: Session, case: Case, project: Project, letter: Mandate
) -> None:
    own = Actor(**{**vars(case.clerk), "organization_id": case.organization.id})

    with pytest.raises(Refused):
        check(session, own, project, letter)


def test_a_draft_has_nothing_to_check(session: Session, case: Case, letter: Mandate) -> None:
    project = draft_project(session, case.applicant)

    with pytest.raises(Refused):
        check(session, case.clerk, project, letter)


@pytest.mark.parametrize("typed", ["演示　经办人", "演示 经办人", "演示经办人\u200b"])
def test_the_agent_is_known_in_any_spelling(
    session: Session, case: Case, project: Project, letter: Mandate, typed: str
) -> None:
    found = all_matching(session, project)

    counter.check_originals(session, case.clerk, project.id, letter.id, found, presented_by=typed, now=NOW)

    assert originals.last_visit(session, project).presented_by == letter.agent_name


def test_the_legal_representative_comes_without_a_letter(session: Session, case: Case, project: Project) -> None:
    found = all_matching(session, project)

    counter.check_originals(session, case.clerk, project.id, None, found, presented_by="演示 法人", now=NOW)

    visit = originals.last_visit(session, project)
    assert (visit.mandate_id, visit.presented_by) == (None, "演示 法人")
    assert originals.are_checked(session, project) is True


@pytest.mark.parametrize("who", ["", "演示路人", "　"])
def test_nobody_else_comes_without_a_letter(session: Session, case: Case, project: Project, who: str) -> None:
    found = all_matching(session, project)

    with pytest.raises(Invalid) as refusal:
        counter.check_originals(session, case.clerk, project.id, None, found, presented_by=who, now=NOW)

    assert [problem.field for problem in refusal.value.problems] == ["mandate_id"]
    assert nothing_changed(session, project)
