"""Every list that is registered, and many rows for it; knows no test."""

from typing import Any

from sqlalchemy import insert, select

from models import search
from models.enterprise import Enterprise
from models.mandate import Mandate
from models.organization import Organization
from models.project import Project
from models.review import Review
from models.submission import Submission
from tests.views.world import World
from views import DEMO_MENU, MENU, WITHOUT_MENU
from views.base import TrustedModelView

VIEWS: list[Any] = [
    view
    for view in (*(entry.view for entry in (*MENU, *DEMO_MENU)), *WITHOUT_MENU)
    if issubclass(view, TrustedModelView)
]
PATHS = {f"{view.route_base}/list/": view for view in VIEWS}


def multiply(world: World, count: int) -> None:
    """`count` more rows of each of the tables that the lists of this issue began with."""
    with world.session() as session:
        many = range(1, count + 1)
        first = session.scalars(select(Organization.id).order_by(Organization.id.desc())).first() or 0
        _copy(session, Organization, [{"org_code": f"{n:08d}-0", "uscc": None} for n in many])
        _copy(session, Enterprise, [{"organization_id": first + n, "submission_id": None} for n in many])
        _copy(session, Project, [{"number": None, "numbered_at": None, "approval_key": None} for _ in many])
        last = session.scalars(select(Submission.id).order_by(Submission.id.desc())).first() or 0
        _copy(session, Submission, [{"sequence": 100 + n} for n in many])
        _copy(session, Review, [{"submission_id": last + n} for n in many])
        _copy(session, Mandate, [{} for _ in many])
        search.rebuild(session.connection())
        session.commit()


def _copy(session: Any, model: Any, changes: list[dict[str, Any]]) -> None:
    """The model's first row again and again, each time with changes."""
    table = model.__table__
    query = select(table).where(table.c.status == "draft") if model is Project else select(table)
    row = session.execute(query.order_by(table.c.id).limit(1)).mappings().one()
    plain = {name: value for name, value in row.items() if name != "id"}
    session.execute(insert(table), [{**plain, **change} for change in changes])
