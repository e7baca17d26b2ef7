"""The demo bureau: everything a stranger should see is there, and every row came through the services."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from flask_babel import Babel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.clock import SHANGHAI, local_date
from app.domain.number import parse
from app.domain.terms import Action, Kind, MandateForm, OriginalResult, Role, Status
from app.domain.workflow import LIFE_CYCLES
from app.seeds.demo import Office, Scale, load_demo
from app.seeds.demo_data import APPROVED, ORGANIZATIONS, STAFF
from app.seeds.demo_full import plans
from app.seeds.demo_world import FURTHER_STAFF, PLACES, POSTS
from app.services import duplicates
from app.services.seal import seal_events, verify_chain
from models.assignment import Assignment
from models.attachment import Attachment
from models.audit import AuditEvent
from models.bureau import Bureau
from models.dictionary import RequiredDocument
from models.enterprise import Enterprise
from models.hand_over import HandOver
from models.mandate import Mandate
from models.number import NumberRegister
from models.organization import Organization
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from models.push_attempt import PushAttempt
from models.review import ReturnItem, Review
from models.user import User
from tests.builders import NOW
from tests.databases import both_databases
from tests.seeds.conftest import stage_for
from views.registers import audit_values

DAY = timedelta(days=1)
MODELS = {Kind.PROJECT: Project, Kind.ENTERPRISE: Enterprise}
OUR_MOBILES = re.compile(r"138000000\d\d|138000001\d\d")


def counted(session: Session, *columns: object) -> dict[object, int]:
    """How many rows there are of each combination."""
    query = select(*columns, func.count()).group_by(*columns)
    return {row[0] if len(row) == 2 else tuple(row[:-1]): row[-1] for row in session.execute(query)}


def some(session: Session, query: object) -> bool:
    return session.execute(query.limit(1)).first() is not None


# A living bureau ---------------------------------------------------------------------------------


def test_the_bureau_is_as_large_as_promised(bureau):
    assert bureau.scalar(select(func.count(Organization.id))) >= 30
    assert bureau.scalar(select(func.count(Project.id))) >= 200
    assert bureau.scalar(select(func.count(func.distinct(Organization.unit_kind)))) == 5
    assert (
        15 <= bureau.scalar(select(func.count(Organization.uscc))) < bureau.scalar(select(func.count(Organization.id)))
    )


@pytest.mark.parametrize("kind", MODELS)
def test_records_of_each_kind_are_in_every_state(bureau, kind):
    found = counted(bureau, MODELS[kind].status)

    assert set(found) == set(Status)


def test_each_bureau_has_each_post_and_numbers(bureau):
    people = bureau.execute(select(Bureau.code, User.username).join(User, User.bureau_id == Bureau.id)).all()
    regions = counted(bureau, NumberRegister.region_code)

    assert {(code, name.split(".")[0]) for code, name in people} >= {
        (code, post) for code in PLACES for post, _, _ in POSTS
    }
    assert set(regions) == set(PLACES) - {"320200"}


def test_the_approved_organization_has_projects_in_every_state(bureau):
    of_it = select(Project.status).join(Project.organization).where(Organization.org_code == APPROVED)

    assert set(bureau.scalars(of_it)) == set(Status)


def test_projects_were_sent_back_up_to_three_times_and_answered(bureau):
    sent_back = select(Review.project_id, func.count()).where(
        Review.decision == "return", Review.project_id.is_not(None)
    )
    rounds = Counter(count for _, count in bureau.execute(sent_back.group_by(Review.project_id)))

    assert {1, 2, 3} <= set(rounds)
    assert bureau.scalar(select(func.count(ReturnItem.answered_at))) > 50
    assert set(counted(bureau, Review.stage)) == {"review", "counter"}


def test_work_is_under_way_right_now(bureau):
    today = local_date(NOW)

    held = bureau.scalars(select(Assignment.project_id).where(Assignment.released_at.is_(None))).all()
    assert len(held) >= 6
    assert None in held  # an enterprise record, too
    for model in (Project, Enterprise):
        assert some(bureau, select(model.id).where(model.status == Status.SUBMITTED, model.due_on < today))
    assert some(bureau, select(Project.id).where(Project.status == Status.RETURNED, Project.unlocked_until > NOW))
    assert some(
        bureau, select(Enterprise.id).where(Enterprise.status == Status.RETURNED, Enterprise.unlocked_until > NOW)
    )


def test_every_kind_of_act_has_happened(bureau):
    done = set(bureau.scalars(select(AuditEvent.action).where(AuditEvent.result == "done").distinct()))

    acts = {f"project:{a}" for a in Action if a not in (Action.DELETE, Action.ALLOW_DUPLICATE)}
    assert {act for act in acts if act.split(":")[1] in {t.action for t in LIFE_CYCLES[Kind.PROJECT]}} <= done
    assert {"enterprise:unlock", "enterprise:relock", "enterprise:void", "enterprise:return"} <= done
    assert {"project:check_originals", "project:hand_over", "mandate:add", "project:attach"} <= done


def test_second_persons_have_confirmed_refused_and_let_lapse_and_some_are_waited_for(bureau):
    assert set(counted(bureau, PendingAct.state)) == {"pending", "confirmed", "refused", "lapsed"}


def test_letters_of_both_forms_hold_end_soon_and_are_over(bureau):
    today = local_date(NOW)

    assert set(counted(bureau, Mandate.form)) == set(MandateForm)
    for lasts in (
        Mandate.valid_to < today,
        Mandate.valid_to.between(today, today + 14 * DAY),
        Mandate.valid_to > today,
    ):
        assert some(bureau, select(Mandate.id).where(lasts))


def test_the_counter_saw_originals_of_each_kind_and_handed_numbers_over(bureau):
    assert set(counted(bureau, OriginalsCheck.result)) == set(OriginalResult)
    assert bureau.scalar(select(func.count(HandOver.id))) >= 80


def test_lookalikes_are_suspected_for_each_reason(bureau):
    waiting = bureau.scalars(select(Project).where(Project.status == Status.SUBMITTED)).all()

    reasons = {str(found.reason) for project in waiting for found in duplicates.find(bureau, project)}

    assert reasons == {duplicates.SAME_APPROVAL, duplicates.SAME_SCAN, duplicates.NEAR_NAME}


# In order ------------------------------------------------------------------------------------------


def test_every_number_is_valid_and_the_register_has_no_gap(bureau):
    register = bureau.scalars(select(NumberRegister)).all()
    of_projects = set(bureau.scalars(select(Project.number).where(Project.number.is_not(None))))

    assert {row.number for row in register} == of_projects
    days: dict[tuple[object, ...], list[int]] = {}
    for number in map(parse, sorted(of_projects)):
        days.setdefault((number.region, number.day, number.category), []).append(number.sequence)
    assert all(found == list(range(1, len(found) + 1)) for found in days.values())
    assert {row.status for row in register} == {"issued", "voided"}


@pytest.mark.parametrize("kind", MODELS)
def test_each_status_is_that_of_the_last_event_and_each_step_is_in_the_table(bureau, kind):
    """SECURITY I8 and I9."""
    allowed = {(t.source, f"{kind}:{t.action}", t.target) for t in LIFE_CYCLES[kind]}
    last: dict[int | None, object] = {}

    for event in bureau.scalars(select(AuditEvent).where(AuditEvent.object_type == kind).order_by(AuditEvent.id)):
        before, after = (event.before or {}).get("status"), (event.after or {}).get("status")
        if after is not None:
            assert event.action == f"{kind}:add" or (before, event.action, after) in allowed, event.action
            last[event.object_id] = after

    assert last == dict(bureau.execute(select(MODELS[kind].id, MODELS[kind].status)).all())


def test_the_trail_is_in_the_order_of_time_and_seals(bureau):
    instants = bureau.scalars(select(AuditEvent.at).order_by(AuditEvent.id)).all()

    assert instants == sorted(instants)
    assert some(bureau, select(AuditEvent.id).where(AuditEvent.result == "refused")) is False
    while seal_events(bureau, now=NOW):
        pass
    assert verify_chain(bureau, now=NOW).is_sound


def test_the_bureau_acts_on_working_days_in_office_hours_over_months(bureau, session):
    days = set(Office(session, NOW).days)
    decided = [at.astimezone(SHANGHAI) for at in bureau.scalars(select(Review.decided_at))]

    assert {at.date() for at in decided} <= days
    assert all(9 <= at.hour < 18 for at in decided)
    assert len({(at.year, at.month) for at in decided}) >= 8
    assert max(at.date() for at in decided) >= sorted(days)[-3]


def test_texts_of_the_past_have_arrived_and_only_the_newcomer_waits_for_one(bureau):
    texts = bureau.scalars(select(Outbox).where(Outbox.kind == "sms")).all()

    waiting = [text for text in texts if text.status != "delivered"]
    assert [(text.status, text.payload["event"]) for text in waiting] == [("queued", "registration:done")]
    assert all(
        timedelta(0) < text.delivered_at - text.created_at < 10 * DAY / 1440 for text in texts if text.delivered_at
    )


# Nobody who is real ------------------------------------------------------------------------------


def test_every_name_says_that_it_is_a_demonstration(bureau):
    columns = (
        Organization.name, Organization.contact_name, Enterprise.legal_representative, Project.name,
        Project.contact_name, User.display_name, Mandate.agent_name, Attachment.original_name, HandOver.received_by,
    )  # fmt: skip

    assert [name for column in columns for name in bureau.scalars(select(column)) if name and "演示" not in name] == []


def test_no_telephone_lies_outside_the_block_of_the_demo(bureau):
    columns = (
        Organization.contact_mobile, Enterprise.contact_mobile, Project.contact_mobile, Mandate.agent_mobile,
    )  # fmt: skip
    mobiles = {mobile for column in columns for mobile in bureau.scalars(select(column)) if mobile}
    mobiles |= {text.payload["mobile"] for text in bureau.scalars(select(Outbox).where(Outbox.kind == "sms"))}

    assert {mobile for mobile in mobiles if not OUR_MOBILES.fullmatch(mobile)} == set()


def test_every_scan_lies_in_the_store(bureau, played_bureau):
    hashes = set(bureau.scalars(select(Attachment.sha256)))

    kept = {path.name for path in (played_bureau / "scans").rglob("*") if path.is_file()}

    assert hashes == kept
    assert len(hashes) > 300


# The same again ------------------------------------------------------------------------------------


def test_the_plan_of_a_day_is_always_the_same(session):
    office = Office(session, NOW)

    def drawn() -> Iterator[tuple[object, ...]]:
        return ((p.owner, p.name, p.begins, p.stop, p.rounds, sorted(p.values.items(), key=str)) for p in plans(office))

    assert list(drawn()) == list(drawn())


@both_databases
def test_the_core_is_played_alike_on_each_database(session, tmp_path: Path):
    load_demo(stage_for(session, tmp_path), Scale.CORE)

    assert {user.username for user in session.scalars(select(User))} == {
        *(person.username for person in STAFF), *(str(values["org_code"]) for values in ORGANIZATIONS),
    }  # fmt: skip
    assert counted(session, Project.status) == {
        "approved": 2, "submitted": 2, "returned": 1, "draft": 1, "voided": 1,
    }  # fmt: skip
    assert session.scalars(select(AuditEvent.at).order_by(AuditEvent.id)).all()[-1] == NOW - timedelta(hours=1)


@pytest.mark.parametrize("days", [3, 40, 130, 250], ids="after {} days".format)
def test_the_core_can_be_played_on_any_day(session, tmp_path, days):
    stage = stage_for(session, tmp_path)
    stage.now = NOW + days * DAY

    load_demo(stage, Scale.CORE)

    assert session.scalar(select(func.count(NumberRegister.id))) == 2


def test_roles_fit_their_accounts(bureau):
    held = {
        user.username: {role.name for role in user.roles} for user in bureau.scalars(select(User)) if user.bureau_id
    }

    assert held == {person.username: set(person.roles) for person in STAFF + FURTHER_STAFF}
    assert Role.APPLICANT not in set().union(*held.values())


def test_everything_that_the_trail_tells_has_a_word(bureau):
    """What an auditor reads on an event's page names no key of the code."""
    told = {}
    for event in bureau.execute(select(AuditEvent.object_type, AuditEvent.before, AuditEvent.after)):
        for side in (event.before, event.after):
            told.update({(event.object_type, name): value for name, value in (side or {}).items()})
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        g.scan_words = dict(bureau.execute(select(RequiredDocument.slot, RequiredDocument.label_zh)).all())
        unnamed = {pair for pair in told if audit_values.label(*pair) in (audit_values.OTHER, pair[1])}

    assert len(told) > 100
    assert unnamed == set()


def test_pushes_of_past_months_arrived_in_their_months_and_the_ledger_says_how(bureau: Session) -> None:
    pushes = bureau.scalars(select(Outbox).where(Outbox.kind.in_(("province_push", "municipal_push")))).all()

    past = [push for push in pushes if push.created_at < NOW - DAY]
    attempts = bureau.scalars(select(PushAttempt)).all()

    assert len({(push.created_at.year, push.created_at.month) for push in past}) >= 6
    assert {push.status for push in past} == {"delivered"}
    assert all(timedelta(0) < push.delivered_at - push.created_at < timedelta(minutes=1) for push in past)
    assert Counter(attempt.outbox_id for attempt in attempts) == Counter(push.id for push in past)
