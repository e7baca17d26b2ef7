"""Make one database ready to be measured, in a process of its own: schema, reference data, roles, rows, accounts."""

import sys
from datetime import timedelta
from pathlib import Path

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.orm import Session

from app.domain.clock import SystemClock
from app.domain.permissions import Actor
from app.domain.terms import Kind, Role
from app.factory import create_app
from app.security.roles import sync_roles
from app.services import project, review
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.user import User
from tests import builders
from tests.app_fixtures import STORED, settings_for
from tests.bench.bare import ACCOUNT, create_bare
from tests.bench.load import load
from tests.builders import LIMITS
from tests.databases import prepare

REVIEWER, MANAGER = "reviewer.bench", "manager.bench"
APPLICANT = builders.org_code(9_001)
READY = "演示待批"  # how the projects that may be approved are called
CATEGORIES = ("01", "02", "99")
PLACES = ("320282", "320213", "320205", "320206", "320211", "320214")  # their bureaus ask for no originals


def main(url: str, folder: Path, projects: int, ready: int) -> None:
    """Everything, in order; the accounts are those that the pages are asked by."""
    prepare(url)
    app = create_app(settings_for(url, folder))
    with app.app_context():
        from app.extensions import db

        sync_roles(db.session(), app.extensions["appbuilder"])
        db.session.remove()
        engine = db.engine
        with Session(engine) as session:
            writer = _accounts(session)
        with engine.begin() as connection:
            load(connection, projects, user_id=writer)
        with Session(engine) as session:
            _ready_projects(session, ready)
    create_bare(url, grant=True)
    _settle(url)


def _settle(url: str) -> None:
    """What PostgreSQL does by itself within a minute of such a load, so that no page is measured in that minute."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _accounts(session: Session) -> int:
    root = session.scalars(select(Bureau).where(Bureau.parent_id.is_(None))).one()
    for name, role in ((REVIEWER, Role.REVIEWER), (MANAGER, Role.MANAGER), (ACCOUNT, None)):
        session.add(
            User(
                username=name, first_name=name, last_name="", display_name=f"演示{name}", active=True,
                email=f"{name}@local.invalid", password=STORED, bureau=root if role else None,
                roles=list(session.scalars(select(FabRole).where(FabRole.name == role))) if role else [],
                must_change_password=False,
            )
        )  # fmt: skip
    session.commit()
    return session.scalars(select(User.id).where(User.username == MANAGER)).one()


def _ready_projects(session: Session, count: int) -> None:
    """Submitted through the services, so that they can be approved: a decision wants the snapshot to be true."""
    _organization, applicant = builders.registered(session, 9_001)
    session.execute(update(User).where(User.username == APPLICANT).values(password=STORED))
    session.commit()
    reviewer: Actor = builders.actor_of(session, session.scalars(select(User).where(User.username == REVIEWER)).one())
    now = SystemClock().now() - timedelta(days=1)
    record: Enterprise = builders.draft_enterprise(session, applicant, now=now, region_code="320213")
    from app.services import enterprise

    enterprise.submit(session, applicant, record.id, declared=True, now=now, limits=LIMITS)
    review.approve(session, reviewer, Kind.ENTERPRISE, record.id, now=now)
    for n in range(count):
        different = {"category_code": CATEGORIES[n % len(CATEGORIES)], "region_code": PLACES[n % len(PLACES)]}
        if different["category_code"] != "01":
            different["use_code"] = "099"
        made = builders.draft_project(session, applicant, now=now, name=f"{READY}{n}", **different)
        project.submit(session, applicant, made.id, declared=True, now=now, limits=LIMITS)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
