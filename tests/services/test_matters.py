"""The seven matters: opened by the number, stepped through their table, recorded under numbers of their own."""

import itertools
import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.fields.matter import RECORDS
from app.domain.matters import KINDS, NEEDS_WORDS, TRANSITIONS, Matter, MatterAction, MatterStatus
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import matters, upkeep
from app.services.kept import MATTER_RULES
from models.audit import AuditEvent
from models.inbox_message import InboxMessage
from models.matter import MATTERS, STATUSES, MatterRecord, ProjectMatter
from models.matter_rule import MatterRule
from models.outbox import Outbox
from models.project import Project
from models.user import User
from tests import builders
from tests.builders import LIMITS, NOW
from tests.databases import on_postgresql, on_sqlite
from tests.services.matter_entries import entries
from tests.services.two_people import ask_void, confirm

LATER = NOW + timedelta(hours=1)
PEOPLES_ACTS = [action for action in MatterAction if action != MatterAction.CLOSE]


def a_clerk(session: Session, *which: Matter, bureau: str = "320281") -> Actor:
    actor = builders.staff(session, Role.MATTER_CLERK, bureau=bureau)
    session.get_one(User, actor.user_id).matters = [str(matter) for matter in which]
    session.commit()
    return builders.actor_of(session, session.get_one(User, actor.user_id))


@pytest.fixture
def project(session: Session, case: builders.Case) -> Project:
    return builders.approved_project(session, case)


@pytest.fixture
def clerk(session: Session) -> Actor:
    return a_clerk(session, *Matter)


def matter_of(session: Session, project: Project, matter: Matter) -> ProjectMatter:
    query = select(ProjectMatter).where(ProjectMatter.project_id == project.id, ProjectMatter.matter == matter)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def act(session: Session, actor: Actor, row: ProjectMatter, action: MatterAction, **more: object) -> object:
    if action == MatterAction.RECORD:
        return matters.record(session, actor, row.id, entries(Matter(row.matter)), now=LATER)
    words = "演示：请补交图纸" if action in NEEDS_WORDS else ""
    return matters.step(session, actor, row.id, action, words=words, now=LATER, **more)  # type: ignore[arg-type]


@on_sqlite
def test_the_number_opens_the_seven_in_their_order(session, project):
    assert [(row.matter, row.status) for row in matters.of_project(session, project)] == [
        (matter, "open") for matter in Matter
    ]


def test_the_tables_of_rules_and_of_rows_know_the_same_words():
    assert tuple(Matter) == MATTERS
    assert tuple(MatterStatus) == STATUSES
    assert set(RECORDS) == set(KINDS) == set(Matter)


@on_sqlite
def test_before_the_number_there_is_none(session, case):
    record = builders.submitted_project(session, case.applicant)

    assert matters.of_project(session, record) == []


@on_sqlite
def test_what_the_table_has_happens_and_nothing_else(session, project, clerk):
    done = select(func.count()).where(AuditEvent.action.like("matter:%"), AuditEvent.result == "done")
    for status, action in itertools.product(MatterStatus, PEOPLES_ACTS):
        row = matter_of(session, project, Matter.CONSTRUCTION_PERMIT)
        row.status = status
        session.execute(delete(MatterRecord))
        session.commit()
        before, reached = session.scalar(done), TRANSITIONS.get((status, action))

        if reached is None:
            with pytest.raises(Refused):
                act(session, clerk, row, action)
        else:
            act(session, clerk, row, action)

        now_at = matter_of(session, project, Matter.CONSTRUCTION_PERMIT).status
        assert now_at == (reached or status), (status, action)
        assert session.scalar(done) == before + (reached is not None), (status, action)


@on_sqlite
def test_the_applicant_is_told_why(session, project, clerk):
    for action in sorted(NEEDS_WORDS):
        row = matter_of(session, project, Matter.TENDER)
        row.status, row.words = "accepted", None
        session.commit()

        with pytest.raises(Invalid) as invalid:
            matters.step(session, clerk, row.id, action, words=" ", now=LATER)
        assert [problem.field for problem in invalid.value.problems] == ["words"]

        matters.step(session, clerk, row.id, action, words="缺招标文件", now=LATER)
        assert matter_of(session, project, Matter.TENDER).words == "缺招标文件"


@on_sqlite
def test_every_step_is_told_by_text_and_message_once(session, project, clerk):
    row = matter_of(session, project, Matter.DRAWING_REVIEW)
    act(session, clerk, row, MatterAction.ACCEPT)
    act(session, clerk, row, MatterAction.RECORD)

    texts = session.scalars(select(Outbox).where(Outbox.dedup_key.like("sms:matter:%")).order_by(Outbox.id)).all()
    assert [text.payload["text"] for text in texts] == [
        f"【一号通】项目「{project.name}」的施工图审查合格证已受理。",
        f"【一号通】项目「{project.name}」的施工图审查合格证已办结，请登录查看结果。",
    ]
    told = select(func.count()).where(InboxMessage.event.like("matter:%"))
    assert session.scalar(told) == 2


