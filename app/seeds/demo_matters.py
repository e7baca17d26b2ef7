"""What becomes of a number: some of its matters handled one after the other, as far as the days go."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.fields import FieldKind
from app.domain.fields.matter import RECORDS
from app.domain.matters import Matter, MatterAction
from app.seeds.demo_plan import Plan
from app.seeds.demo_play import Steps
from app.seeds.demo_stage import Office, Stage
from app.services import matters
from models.matter import ProjectMatter

ORDER = (
    Matter.SURVEY_DESIGN_CONTRACT, Matter.DRAWING_REVIEW, Matter.TENDER, Matter.PROJECT_FILING,
    Matter.SAFETY_SUPERVISION, Matter.QUALITY_SUPERVISION, Matter.CONSTRUCTION_PERMIT,
)  # fmt: skip
WORDS = {
    "contract_number": "演合同〔2026〕{n:03}", "leader": "演示负责人", "safety_licence": "演安许证〔2026〕{n:03}",
    "constructor": "演示建造师", "safety_officers": "演示安全员甲、演示安全员乙", "project_manager": "演示项目经理",
    "chief_supervisor": "演示总监", "contract_record": "演备案〔2026〕{n:03}",
}  # fmt: skip


def handled(stage: Stage, office: Office, plan: Plan, record_id: int, at: datetime) -> Steps:
    """受理 and 登记办理结果, matter by matter; the last one may still be under way or wait for papers."""
    for n, matter in enumerate(ORDER[: plan.chance.randrange(0, len(ORDER) + 1)]):
        at = office.after(at, plan.chance.randrange(1, 9), plan.chance.randrange(0, 300))
        yield at
        clerk, row_id = stage.actor(plan.desk("matter")), _row(stage, record_id, matter)
        matters.step(stage.session, clerk, row_id, MatterAction.ACCEPT, now=at)
        if plan.chance.random() < 0.15:
            at = office.after(at, 1, plan.chance.randrange(0, 300))
            yield at
            words = "请补交加盖公章的合同原件。"
            matters.step(stage.session, clerk, row_id, MatterAction.SUPPLEMENT, words=words, now=at)
            return at
        at = office.after(at, plan.chance.randrange(2, 11), plan.chance.randrange(0, 300))
        yield at
        entries = _entries(plan, matter, n, at)
        matters.record(stage.session, stage.actor(plan.desk("matter")), row_id, entries, now=at)
    return at


def _row(stage: Stage, record_id: int, matter: Matter) -> int:
    query = select(ProjectMatter.id).where(ProjectMatter.project_id == record_id, ProjectMatter.matter == matter)
    return stage.session.scalars(query).one()


def _entries(plan: Plan, matter: Matter, n: int, at: datetime) -> dict[str, Any]:
    serial = plan.chance.randrange(1, 999)
    found: dict[str, Any] = {}
    for field in RECORDS[matter]:
        if field.kind == FieldKind.DATE:
            days = 30 if field.name == "finishes_on" else -1
            found[field.name] = (at + timedelta(days=days)).date().isoformat()
        elif field.choices:
            found[field.name] = plan.chance.choice(field.choices)[0]
        elif field.kind == FieldKind.DECIMAL:
            found[field.name] = str(plan.chance.randrange(200, 20_000))
        elif field.kind == FieldKind.INTEGER:
            found[field.name] = str(plan.chance.randrange(0, 3))
        elif field.kind == FieldKind.BOOLEAN:
            found[field.name] = "y" if plan.chance.random() < 0.7 else ""
        elif field.name.endswith("_code"):
            found[field.name] = "PDY00009-5"
        else:
            found[field.name] = WORDS.get(field.name, f"演示{field.label}有限公司").format(n=serial)
    return {**found, "valid_until": "", "inner_number": f"YS-{at:%Y}-{serial:03}-{n}"}
