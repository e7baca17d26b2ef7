"""Demo data (profile demo only): made through the services, at the times that a real bureau would have acted."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.seeds import demo_acts as acts
from app.seeds import demo_data as data
from app.seeds.demo_full import whole_bureau
from app.seeds.demo_plan import Plan, Stop
from app.seeds.demo_play import Story, play
from app.seeds.demo_stage import Office, Stage, actor_of
from app.seeds.demo_stories import project_story
from app.seeds.demo_units import promised_units
from app.seeds.demo_world import FURTHER_STAFF
from app.services import reference_tables
from models.organization import Organization
from models.user import User

__all__ = ["Scale", "Stage", "actor_of", "is_empty", "load_demo"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RETURNS_TWO_ITEMS = 35  # with this seed the reviewer finds investment and date wrong
BEGUN = (-12, -10, -5, -9, -7, -8, -4)  # working days ago, one per promised project; the fourth is overdue


class Scale(StrEnum):
    """How much is played: the promised accounts alone, or the whole bureau around them."""

    CORE = "core"
    FULL = "full"


def is_empty(session: Session) -> bool:
    """Has nobody registered or been given an account yet?"""
    return session.scalar(select(Organization.id).limit(1)) is None and session.scalar(select(User.id)) is None


def load_demo(stage: Stage, scale: Scale = Scale.FULL) -> None:
    """Fill an empty database up to yesterday evening; the last act is a registration an hour ago."""
    with reference_tables.held(stage.session):
        _play(stage, is_full=scale == Scale.FULL)


def _play(stage: Stage, *, is_full: bool) -> None:
    office = Office(stage.session, stage.now)
    for person in data.STAFF + (FURTHER_STAFF if is_full else ()):
        acts.add_staff(stage, person, office.moment(0, 0) - DAY)
    stories = [*promised_units(stage, office, 1 if is_full else -20), *_promised_projects(stage, office)]
    if is_full:
        stories += whole_bureau(stage, office)
    play(stage, stories, office.closes)
    newcomer = next(values for values in data.ORGANIZATIONS if values["org_code"] == data.NEW)
    acts.register(stage, newcomer, stage.now - HOUR, goes_on=False)  # its text still waits for the gateway


def _promised_projects(stage: Stage, office: Office) -> Iterator[Story]:
    """The projects of the approved organization, one in every state, begun day after day."""
    for n, (name, different, stop) in enumerate(data.PROJECTS):
        place = BEGUN[n]
        begins = office.moment(place, 30 + 20 * n)
        day = office.days[place]
        dates = {
            "approved_on": day - 60 * DAY,
            "planned_start_on": day + 120 * DAY,
            "planned_finish_on": day + 660 * DAY,
        }
        values = {**data.PROJECT, **dates, **different, "name": name}
        values["investment_10k_cny"] = Decimal(str(values["investment_10k_cny"]))
        plan = Plan(data.APPROVED, name, values, begins, Stop(stop), rounds=int(stop == Stop.RETURNED))
        yield project_story(stage, office, replace(plan, chance=random.Random(RETURNS_TWO_ITEMS)))
