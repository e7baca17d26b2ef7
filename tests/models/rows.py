"""The smallest rows that the tables accept, for tests about the tables themselves."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import UnitKind
from models import (
    Attachment,
    Bureau,
    Enterprise,
    IssuedReport,
    NumberRegister,
    Organization,
    OrganizationChange,
    Project,
    Submission,
    User,
)
from models.types import blind_index

NOW = datetime(2016, 1, 11, 1, 30, tzinfo=UTC)
_serial = count(1)


def organization(**values: Any) -> Organization:
    number = next(_serial)
    defaults = {
        "org_code": f"PDY{number:05}-X",
        "name": f"演示单位{number}",
        "unit_kind": UnitKind.ENTERPRISE.value,
        "contact_name": "演示联系人",
        "contact_mobile": "13800000000",
        "contact_mobile_index": blind_index("13800000000"),
        "privacy_notice_version": "1",
        "privacy_consented_at": NOW,
        "registered_at": NOW,
    }
    return Organization(**defaults | values)


def user(**values: Any) -> User:
    number = next(_serial)
    defaults = {
        "first_name": "演示",
        "last_name": str(number),
        "username": f"demo{number}",
        "email": f"demo{number}@local.invalid",
    }
    return User(**defaults | values)


def enterprise(owner: Organization, **values: Any) -> Enterprise:
    defaults = {
        "organization": owner,
        "name": owner.name,
        "org_code": owner.org_code,
        "unit_kind": owner.unit_kind,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Enterprise(**defaults | values)


def project(owner: Organization | None = None, **values: Any) -> Project:
    defaults = {
        "organization": owner or organization(),
        "name": "演示项目",
        "created_by": values.get("created_by") or user(),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Project(**defaults | values)


def submission(record: Project, **values: Any) -> Submission:
    defaults = {
        "project": record,
        "sequence": 1,
        "snapshot": {"name": record.name},
        "content_hash": "0" * 64,
        "rule_version": "1",
        "submitted_by": record.created_by,
        "submitted_at": NOW,
    }
    return Submission(**defaults | values)


def issued_number(record: Project, sequence: int = 1, **values: Any) -> NumberRegister:
    defaults = {
        "number": f"32028116011001{sequence:02}",
        "region_code": "320281",
        "issued_on": date(2016, 1, 10),
        "category_code": "01",
        "sequence": sequence,
        "project": record,
        "organization": record.organization,
        "origin": "issued",
        "issued_at": NOW,
    }
    return NumberRegister(**defaults | values)


def attachment(record: Project, **values: Any) -> Attachment:
    defaults = {
        "organization": record.organization,
        "project": record,
        "slot": "approval_document",
        "original_name": "演示.pdf",
        "sha256": "a" * 64,
        "size_bytes": 1,
        "page_count": 1,
        "uploaded_by": record.created_by,
        "uploaded_at": NOW,
    }
    return Attachment(**defaults | values)


def issued_report(session: Session, manager: User, **values: Any) -> IssuedReport:
    defaults = {
        "kind": "monthly",
        "month": "2016-01",
        "bureau_id": session.scalars(select(Bureau.id)).first(),
        "edition": 1,
        "definition_version": "1",
        "figures": [],
        "row_ids": {},
        "content_hash": "0" * 64,
        "issued_by_id": manager.id,
        "issued_at": NOW,
    }
    return IssuedReport(**defaults | values)


def organization_change(record: Project, **values: Any) -> OrganizationChange:
    owner = record.organization
    defaults = {
        "organization_id": owner.id,
        "name_before": owner.name,
        "name_after": f"{owner.name}（新）",
        "org_code_before": owner.org_code,
        "org_code_after": owner.org_code,
        "effective_on": date(2016, 1, 10),
        "reason": "演示",
        "changed_by_id": record.created_by_id,
        "changed_at": NOW,
    }
    return OrganizationChange(**defaults | values)


def later(minutes: int = 1) -> datetime:
    return NOW + timedelta(minutes=minutes)
