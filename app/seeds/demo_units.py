"""The life of a building organization: it registers, hands its enterprise record in, is approved or not."""

from collections.abc import Generator
from datetime import datetime, timedelta

from app.domain.clock import local_date
from app.domain.permissions import Actor
from app.domain.terms import Kind
from app.seeds import demo_acts as acts
from app.seeds.data_bureaus import ROOT
from app.seeds.demo_data import APPROVED, COMPANY, ENTERPRISE, ORGANIZATIONS, UNDER_REVIEW
from app.seeds.demo_play import Story
from app.seeds.demo_stage import Office, Stage
from app.seeds.demo_world import PLACES, Fate, Unit, enterprise_of, registration_of
from app.services import administration, enterprise, inbox, review
from app.services.returns import Item

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OPENED = ("address", "postal_code", "office_phone")


def promised_units(stage: Stage, office: Office, since: int) -> list[Story]:
    """The two organizations of the promised accounts that have come further than their registration."""
    return [_approved(stage, office, since), _under_review(stage, office)]


def _approved(stage: Stage, office: Office, since: int) -> Story:
    at = office.moment(since, 15)
    yield from _registers(stage, _promised(APPROVED), at)
    at = office.after(at, 1, 60)
    record_id = yield from _hands_in(stage, APPROVED, ENTERPRISE, at)
    at = office.after(at, 1, 90)
    yield at
    review.approve(stage.session, stage.actor("reviewer.jiangyin"), Kind.ENTERPRISE, record_id, now=at)


def _under_review(stage: Stage, office: Office) -> Story:
    at = office.moment(-2, 200)
    yield from _registers(stage, _promised(UNDER_REVIEW), at)
    yield from _hands_in(stage, UNDER_REVIEW, COMPANY, office.moment(-1, 100))


def _registers(stage: Stage, values: dict[str, object], at: datetime) -> Story:
    """注册 and, a quarter of an hour later, the first change of the password."""
    yield at
    acts.register(stage, values, at)
    yield at + HOUR / 4
    acts.change_password(stage, str(values["org_code"]), at + HOUR / 4)


def _hands_in(stage: Stage, code: str, values: dict[str, object], at: datetime) -> Generator[datetime, None, int]:
    """企业信息 filled in and, twenty minutes later, 递交审核; gives the record."""
    yield at
    record_id = acts.open_enterprise(stage, code, values, at)
    yield at + HOUR / 3
    acts.submit(stage, code, Kind.ENTERPRISE, record_id, at + HOUR / 3)
    return record_id


def _promised(code: str) -> dict[str, object]:
    return next(values for values in ORGANIZATIONS if values["org_code"] == code)


def unit_story(stage: Stage, office: Office, unit: Unit) -> Story:
    """From the registration to where the unit's fate leaves it."""
    code, at = unit.org_code, office.moment(unit.begins, 20 + unit.n * 7)
    if unit.fate == Fate.NEVER_SIGNED_IN:
        yield at
        acts.register(stage, registration_of(unit), at, goes_on=False)
        return
    yield from _registers(stage, registration_of(unit), at)
    if unit.fate == Fate.REGISTERED:
        return
    at = office.after(at, 0, 20 + unit.n % 20)
    if unit.fate not in (Fate.DRAFT, Fate.VOIDED):
        record_id = yield from _hands_in(stage, code, enterprise_of(unit), at)
        yield from _reviewed(stage, office, unit, record_id)
        return
    yield at
    record_id = acts.open_enterprise(stage, code, enterprise_of(unit), at)
    if unit.fate == Fate.VOIDED:
        yield from _voided(stage, office, unit, record_id)


def _voided(stage: Stage, office: Office, unit: Unit, record_id: int) -> Story:
    at = office.moment(unit.begins + 2, 45)
    yield at
    reason = "单位重复注册，经核实作废。"
    administration.void(
        stage.session, _of(stage, unit, "admin"), Kind.ENTERPRISE, record_id, reason=reason, now=at, limits=stage.limits
    )