def test_each_matter_leaves_a_record_under_its_letters(session, project, clerk):
    for matter in Matter:
        row = matter_of(session, project, matter)

        written = matters.record(session, clerk, row.id, entries(matter), now=LATER)

        letters = next(iter(KINDS[matter].letters.values()), None)
        assert written.row.number == (f"{project.number}-{letters}-001" if letters else None)
        assert written.row.entries["inner_number"] == "S-1"
        assert matter_of(session, project, matter).status == "done"


@on_sqlite
def test_what_a_record_must_say_is_asked_and_nothing_is_half_written(session, project, clerk):
    for matter in Matter:
        row = matter_of(session, project, matter)
        required = {field.name for field in RECORDS[matter] if field.required.holds({})}

        with pytest.raises(Invalid) as invalid:
            matters.record(session, clerk, row.id, {}, now=LATER)

        assert {problem.field for problem in invalid.value.problems} == required
        assert matter_of(session, project, matter).status == "open"
    assert session.scalar(select(func.count()).select_from(MatterRecord)) == 0


def test_numbers_count_per_project_and_letters(session, case, project, clerk):
    tender, other = matter_of(session, project, Matter.TENDER), builders.approved_project(session, case)
    for number, kind in (("S-1", "003"), ("S-2", "003"), ("S-3", "004")):
        matters.record(session, clerk, tender.id, entries(Matter.TENDER, number, kind_code=kind), now=LATER)
    elsewhere = matter_of(session, other, Matter.TENDER)
    matters.record(session, clerk, elsewhere.id, entries(Matter.TENDER, "S-1", kind_code="003"), now=LATER)

    found = session.scalars(select(MatterRecord.number).order_by(MatterRecord.id)).all()
    assert found == [
        f"{project.number}-BD-001", f"{project.number}-BD-002", f"{project.number}-BE-001", f"{other.number}-BD-001",
    ]  # fmt: skip


def test_the_same_source_number_corrects_its_record_and_the_same_again_does_nothing(session, project, clerk):
    row = matter_of(session, project, Matter.CONSTRUCTION_PERMIT)
    given = entries(Matter.CONSTRUCTION_PERMIT)
    first = matters.record(session, clerk, row.id, given, now=LATER)
    again = matters.record(session, clerk, row.id, given, now=LATER)
    corrected = matters.record(session, clerk, row.id, {**given, "contractor": "演示总包"}, now=LATER)

    assert (first.is_new, again.is_new, corrected.is_new) == (True, False, False)
    assert first.row.id == again.row.id == corrected.row.id
    (kept,) = session.scalars(select(MatterRecord))
    assert (kept.entries["contractor"], kept.number) == ("演示总包", f"{project.number}-SX-001")
    assert session.scalar(select(func.count()).where(AuditEvent.action == "matter:record")) == 2


@on_sqlite
def test_a_record_keeps_the_kind_that_its_number_names(session, project, clerk):
    row = matter_of(session, project, Matter.TENDER)
    matters.record(session, clerk, row.id, entries(Matter.TENDER, kind_code="003"), now=LATER)

    with pytest.raises(Invalid) as invalid:
        matters.record(session, clerk, row.id, entries(Matter.TENDER, kind_code="004"), now=LATER)

    assert [problem.field for problem in invalid.value.problems] == ["kind_code"]


@on_sqlite
def test_the_thousandth_record_is_refused(session, project, clerk):
    row = matter_of(session, project, Matter.DRAWING_REVIEW)
    written = matters.record(session, clerk, row.id, entries(Matter.DRAWING_REVIEW), now=LATER).row
    written.sequence, written.number = 999, f"{project.number}-TX-999"
    session.commit()

    with pytest.raises(Refused, match="999"):
        matters.record(session, clerk, row.id, entries(Matter.DRAWING_REVIEW, "S-2"), now=LATER)


def test_a_clerk_records_the_own_matters_of_the_own_region_alone(session, project, case):
    permit, tender = (matter_of(session, project, m) for m in (Matter.CONSTRUCTION_PERMIT, Matter.TENDER))
    permits_only = a_clerk(session, Matter.CONSTRUCTION_PERMIT)
    elsewhere = a_clerk(session, *Matter, bureau="320213")
    for actor, row, error in (
        (permits_only, tender, NotFound), (elsewhere, permit, NotFound), (case.applicant, permit, Refused),
        (case.reviewer, permit, Refused), (builders.staff(session, Role.ADMINISTRATOR), permit, Refused),
    ):  # fmt: skip
        with pytest.raises(error):
            act(session, actor, row, MatterAction.RECORD)

    act(session, permits_only, permit, MatterAction.RECORD)


