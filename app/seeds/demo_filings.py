"""What becomes of a number in the city: the unit works of some projects, filed and looked through as far as days go."""

from datetime import datetime
from decimal import Decimal

from app.domain.permissions import Actor
from app.domain.terms import Status
from app.seeds.demo_plan import Plan
from app.seeds.demo_play import Steps
from app.seeds.demo_projects import BUILDING, MUNICIPAL
from app.seeds.demo_stage import Office, Stage
from app.services import unit_filings, unit_works
from models.project import Project

SHARE = 0.45  # of the numbered projects go on to the city
UNFINISHED, RETURNED = 0.2, 0.2
SECTIONS = ("一标段", "二标段", "三标段")


def filed(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    """单体信息 filled in and submitted; then approved, or returned once. Some stay drafts."""
    project = stage.session.get_one(Project, record_id)
    if plan.chance.random() > SHARE or project.status != Status.APPROVED or project.number is None:
        return at
    at = office.after(at, plan.chance.randrange(1, 6), plan.chance.randrange(0, 300))
    yield at
    owner, count = stage.actor(plan.owner), plan.chance.randrange(1, 4)
    for n in range(count):
        project = stage.session.get_one(Project, record_id)
        unit_works.save(stage.session, owner, record_id, _unit(project, n, count), now=at)
    if plan.chance.random() < UNFINISHED:
        return at
    unit_works.submit(stage.session, owner, record_id, declared=True, now=at, limits=stage.limits)
    return (yield from _judged(stage, office, plan, record_id, at, owner))


def _judged(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime, owner: Actor) -> Steps:
    at = office.after(at, plan.chance.randrange(0, 3), plan.chance.randrange(0, 300))
    yield at
    filing = unit_filings.of_project(stage.session, stage.session.get_one(Project, record_id))
    assert filing is not None
    reviewer = stage.actor(plan.desk("reviewer"))
    if plan.chance.random() < RETURNED:
        words = "请核对各单体的建筑面积，与项目总面积不一致的请说明。"
        unit_works.return_(stage.session, reviewer, filing.id, words, now=at)
        return at
    unit_works.approve(stage.session, reviewer, filing.id, now=at)
    return at


def _unit(project: Project, n: int, count: int) -> dict[str, object]:
    """A fair share of the project; the last digits may fall short of its totals."""
    is_road = project.category_code == MUNICIPAL
    return {
        "name": SECTIONS[n] if is_road else f"{n + 1} 号楼",
        "category_code": project.category_code,
        "use_code": project.use_code,
        "structure_code": "003" if project.category_code == BUILDING else None,
        "investment_10k_cny": _share(project.investment_10k_cny, count, "0.0001"),
        "floor_area_m2": _share(project.floor_area_m2, count, "0.01"),
        "length_m": _share(project.length_m, count, "0.01"),
        "floors_above": None if is_road else str(3 + 3 * n),
    }


def _share(total: Decimal | None, count: int, step: str) -> str | None:
    return format((total / count).quantize(Decimal(step)), "f") if total else None
