"""Unit works as somebody fills them in, for tests."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.services import unit_works
from models.project import Project
from models.unit_work import UnitFiling
from tests.builders import LIMITS, NOW, Case

BUILDING = {
    "name": "演示 1 号楼", "category_code": "01", "use_code": "101", "structure_code": "003",
    "investment_10k_cny": "100.5", "floor_area_m2": "2000", "floors_above": "6", "scale": "六层",
}  # fmt: skip


def building(n: int = 1, **different: object) -> dict[str, object]:
    """A building that lacks nothing."""
    return {**BUILDING, "name": f"演示 {n} 号楼", **different}


def a_filing(session: Session, case: Case, project: Project, count: int = 2, *, now: datetime = NOW) -> UnitFiling:
    """A draft with so many buildings."""
    for n in range(1, count + 1):
        unit = unit_works.save(session, case.applicant, project.id, building(n), now=now)
    return unit.filing


def a_submitted_filing(session: Session, case: Case, project: Project, count: int = 2) -> UnitFiling:
    a_filing(session, case, project, count)
    return unit_works.submit(session, case.applicant, project.id, declared=True, now=NOW, limits=LIMITS)


def codes(filing: UnitFiling) -> Iterable[str]:
    return [unit.code for unit in filing.units]