def _reviewed(stage: Stage, office: Office, unit: Unit, record_id: int) -> Story:
    reviewer, days = _of(stage, unit, "reviewer"), 1
    for number in range(unit.rounds):
        at = _day(office, unit, days, 95)
        yield at
        review.claim(stage.session, reviewer, Kind.ENTERPRISE, record_id, now=at)
        at += HOUR / 2
        yield at
        review.return_(stage.session, reviewer, Kind.ENTERPRISE, record_id, ITEMS[number], now=at)
        if unit.fate == Fate.RETURNED and number == unit.rounds - 1:
            return
        at = _day(office, unit, days + 2, 150)
        yield at
        mends = {"address": f"{enterprise_of(unit)['address']}（{number + 2}号楼）"}
        acts.answer(stage, unit.org_code, Kind.ENTERPRISE, record_id, at, mends, renew=f"（第{number + 1}次补正）")
        yield at + HOUR / 10
        acts.submit(stage, unit.org_code, Kind.ENTERPRISE, record_id, at + HOUR / 10)
        days += 4
    if unit.fate == Fate.SUBMITTED:
        return
    at = _day(office, unit, days, 70 + unit.n)
    yield at
    if unit.fate == Fate.CLAIMED:
        review.claim(stage.session, reviewer, Kind.ENTERPRISE, record_id, now=at)
        return
    review.approve(stage.session, reviewer, Kind.ENTERPRISE, record_id, now=at)
    yield from _opened_again(stage, office, unit, record_id)


def _opened_again(stage: Stage, office: Office, unit: Unit, record_id: int) -> Story:
    """人工退回 by an administrator: running, run out unused, or used and approved again."""
    if unit.fate not in OPENED_AT:
        return
    place, lasts = OPENED_AT[unit.fate]
    at = office.moment(place, 130)
    yield at
    until = stage.now + lasts if unit.fate == Fate.UNLOCKED else at + lasts
    administration.unlock(
        stage.session, _of(stage, unit, "admin"), Kind.ENTERPRISE, record_id,
        fields=OPENED, until=until, reason="单位来函：营业地址已变更，申请更正。", now=at, limits=stage.limits,
    )  # fmt: skip
    if unit.fate == Fate.RELOCKED:
        yield until + DAY / 1440
        administration.relock_expired(stage.session, now=until + DAY / 1440, limits=stage.limits)
    if unit.fate == Fate.CORRECTED:
        yield from _corrected(stage, office, unit, record_id, place)


def _corrected(stage: Stage, office: Office, unit: Unit, record_id: int, place: int) -> Story:
    actor, at = stage.actor(unit.org_code), office.moment(place + 1, 60)
    yield at
    moved = {"address": "无锡市演示新区演示路88号", "postal_code": "214100"}
    enterprise.save(stage.session, actor, record_id, moved, version=None, now=at)
    yield at + HOUR
    acts.submit(stage, unit.org_code, Kind.ENTERPRISE, record_id, at + HOUR)
    at = office.moment(place + 3, 40)
    yield at
    review.approve(stage.session, _of(stage, unit, "reviewer"), Kind.ENTERPRISE, record_id, now=at)


OPENED_AT = {
    Fate.UNLOCKED: (-2, 3 * DAY),
    Fate.RELOCKED: (-40, 5 * DAY),
    Fate.CORRECTED: (-60, 5 * DAY),
}
ITEMS = (
    [Item("address", "differs_from_document", "营业地址与证照不一致，请按证照填写到门牌号。")],
    [
        Item("address", "wrong_format", "请写明楼号。"),
        Item("legal_representative", "differs_from_document", "法定代表人与证照不一致时，请附说明。"),
    ],
)


def reads_messages(stage: Stage, office: Office, code: str, since: int) -> Story:
    """Somebody there looks into the inbox now and then; what came last is still unread."""
    for place in READ:
        if len(office.days) + place > since:
            at = office.moment(place, int(code[3:8]) * 9)
            yield at
            inbox.mark_read(stage.session, stage.actor(code), now=at)


def letter_that_ends(stage: Stage, office: Office, unit: Unit) -> Story:
    """A letter for few weeks, which is over or ends within days: half of these, half of those."""
    at = office.moment(-25, 40 + unit.n)
    yield at
    ends = local_date(stage.now) + (5 if unit.n % 8 < 4 else -4) * DAY
    lasts = (ends - local_date(at) + DAY).days
    clerk = "clerk.wuxi" if unit.region not in PLACES else f"clerk.{PLACES[unit.region].account}"
    acts.record_letter(stage, clerk, unit.org_code, at, lasts)


READ = (-80, -40, -8)  # working days ago


def _of(stage: Stage, unit: Unit, post: str) -> Actor:
    """Who does this work at the bureau that the enterprise record lies with: the root one for those from elsewhere."""
    return stage.actor(f"{post}.{PLACES.get(unit.region, PLACES[ROOT]).account}")


def _day(office: Office, unit: Unit, days: int, minute: int) -> datetime:
    """`days` working days after the registration; beyond the last one nothing happens any more."""
    return office.after(office.moment(unit.begins, 20 + unit.n * 7), days, minute)
