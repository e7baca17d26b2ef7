"""How what waits for a second person ends: a repeat allowed, refused, overtaken, or run out of time."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, Refused
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role, Status
from app.services import administration, calendar, counter, project, review, second_person
from models.number import NumberRegister
from models.pending_act import PendingAct
from models.project import Project
from tests import builders
from tests.builders import DAY, LIMITS, NOW
from tests.services.two_people import LATER, ask_void, confirm, refuse, stored


@pytest.fixture
def record(session: Session, case: builders.Case) -> Project:
    return builders.approved_project(session, case)


# A repeated approval document -----------------------------------------------------------------------------------


@pytest.fixture
def repeat(session: Session, case: builders.Case) -> Project:
    """A project that waits for its review with a document that is numbered already."""
    same = {"approval_document_number": "澄发改投〔2026〕演示99号"}
    builders.approved_project(session, case, **same)
    record = builders.submitted_project(session, case.applicant, **same)
    builders.check_all(session, record, case.clerk)
    return record


def test_a_repeat_is_approved_once_two_people_allow_it(
    session: Session, case: builders.Case, repeat: Project, first: Actor, second: Actor
) -> None:
    with pytest.raises(Refused, match="该立项已发号"):
        review.approve(session, case.reviewer, Kind.PROJECT, repeat.id, now=NOW)
    act = administration.allow_duplicate(session, first, repeat.id, reason="演示：分期建设", now=NOW, limits=LIMITS)
    with pytest.raises(Refused, match="该立项已发号"):
        review.approve(session, case.reviewer, Kind.PROJECT, repeat.id, now=NOW)

    second_person.confirm(session, second, act.id, now=LATER)
    review.approve(session, case.reviewer, Kind.PROJECT, repeat.id, now=LATER)

    session.expire_all()
    assert (repeat.status, repeat.duplicate_allowed) == (Status.APPROVED, True)
    assert len({row.number for row in session.scalars(select(NumberRegister))}) == 2


def test_an_allowed_repeat_is_for_that_document_only(
    session: Session, case: builders.Case, repeat: Project, first: Actor, second: Actor
) -> None:
    builders.approved_project(session, case, approval_document_number="澄发改投〔2026〕演示98号")
    act = administration.allow_duplicate(session, first, repeat.id, reason="演示", now=NOW, limits=LIMITS)
    second_person.confirm(session, second, act.id, now=LATER)
    builders.send_back(session, case, repeat, builders.ITEM)
    values = {"approval_document_number": "澄发改投〔2026〕演示98号", "investment_10k_cny": "1"}

    project.save(session, case.applicant, repeat.id, values, version=None, now=LATER)
    project.submit(session, case.applicant, repeat.id, declared=True, now=LATER, limits=LIMITS)

    with pytest.raises(Refused, match="该立项已发号"):
        review.approve(session, case.reviewer, Kind.PROJECT, repeat.id, now=LATER)


def test_nothing_is_allowed_where_nothing_is_repeated(session: Session, case: builders.Case, first: Actor) -> None:
    record = builders.submitted_project(session, case.applicant)

    with pytest.raises(Refused, match="没有发过号"):
        administration.allow_duplicate(session, first, record.id, reason="演示", now=NOW, limits=LIMITS)


def test_a_draft_that_a_second_person_was_asked_about_is_not_deleted(
    session: Session, case: builders.Case, first: Actor
) -> None:
    same = {"approval_document_number": "澄发改投〔2026〕演示97号"}
    builders.approved_project(session, case, **same)
    record = builders.submitted_project(session, case.applicant, **same)
    administration.allow_duplicate(session, first, record.id, reason="演示", now=NOW, limits=LIMITS)
    project.withdraw(session, case.applicant, record.id, now=NOW)

    with pytest.raises(Refused, match="不能删除"):
        project.delete(session, case.applicant, record.id, now=NOW)


# Refusing, changing, lapsing -------------------------------------------------------------------------------------


def test_refusing_takes_a_note_and_ends_it(session: Session, record: Project, first: Actor, second: Actor) -> None:
    act = ask_void(session, first, record)
    with pytest.raises(Invalid) as without:
        second_person.refuse(session, second, act.id, note=" ", now=LATER)
    assert [problem.field for problem in without.value.problems] == ["note"]

    refuse(session, second, act)

    act = stored(session, act)
    assert (act.state, act.decided_by_id, act.decision_note) == ("refused", second.user_id, "演示：理由不足")
    assert record.status == Status.APPROVED
    with pytest.raises(Refused, match="已经复核过"):
        confirm(session, second, act)
    assert isinstance(ask_void(session, first, record, LATER), PendingAct)


def test_a_record_that_changed_since_is_not_confirmed_and_may_be_asked_for_anew(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    act = ask_void(session, first, record)
    record.remarks = "别人改过"
    session.commit()

    with pytest.raises(Conflict, match="又有变动"):
        confirm(session, second, act)
    again = ask_void(session, first, record, LATER)

    assert stored(session, act).state == "lapsed"
    confirm(session, second, again)
    assert session.get_one(Project, record.id).status == Status.VOIDED


@pytest.mark.parametrize("way", ["approve", "return", "void", "withdraw", "counter"])
def test_what_waits_ends_when_the_record_moves_on(
    session: Session, case: builders.Case, repeat: Project, first: Actor, second: Actor, way: str
) -> None:
    act = administration.allow_duplicate(session, first, repeat.id, reason="演示", now=NOW, limits=LIMITS)

    MOVES[way](session, case, repeat, first)

    act = stored(session, act)  # type: ignore[arg-type]
    assert (act.state, act.decided_by_id, act.decided_at is None) == ("lapsed", None, False)
    with pytest.raises(Refused):
        confirm(session, second, act)


def approved_all_the_same(session: Session, case: builders.Case, record: Project, _first: Actor) -> None:
    """The other number goes, so that the repeat is none any more."""
    other = session.scalars(select(Project).where(Project.number.is_not(None))).one()
    people = [builders.staff(session, Role.ADMINISTRATOR) for _ in range(2)]
    second_person.confirm(session, people[1], ask_void(session, people[0], other).id, now=NOW)
    review.approve(session, case.reviewer, Kind.PROJECT, record.id, now=NOW)


def sent_back_at_the_counter(session: Session, case: builders.Case, record: Project, _first: Actor) -> None:
    scans = {s.id: counter.Finding("differs", "演示：缺页") for s in counter.originals.scans_to_check(session, record)}  # type: ignore[arg-type]
    letter = builders.mandate_of(session, record.organization_id, case.clerk)
    counter.check_originals(session, case.clerk, record.id, letter.id, scans, now=NOW)


MOVES = {
    "approve": approved_all_the_same,
    "return": lambda session, case, record, _: builders.send_back(session, case, record),
    "void": lambda session, _, record, first: administration.void(
        session, first, Kind.PROJECT, record.id, reason="演示", now=NOW, limits=LIMITS
    ),
    "withdraw": lambda session, case, record, _: project.withdraw(session, case.applicant, record.id, now=NOW),
    "counter": sent_back_at_the_counter,
}


def test_taking_a_record_up_leaves_what_waits_waiting(
    session: Session, case: builders.Case, repeat: Project, first: Actor
) -> None:
    act = administration.allow_duplicate(session, first, repeat.id, reason="演示", now=NOW, limits=LIMITS)

    review.claim(session, case.reviewer, Kind.PROJECT, repeat.id, now=NOW)

    assert stored(session, act).state == "pending"  # type: ignore[arg-type]


def test_who_works_on_a_record_breaks_nothing_that_waits(
    session: Session, case: builders.Case, repeat: Project, first: Actor, second: Actor
) -> None:
    act = administration.allow_duplicate(session, first, repeat.id, reason="演示", now=NOW, limits=LIMITS)
    version = repeat.version

    review.claim(session, case.reviewer, Kind.PROJECT, repeat.id, now=NOW)
    review.release(session, case.reviewer, Kind.PROJECT, repeat.id, now=NOW)
    review.claim(session, case.reviewer, Kind.PROJECT, repeat.id, now=NOW)

    session.refresh(repeat)
    assert repeat.version == version
    confirm(session, second, act)  # type: ignore[arg-type]
    session.refresh(repeat)
    assert repeat.duplicate_allowed


@pytest.mark.parametrize(("asked_at", "state"), [("320200", "pending"), ("320281", "lapsed")])
def test_what_waits_goes_with_a_record_that_is_handed_to_another_bureau_while_its_asker_still_governs_it(
    session: Session, case: builders.Case, repeat: Project, asked_at: str, state: str
) -> None:
    root, other = (builders.staff(session, Role.ADMINISTRATOR, bureau="320200") for _ in range(2))
    asker = root if asked_at == "320200" else builders.staff(session, Role.ADMINISTRATOR, bureau=asked_at)
    act = administration.allow_duplicate(session, asker, repeat.id, reason="演示", now=NOW, limits=LIMITS)
    target = builders.a_bureau(session, "320200").id

    administration.transfer(session, root, Kind.PROJECT, repeat.id, bureau_id=target, reason="演示", now=NOW)

    assert stored(session, act).state == state  # type: ignore[arg-type]
    if state == "pending":
        confirm(session, other, act)  # type: ignore[arg-type]
        session.refresh(repeat)
        assert repeat.duplicate_allowed


@pytest.mark.parametrize(("days", "state"), [(3, "pending"), (4, "lapsed")])
def test_it_lapses_after_its_last_day(
    session: Session, record: Project, first: Actor, second: Actor, days: int, state: str
) -> None:
    act = ask_void(session, first, record)
    later = NOW + days * DAY
    if state == "lapsed":
        with pytest.raises(Refused, match="期限已过"):
            second_person.confirm(session, second, act.id, now=later)

    count = second_person.lapse_overdue(session, now=later)

    assert (stored(session, act).state, count) == (state, int(state == "lapsed"))
    assert session.get_one(Project, record.id).status == Status.APPROVED
    assert second_person.lapse_overdue(session, now=later) == 0


def test_without_a_calendar_it_waits_until_one_is_published(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    in_2030 = NOW.replace(year=2030)
    act = ask_void(session, first, record, in_2030)
    assert act.lapses_on is None
    assert second_person.lapse_overdue(session, now=in_2030 + 90 * DAY) == 0

    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    calendar.publish_year(session, root, 2030, {}, "演示通知", now=in_2030, limits=LIMITS)

    assert stored(session, act).lapses_on is not None
    assert second_person.lapse_overdue(session, now=in_2030 + 90 * DAY) == 1


def test_the_table_counts_what_waits_for_somebody(
    session: Session, record: Project, first: Actor, second: Actor
) -> None:
    ask_void(session, first, record)

    assert second_person.waiting_count(session, second) == 1
    assert second_person.waiting_count(session, first) == 0
    assert second_person.waiting_count(session, builders.staff(session, Role.REVIEWER)) == 0
