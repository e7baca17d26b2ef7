"""What befalls numbered projects: voided or opened by two persons, refused, lapsed, waiting for the second one."""

from datetime import datetime, timedelta

from app.domain.terms import Kind
from app.seeds import demo_acts as acts
from app.seeds.demo_plan import Plan, Stop
from app.seeds.demo_play import Steps
from app.seeds.demo_stage import Office, Stage
from app.services import administration, project, review, second_person
from models.pending_act import PendingAct

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
OPENED = ("contact_name", "contact_mobile", "investment_10k_cny")
WHY_VOID, WHY_OPEN = "单位来函：立项批文已撤销，申请作废编号。", "单位来函：初步设计批复后总投资调整，申请更正。"
LATELY = {Stop.NUMBER_UNLOCKED: -3, Stop.VOID_ASKED: -2, Stop.UNLOCK_ASKED: -1}


def befalls(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    """The further story of a project that has its number; `at` is when it was handed over."""
    if plan.stop in LATELY:
        at = office.moment(LATELY[plan.stop], plan.chance.randrange(300))
    else:
        at = office.after(at, plan.chance.randrange(4, 9), plan.chance.randrange(300))
    yield at
    is_void = plan.stop in (Stop.NUMBER_VOIDED, Stop.VOID_REFUSED, Stop.VOID_LAPSED, Stop.VOID_ASKED)
    until = stage.now + 3 * DAY if plan.stop == Stop.NUMBER_UNLOCKED else at + 6 * DAY
    act_id = _asks_void(stage, plan, record_id, at) if is_void else _asks_unlock(stage, plan, record_id, until, at)
    if plan.stop in (Stop.VOID_ASKED, Stop.UNLOCK_ASKED):
        return at
    if plan.stop == Stop.VOID_LAPSED:
        return (yield from _lapses(stage, office, at))
    at = office.after(at, 1, plan.chance.randrange(300))
    yield at
    if plan.stop == Stop.VOID_REFUSED:
        note = "批文仍然有效，不同意作废。"
        second_person.refuse(stage.session, stage.actor(_other(plan)), act_id, note=note, now=at)
        return at
    second_person.confirm(stage.session, stage.actor(_other(plan)), act_id, now=at)
    if plan.stop == Stop.NUMBER_RELOCKED:
        at = until + MINUTE
        yield at
        administration.relock_expired(stage.session, now=at, limits=stage.limits)
    if plan.stop == Stop.NUMBER_CORRECTED:
        at = yield from _corrected(stage, office, plan, record_id, at)
    return at


def _other(plan: Plan) -> str:
    """Another administrator: 江阴's own second one, elsewhere that of the city."""
    return "admin2.jiangyin" if plan.region == "320281" else "admin.wuxi"


def _asks_void(stage: Stage, plan: Plan, record_id: int, at: datetime) -> int:
    first = stage.actor(plan.desk("admin"))
    return _row(
        administration.void(stage.session, first, Kind.PROJECT, record_id, reason=WHY_VOID, now=at, limits=stage.limits)
    )


def _asks_unlock(stage: Stage, plan: Plan, record_id: int, until: datetime, at: datetime) -> int:
    first = stage.actor(plan.desk("admin"))
    asked = administration.unlock(
        stage.session, first, Kind.PROJECT, record_id, fields=OPENED, until=until, reason=WHY_OPEN,
        now=at, limits=stage.limits,
    )  # fmt: skip
    return _row(asked)


def _row(outcome: administration.Outcome) -> int:
    assert isinstance(outcome, PendingAct)  # a numbered project is never changed by one person
    return outcome.id


def _lapses(stage: Stage, office: Office, at: datetime) -> Steps:
    at = office.after(at, 12, 0)
    yield at
    second_person.lapse_overdue(stage.session, now=at)
    return at


def _corrected(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    """The organization corrects what was opened; the project keeps its number and is approved again."""
    at = office.after(at, 1, plan.chance.randrange(300))
    yield at
    values = {"investment_10k_cny": plan.values["investment_10k_cny"] * 2, "contact_name": "演示经办人丁"}  # type: ignore[operator]
    project.save(stage.session, stage.actor(plan.owner), record_id, values, version=None, now=at)
    at += HOUR / 6
    yield at
    acts.submit(stage, plan.owner, Kind.PROJECT, record_id, at)
    at = office.after(at, 1, plan.chance.randrange(300))
    yield at
    review.approve(stage.session, stage.actor(plan.desk("reviewer")), Kind.PROJECT, record_id, now=at)
    return at
