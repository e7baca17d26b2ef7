"""Approved projects on their way to a simulated province, for the tests of the ledger."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.cli.province_simulator import ProvinceSimulator
from app.domain.clock import FixedClock
from app.outbox.deliver import deliver_due
from app.outbox.parcel import Channel
from app.services.reference import region_codes
from models.outbox import Outbox
from models.project import Project
from tests.outbox.provinces import a_sender


def deliver(session: Session, province: ProvinceSimulator, now: datetime) -> dict[str, int]:
    """One pass of the worker."""
    sender = a_sender(province.url, **region_codes(session, "province"))
    session.rollback()
    factory = sessionmaker(session.get_bind())
    return dict(deliver_due(factory, {Channel.PROVINCE_PUSH: sender}, FixedClock(now)))


def push_of(session: Session, project: Project) -> Outbox:
    """The latest push of the project, as it stands now."""
    key = project.id
    session.rollback()
    query = select(Outbox).where(Outbox.project_id == key, Outbox.kind == Channel.PROVINCE_PUSH)
    found = session.scalars(query.order_by(Outbox.id.desc()).execution_options(populate_existing=True)).first()
    assert found is not None
    return found
