"""The lives of enterprise and project records, step by step; each step waits for its instant."""

from datetime import datetime, timedelta

from app.domain.terms import Kind, OriginalResult
from app.seeds import demo_acts as acts
from app.seeds.demo_filings import filed
from app.seeds.demo_matters import handled
from app.seeds.demo_plan import Plan, Stop
from app.seeds.demo_play import Steps, Story
from app.seeds.demo_projects import Fault, with_faults
from app.seeds.demo_second import befalls
from app.seeds.demo_stage import Office, Stage
from app.services import administration, claims, project, reference, review
from app.services.returns import Item

HOUR = timedelta(hours=1)
AT_THE_COUNTER = (
    (OriginalResult.DIFFERS, "原件的落款日期与扫描件不同。"),
    (OriginalResult.MISSING, "经办人只带了复印件。"),
)


def project_story(stage: Stage, office: Office, plan: Plan) -> Story:
    """From the draft to where the plan stops."""
    at, rounds = plan.begins, plan.faults()
    yield at
    wrong = with_faults(plan.values, [fault for faults in rounds for fault in faults])
    document = "" if plan.stop == Stop.DRAFT else plan.document or f"{plan.name}立项批文"
    record_id = acts.open_project(stage, plan.owner, {**wrong, "name": plan.name}, at, document=document)
    if plan.stop == Stop.DRAFT:
        return
    at = office.after(at, plan.chance.randrange(0, 2), plan.chance.randrange(0, 320))
    yield at
    acts.submit(stage, plan.owner, Kind.PROJECT, record_id, at)
    for number, faults in enumerate(rounds, 1):
        at = yield from _sent_back(stage, office, plan, record_id, faults, at)
        if plan.stop == Stop.RETURNED and number == plan.rounds:
            return
        at = office.after(at, plan.chance.randrange(1, 6), plan.chance.randrange(0, 320))
        yield at
        mends = {fault.target: plan.values[fault.target] for fault in faults if fault.target in plan.values}
        acts.answer(stage, plan.owner, Kind.PROJECT, record_id, at, mends, renew=f"（第{number}次补正）")
        at += HOUR / 10
        yield at
        acts.submit(stage, plan.owner, Kind.PROJECT, record_id, at)
    yield from ENDS.get(plan.stop, _goes_on)(stage, office, plan, record_id, at)


def _sent_back(stage: Stage, office: Office, plan: Plan, record_id: int, faults: list[Fault], at: datetime) -> Steps:
    """退回: at the counter where the original told, else by the reviewer who has claimed it."""
    at = office.after(at, plan.chance.randrange(1, 3), plan.chance.randrange(0, 300))
    if not faults:
        yield at
        fault = plan.chance.choice(AT_THE_COUNTER)
        acts.check_originals(stage, plan.desk("clerk"), plan.owner, record_id, at, fault)
        return at
    at = yield from _claimed(stage, plan, record_id, at)
    at += HOUR / 2
    yield at
    items = [Item(fault.target, fault.reason, fault.instruction) for fault in faults]
    reviewer = stage.actor(plan.desk("reviewer"))
    review.return_(stage.session, reviewer, Kind.PROJECT, record_id, items, comment="请补正后再提交。", now=at)
    return at


def _claimed(stage: Stage, plan: Plan, record_id: int, at: datetime) -> Steps:
    yield at
    review.claim(stage.session, stage.actor(plan.desk("reviewer")), Kind.PROJECT, record_id, now=at)
    return at


def _waits(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    yield from ()
    return at


def _withdraws(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = office.after(at, 0, 30)
    yield at
    project.withdraw(stage.session, stage.actor(plan.owner), record_id, now=at)
    return at


def _claims(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    return (yield from _claimed(stage, plan, record_id, office.after(at, 0, 25)))


def _releases(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = yield from _claimed(stage, plan, record_id, office.after(at, 0, 25))
    at = office.after(at, 0, 40)
    yield at
    reviewer, administrator = stage.actor(plan.desk("reviewer")), stage.actor(plan.desk("admin"))
    review.release(stage.session, reviewer, Kind.PROJECT, record_id, now=at)
    at = office.after(at, 0, 20)
    yield at
    claims.assign(
        stage.session, administrator, Kind.PROJECT, record_id,
        assignee_id=reviewer.user_id, reason="演示：按分工改派。", now=at,
    )  # fmt: skip
    at = office.after(at, 0, 30)
    yield at
    claims.take_back(stage.session, administrator, Kind.PROJECT, record_id, reason="演示：承办人外出。", now=at)
    return at


def _transfers(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = office.after(at, 1, 90)
    yield at
    root = reference.bureaus_over(stage.session, plan.region)[-1]
    administration.transfer(
        stage.session, stage.actor(plan.desk("admin")), Kind.PROJECT, record_id,
        bureau_id=root, reason="跨区县项目，转市级受理。", now=at,
    )  # fmt: skip
    return at


def _checks(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = office.after(at, plan.chance.randrange(0, 2), plan.chance.randrange(0, 200))
    yield at
    acts.check_originals(stage, plan.desk("clerk"), plan.owner, record_id, at, lasts=_lasts(plan))
    return at


def _voids(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = office.after(at, plan.chance.randrange(1, 4), plan.chance.randrange(0, 300))
    yield at
    reason = plan.chance.choice(("单位来函，项目不再实施。", "与已登记的项目重复，单位申请作废。", "立项批文已撤销。"))
    administrator = stage.actor(plan.desk("admin"))
    administration.void(
        stage.session, administrator, Kind.PROJECT, record_id, reason=reason, now=at, limits=stage.limits
    )
    return at


def _approves(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    if plan.region == "320281" or plan.chance.random() < 0.25:  # 江阴 asks for originals, others see some
        at = yield from _checks(stage, office, plan, record_id, at)
    at = office.after(at, plan.chance.randrange(0, 3), plan.chance.randrange(0, 300))
    if plan.chance.random() < 0.4:
        at = yield from _claimed(stage, plan, record_id, at)
        at += HOUR / 3
    yield at
    review.approve(stage.session, stage.actor(plan.desk("reviewer")), Kind.PROJECT, record_id, now=at)
    return at


def _hands_over(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = yield from _approves(stage, office, plan, record_id, at)
    at = office.after(at, plan.chance.randrange(0, 4), plan.chance.randrange(0, 300))
    yield at
    acts.hand_over(stage, plan.desk("clerk"), plan.owner, record_id, at)
    return at


def _uses_the_number(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = yield from _hands_over(stage, office, plan, record_id, at)
    at = yield from handled(stage, office, plan, record_id, at)
    return (yield from filed(stage, office, plan, record_id, at))


def _goes_on(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    at = yield from _hands_over(stage, office, plan, record_id, at)
    return (yield from befalls(stage, office, plan, record_id, at))


def _lasts(plan: Plan) -> int:
    """Days that a new letter holds: some end soon, some are over by now."""
    return plan.chance.choice((30, 60, 90, 180, 365))


ENDS = {
    Stop.WITHDRAWN: _withdraws,
    Stop.SUBMITTED: _waits,
    Stop.CLAIMED: _claims,
    Stop.RELEASED: _releases,
    Stop.TRANSFERRED: _transfers,
    Stop.CHECKED: _checks,
    Stop.VOIDED: _voids,
    Stop.APPROVED: _approves,
    Stop.HANDED_OVER: _uses_the_number,
    Stop.RETURNED: _waits,
}