def test_a_void_number_closes_its_matters(session, project, clerk, first, second):
    confirm(session, second, ask_void(session, first, project))

    assert {row.status for row in matters.of_project(session, project)} == {"closed"}
    with pytest.raises(Refused):
        act(session, clerk, matter_of(session, project, Matter.TENDER), MatterAction.RECORD)


@on_sqlite
def test_a_matter_may_wait_for_the_province(session, project, clerk):
    rule = session.scalars(select(MatterRule).where(MatterRule.matter == Matter.TENDER)).one()
    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    version = upkeep.version_of(MATTER_RULES, rule)
    upkeep.change(session, root, MATTER_RULES, rule.id, {"waits_for_province": "y"}, version, now=NOW, limits=LIMITS)
    tender, permit = (matter_of(session, project, m) for m in (Matter.TENDER, Matter.CONSTRUCTION_PERMIT))

    with pytest.raises(Refused, match="省厅还没有接收"):
        act(session, clerk, tender, MatterAction.ACCEPT)
    act(session, clerk, permit, MatterAction.ACCEPT)

    push = session.scalars(select(Outbox).where(Outbox.kind == "province_push")).one()
    push.status, push.delivered_at = "delivered", NOW
    session.commit()
    act(session, clerk, tender, MatterAction.ACCEPT)


def test_the_later_of_two_clerks_is_told(session, project, clerk):
    row = matter_of(session, project, Matter.TENDER)
    seen = row.version
    act(session, clerk, row, MatterAction.ACCEPT)

    with pytest.raises(Conflict):
        matters.step(session, clerk, row.id, MatterAction.REJECT, words="演示", version=seen, now=LATER)


@on_postgresql
def test_records_written_at_once_get_numbers_of_their_own(engine: Engine, session, project, clerk):
    row_id = matter_of(session, project, Matter.TENDER).id
    number = project.number
    session.rollback()
    start = threading.Barrier(6)

    def write(n: int) -> None:
        with Session(engine) as own:
            start.wait()
            matters.record(own, clerk, row_id, entries(Matter.TENDER, f"S-{n}", kind_code="003"), now=LATER)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = session.scalars(select(MatterRecord.number).order_by(MatterRecord.number)).all()
    assert found == [f"{number}-BD-{n:03}" for n in range(1, 7)]


@on_sqlite
def test_what_a_record_says_is_stored_closed(session, project, clerk):
    row = matter_of(session, project, Matter.CONSTRUCTION_PERMIT)
    matters.record(session, clerk, row.id, entries(Matter.CONSTRUCTION_PERMIT, project_manager="演示经理"), now=LATER)

    stored = session.connection().exec_driver_sql("SELECT entries FROM matter_record").scalar_one()
    assert "演示经理" not in stored
    assert "\\u6f14" not in stored


@on_sqlite
def test_the_papers_that_are_in_are_kept_with_the_step(session, project, clerk):
    row = matter_of(session, project, Matter.PROJECT_FILING)
    contract, supervision, *_rest = [item.id for item in matters.items_of(session, Matter.PROJECT_FILING)]

    matters.step(session, clerk, row.id, MatterAction.ACCEPT, received=[contract, 999_999], now=LATER)
    assert matter_of(session, project, Matter.PROJECT_FILING).received == [contract]

    matters.step(session, clerk, row.id, MatterAction.SUPPLEMENT, words="缺监理合同", received=[contract], now=LATER)
    matters.step(session, clerk, row.id, MatterAction.ACCEPT, received=[contract, supervision], now=LATER)
    assert matter_of(session, project, Matter.PROJECT_FILING).received == sorted([contract, supervision])


@on_sqlite
def test_a_paper_that_is_no_longer_asked_for_stays_in(session, project, clerk):
    row = matter_of(session, project, Matter.PROJECT_FILING)
    first, second, *_rest = matters.items_of(session, Matter.PROJECT_FILING)
    matters.step(session, clerk, row.id, MatterAction.ACCEPT, received=[first.id, second.id], now=LATER)
    first.is_active = False
    session.commit()

    matters.step(session, clerk, row.id, MatterAction.SUPPLEMENT, words="演示", received=[], now=LATER)

    assert matter_of(session, project, Matter.PROJECT_FILING).received == [first.id]


def test_a_phone_rings_once_for_each_state_however_often_a_result_is_recorded(session, project, clerk):
    row = matter_of(session, project, Matter.DRAWING_REVIEW)
    act(session, clerk, row, MatterAction.ACCEPT)
    for n in range(5):
        matters.record(session, clerk, row.id, entries(Matter.DRAWING_REVIEW, f"S-{n}"), now=LATER)

    texts = session.scalars(select(Outbox.dedup_key).where(Outbox.dedup_key.like("sms:matter:%"))).all()
    told = session.scalars(select(InboxMessage.event).where(InboxMessage.event.like("matter:%"))).all()
    assert sorted(text.split(":")[2] for text in texts) == ["accept", "record"]
    assert told.count("matter:record") == 5
