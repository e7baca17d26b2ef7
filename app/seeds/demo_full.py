"""The whole bureau's plan: which projects the organizations build, when each begins and how far it has come.

Everything is drawn with one seeded chance from the working days of the office, so the same day gives the same demo.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

from app.seeds.data_bureaus import ROOT
from app.seeds.demo_data import APPROVED
from app.seeds.demo_plan import Plan, Stop
from app.seeds.demo_play import Story
from app.seeds.demo_projects import Works, names, project_of
from app.seeds.demo_stage import Office, Stage
from app.seeds.demo_stories import project_story
from app.seeds.demo_units import letter_that_ends, reads_messages, unit_story
from app.seeds.demo_world import PLACES, UNITS, Fate, Unit

SEED = 20160106  # the day of the notice
BUILDS = (Fate.APPROVED, Fate.UNLOCKED, Fate.RELOCKED, Fate.CORRECTED)
SETTLES = 16  # working days after its registration an organization's record is approved
QUIET = 75  # so many working days before now, the organizations that were opened again had all finished
DISTRICTS = tuple(code for code in PLACES if code != ROOT)  # a project lies in one of them

# How far, how many, begun how many working days ago (most, least), sent back how often (drawn from these).
MOSTLY = (0, 0, 0, 0, 0, 1, 1, 1, 2, 3)
PORTIONS = (
    (Stop.HANDED_OVER, 82, 200, 30, MOSTLY),
    (Stop.HANDED_OVER, 10, 24, 9, (0,)),
    (Stop.APPROVED, 8, 14, 8, (0,)),
    (Stop.APPROVED, 7, 6, 4, (0,)),
    (Stop.APPROVED, 3, 120, 60, (0, 1)),
    (Stop.SUBMITTED, 9, 4, 2, (0,)),
    (Stop.SUBMITTED, 3, 20, 16, (1,)),
    (Stop.SUBMITTED, 5, 13, 9, (0,)),  # overdue
    (Stop.CLAIMED, 9, 3, 2, (0,)),
    (Stop.RELEASED, 2, 4, 3, (0,)),
    (Stop.TRANSFERRED, 3, 5, 4, (0,)),
    (Stop.CHECKED, 7, 5, 3, (0,)),
    (Stop.RETURNED, 11, 14, 8, (1,)),
    (Stop.RETURNED, 4, 60, 30, (2, 3)),
    (Stop.VOIDED, 9, 150, 10, (0, 0, 1)),
    (Stop.DRAFT, 7, 30, 1, (0,)),
    (Stop.DRAFT, 3, 150, 60, (0,)),
    (Stop.WITHDRAWN, 4, 40, 3, (0,)),
    (Stop.NUMBER_VOIDED, 4, 150, 45, (0, 1)),
    (Stop.NUMBER_UNLOCKED, 2, 80, 40, (0,)),
    (Stop.NUMBER_RELOCKED, 2, 120, 50, (0,)),
    (Stop.NUMBER_CORRECTED, 3, 120, 50, (0, 1)),
    (Stop.VOID_ASKED, 2, 90, 40, (0,)),
    (Stop.VOID_REFUSED, 1, 110, 50, (0,)),
    (Stop.VOID_LAPSED, 1, 110, 60, (0,)),
    (Stop.UNLOCK_ASKED, 2, 90, 40, (0,)),
)


def whole_bureau(stage: Stage, office: Office) -> Iterator[Story]:
    """Every story beside those of the promised accounts."""
    for unit in UNITS:
        yield unit_story(stage, office, unit)
        if unit.fate in BUILDS:
            yield reads_messages(stage, office, unit.org_code, unit.begins)
    yield reads_messages(stage, office, APPROVED, 1)
    for unit in UNITS[2:20:4]:
        yield letter_that_ends(stage, office, unit)
    for plan in plans(office):
        yield project_story(stage, office, plan)


def plans(office: Office) -> Iterator[Plan]:
    """Every project of the bureau, drawn."""
    chance = random.Random(SEED)
    called, serial = names(chance), 0
    for stop, count, most, least, rounds in PORTIONS:
        for _ in range(count):
            serial += 1
            ago = min(chance.randint(least, most), len(office.days) - SETTLES - 4)
            owner, region = _owner(stop, ago, len(office.days), chance)
            plan = _plan(office, called.pop(), owner, region, ago, serial, chance)
            yield replace(plan, stop=stop, rounds=chance.choice(rounds))
            if serial in (40, 90):
                yield from _lookalikes(office, plan, called.pop(), serial, chance)


def _plan(
    office: Office, called: tuple[str, Works], owner: str, region: str, ago: int, serial: int, chance: random.Random
) -> Plan:
    name, works = called
    own = random.Random(f"{SEED} {name}")
    values = project_of(name, works, region, 100 + serial, office.days[-ago], own)
    return Plan(owner, name, values, office.moment(-ago, chance.randrange(400)), Stop.DRAFT, chance=own)


def _owner(stop: Stop, ago: int, days: int, chance: random.Random) -> tuple[str, str]:
    """Whose project it is and where: 江阴 is the busiest, and needs no transfer from the city to the city."""
    open_then = [unit for unit in UNITS if unit.fate in BUILDS and _may_build(unit, ago, days)]
    weights = [unit.share for unit in open_then]
    unit = chance.choices(open_then, weights)[0]
    if stop == Stop.TRANSFERRED:
        unit = next(u for u in open_then if u.region == "320213")
    code = APPROVED if unit.n == 5 and chance.random() < 0.5 else unit.org_code
    region = unit.region if unit.region in DISTRICTS else chance.choice(DISTRICTS)
    return code, region


def _may_build(unit: Unit, ago: int, days: int) -> bool:
    is_quiet = unit.fate == Fate.APPROVED or ago > QUIET + 40
    return is_quiet and days - ago > unit.begins + SETTLES


def _lookalikes(
    office: Office, plan: Plan, called: tuple[str, Works], serial: int, chance: random.Random
) -> Iterator[Plan]:
    """疑似重复 of a numbered project, handed in these days: the same approval, the same scan, nearly the same name."""
    owner = next(unit.org_code for unit in UNITS if unit.n == 6)
    again = _plan(office, called, owner, plan.region, 3, 200 + serial, chance)
    same = {name: plan.values[name] for name in ("approval_document_number", "approval_authority", "approved_on")}
    yield replace(again, values={**again.values, **same}, stop=Stop.SUBMITTED)
    for part, ago, document in (("二期", 2, ""), ("配套道路", 3, f"{plan.name}立项批文")):
        near = (f"{plan.name}（{part}）", called[1])
        further = _plan(office, near, plan.owner, plan.region, ago, 300 + serial, chance)
        yield replace(further, stop=Stop.SUBMITTED, document=document)
        serial += 1
