"""Fill a database with many plausible projects, fast: rows straight into the tables, past services and session.

Every row is in a valid state with what belongs to it: an organization with its approved enterprise record, and for a
project its scan, submission, decision, register row and push. Names say 演示. Encrypted columns that may be empty are.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from app.domain.fields import RULE_VERSION
from app.domain.identifiers import org_code_check_character
from app.domain.number import LIMIT, ProjectNumber
from app.domain.terms import Status
from models.attachment import Attachment
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.number import NumberRegister
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project
from models.review import Review
from models.submission import Submission
from models.types import EncryptedJson, EncryptedText, blind_index

BATCH = 5_000
TENTH = 10  # projects to an organization
BEGINS = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
DAYS = 680
PLACES = (
    "滨江",
    "城东",
    "城西",
    "华士",
    "周庄",
    "新桥",
    "璜土",
    "月城",
    "青阳",
    "徐霞客",
    "长泾",
    "顾山",
    "祝塘",
    "南闸",
)
COMMON, RARE = "学校", "隧道"  # in about a quarter and in two of a thousand names
THINGS = ("住宅", "厂房", "医院", "道路", "桥梁", "泵站", "公园", "仓库", "菜场", "车站", "管网", "养老院")
UNITS = ("教育发展中心", "城市建设有限公司", "置业有限公司", "水务有限公司", "镇人民政府", "交通投资有限公司")
CHANCES = {
    Status.APPROVED: 62, Status.SUBMITTED: 20, Status.RETURNED: 8, Status.DRAFT: 8, Status.VOIDED: 2,
}  # fmt: skip
LEVELS, CATEGORIES, NATURES = ("001", "002", "003", "004"), ("01", "02", "99"), ("001", "002", "003")


def load(connection: Connection, projects: int, *, user_id: int) -> None:
    """Add that many projects and a tenth as many organizations, all written by this account; then count statistics."""
    chance = random.Random(projects)  # the same rows on either database
    first = {model: _next_key(connection, model) for model in (Organization, Enterprise, Project, Submission, Review)}
    bureaus = connection.execute(select(Bureau.id, Bureau.region_code).where(Bureau.parent_id.is_not(None))).all()
    organizations = max(1, projects // TENTH)
    owners = list(_organizations(first, organizations, bureaus, user_id))
    _write_owners(connection, owners)
    keys = {"submission": first[Submission], "review": first[Review]}
    numbers = _Numbers()
    for batch in _chunks(projects):
        cases = [_case(n, first, keys, numbers, owners, bureaus, user_id, chance) for n in batch]
        for model in (Project, Submission, Review, NumberRegister, Attachment, Outbox):
            rows = [case[model] for case in cases if model in case]
            if model is Project:  # the two rows point at each other
                _put(connection, model, [{**row, "submission_id": None} for row in rows])
            else:
                _put(connection, model, rows)
    _point_at_submissions(connection)
    _finish(connection)


def _chunks(total: int) -> Iterator[range]:
    return (range(start, min(start + BATCH, total)) for start in range(0, total, BATCH))


def _next_key(connection: Connection, model: Any) -> int:
    return (connection.scalar(select(func.max(model.id))) or 0) + 1


# Rows ------------------------------------------------------------------------------------------------------


def _organizations(
    first: dict[Any, int], count: int, bureaus: Any, user_id: int
) -> Iterator[dict[Any, dict[str, Any]]]:
    closed = EncryptedText("organization.contact_mobile").process_bind_param("13800000000", None)  # type: ignore[arg-type]
    index = blind_index("13800000000")
    for n in range(count):
        body = f"PE{n:06d}"
        code = f"{body}-{org_code_check_character(body)}"
        bureau = bureaus[n % len(bureaus)]
        name = f"演示{PLACES[n % len(PLACES)]}{UNITS[n % len(UNITS)]}{n}"
        own = {
            "id": first[Organization] + n, "org_code": code, "name": name, "unit_kind": "enterprise",
            "contact_name": "演示联系人", "contact_mobile": Closed(closed), "contact_mobile_index": index,
            "privacy_notice_version": "1", "privacy_consented_at": BEGINS, "registered_at": BEGINS, "version": 1,
        }  # fmt: skip
        record = {
            "id": first[Enterprise] + n, "organization_id": own["id"], "bureau_id": bureau.id, "name": name,
            "org_code": code, "unit_kind": "enterprise", "region_code": bureau.region_code, "address": "演示路1号",
            "legal_representative": "演示法人", "status": Status.APPROVED, "version": 2, "submission_count": 0,
            "submitted_at": BEGINS, "decided_at": BEGINS, "created_at": BEGINS, "updated_at": BEGINS,
        }  # fmt: skip
        scan = _scan(own["id"], f"e{n}", "business_license", user_id, BEGINS, enterprise_id=record["id"])
        yield {Organization: own, Enterprise: record, Attachment: scan}


class Closed(str):
    """A value that is encrypted already: written as it is."""

    __slots__ = ()


class _Numbers:
    """Numbers of the register, counted per district, day and category as the product counts them."""

    def __init__(self) -> None:
        self.taken: dict[tuple[str, date, str], int] = {}

    def next(self, region: str, day: date, category: str) -> tuple[date, int]:
        """The day and the running number; a full day gives way to the next."""
        while self.taken.get((region, day, category), 0) >= LIMIT:
            day += timedelta(days=1)
        self.taken[region, day, category] = self.taken.get((region, day, category), 0) + 1
        return day, self.taken[region, day, category]


def _case(
    n: int,
    first: dict[Any, int],
    keys: dict[str, int],
    numbers: _Numbers,
    owners: list[Any],
    bureaus: Any,
    user_id: int,
    chance: random.Random,
) -> dict[Any, dict[str, Any]]:
    """One project with everything that its state says it has."""
    status = chance.choices(list(CHANCES), weights=list(CHANCES.values()))[0]
    bureau, owner = chance.choice(bureaus), owners[n % len(owners)][Organization]
    began = BEGINS + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(480))
    project = _project(n, first[Project] + n, status, bureau, owner, began, user_id, chance)
    scan = _scan(owner["id"], f"p{n}", "approval_document", user_id, began, project_id=project["id"])
    case: dict[Any, dict[str, Any]] = {Project: project, Attachment: scan}
    if status in (Status.DRAFT, Status.VOIDED):
        return case
    case[Submission] = _submission(keys, project, user_id)
    if status in (Status.RETURNED, Status.APPROVED):
        case[Review] = _review(keys, case[Submission], status, user_id)
        project["decided_at"] = case[Review]["decided_at"]
    if status == Status.APPROVED:
        case[NumberRegister], case[Outbox] = _numbered(project, case, numbers, user_id), _push(project)
    return case


def _project(
    n: int,
    key: int,
    status: Status,
    bureau: Any,
    owner: dict[str, Any],
    began: datetime,
    user_id: int,
    chance: random.Random,
) -> dict[str, Any]:
    thing = COMMON if chance.random() < 0.25 else RARE if chance.random() < 0.002 else chance.choice(THINGS)
    handed_in = began + timedelta(days=2) if status not in (Status.DRAFT, Status.VOIDED) else None
    return {
        "id": key, "organization_id": owner["id"], "bureau_id": bureau.id,
        "name": f"演示{chance.choice(PLACES)}{thing}工程{n}", "category_code": chance.choice(CATEGORIES),
        "construction_nature_code": chance.choice(NATURES), "use_code": "304", "region_code": bureau.region_code,
        "address": f"演示路{n % 900 + 1}号", "approval_kind": "approval",
        "approval_document_number": f"演发改投〔{began.year}〕{n}号", "approval_authority": "演示发展和改革委员会",
        "approval_key": f"{n:064x}", "approved_on": began.date(), "approval_level_code": chance.choice(LEVELS),
        "funding_nature_code": "101", "investment_10k_cny": Decimal(chance.randrange(10_000, 90_000_000)) / 100,
        "floor_area_m2": Decimal(chance.randrange(50_000, 9_000_000)) / 100, "scale": "演示规模", "is_major": False,
        "planned_start_on": date(2027, 3, 1), "planned_finish_on": date(2028, 8, 20), "contact_name": "演示经办人",
        "duplicate_allowed": False, "created_by_id": user_id, "status": status, "version": 1,
        "submission_count": 1 if handed_in else 0, "submitted_at": handed_in, "created_at": began, "updated_at": began,
        "due_on": handed_in.date() + timedelta(days=7) if handed_in and status == Status.SUBMITTED else None,
    }  # fmt: skip


def _scan(organization_id: int, mark: str, slot: str, user_id: int, at: datetime, **owner: int) -> dict[str, Any]:
    return {
        "organization_id": organization_id, "enterprise_id": None, "project_id": None, **owner, "slot": slot,
        "original_name": "演示.pdf", "sha256": mark.encode().hex().rjust(64, "0"), "size_bytes": 1000,
        "page_count": 1, "uploaded_by_id": user_id, "uploaded_at": at,
    }  # fmt: skip


def _submission(keys: dict[str, int], project: dict[str, Any], user_id: int) -> dict[str, Any]:
    keys["submission"] += 1
    return {
        "id": keys["submission"], "project_id": project["id"], "sequence": 1, "snapshot": SNAPSHOT.value,
        "content_hash": "0" * 64, "rule_version": RULE_VERSION, "submitted_by_id": user_id,
        "submitted_at": project["submitted_at"], "due_on": project["submitted_at"].date() + timedelta(days=7),
    }  # fmt: skip


class _Snapshot:
    """One closed snapshot, made when the first row asks: the keys are known by then."""

    @property
    def value(self) -> Closed:
        if not hasattr(self, "_kept"):
            plain = {"kind": "project", "organization": {}, "fields": {"name": "演示"}, "attachments": []}
            closed = EncryptedJson("submission.snapshot").process_bind_param(plain, None)  # type: ignore[arg-type]
            self._kept = Closed(closed)
        return self._kept


class _Payload(_Snapshot):
    """The same for what was pushed to the province."""

    @property
    def value(self) -> Closed:
        if not hasattr(self, "_kept"):
            closed = EncryptedJson("outbox.payload").process_bind_param({"演示": True}, None)  # type: ignore[arg-type]
            self._kept = Closed(closed)
        return self._kept


SNAPSHOT, PAYLOAD = _Snapshot(), _Payload()


def _review(keys: dict[str, int], submission: dict[str, Any], status: Status, user_id: int) -> dict[str, Any]:
    keys["review"] += 1
    return {
        "id": keys["review"], "submission_id": submission["id"], "project_id": submission["project_id"],
        "decision": "approve" if status == Status.APPROVED else "return", "stage": "review", "decided_by_id": user_id,
        "decided_at": submission["submitted_at"] + timedelta(days=3),
    }  # fmt: skip


def _numbered(project: dict[str, Any], case: dict[Any, Any], numbers: _Numbers, user_id: int) -> dict[str, Any]:
    decided = case[Review]["decided_at"]
    region, category = project["region_code"], project["category_code"]
    day, sequence = numbers.next(region, decided.date(), category)
    digits = str(ProjectNumber(region, day, category, sequence))
    project["number"], project["numbered_at"] = digits, decided
    return {
        "number": digits, "region_code": region, "issued_on": day, "category_code": category, "sequence": sequence,
        "project_id": project["id"], "organization_id": project["organization_id"],
        "submission_id": case[Submission]["id"], "review_id": case[Review]["id"], "origin": "issued",
        "status": "issued", "issued_at": decided, "issued_by_id": user_id,
    }  # fmt: skip


def _push(project: dict[str, Any]) -> dict[str, Any]:
    sent = project["numbered_at"]
    return {
        "kind": "province_push", "dedup_key": f"bench-{project['id']}", "payload": PAYLOAD.value,
        "status": "delivered", "attempts": 1, "next_attempt_at": sent, "fence": 1, "created_at": sent,
        "delivered_at": sent, "organization_id": project["organization_id"], "project_id": project["id"],
    }  # fmt: skip


# Writing -------------------------------------------------------------------------------------------------------


def _write_owners(connection: Connection, owners: list[dict[Any, dict[str, Any]]]) -> None:
    for model in (Organization, Enterprise, Attachment):
        rows = [owner[model] for owner in owners]
        for start in range(0, len(rows), BATCH):
            _put(connection, model, rows[start : start + BATCH])


def _put(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    """By COPY into PostgreSQL, by one prepared statement into SQLite; all rows have the columns of the fullest."""
    if not rows:
        return
    table: Table = model.__table__
    names = list(dict.fromkeys(name for row in rows for name in row))
    stored = list(_stored(connection, table, names, rows))
    columns = ", ".join(names)
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for values in stored:
                copy.write_row(values)
        return
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", stored)


def _stored(
    connection: Connection, table: Table, names: list[str], rows: Iterable[dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """The values as the database takes them."""
    close = [table.c[name].type._cached_bind_processor(connection.dialect) or (lambda value: value) for name in names]
    for row in rows:
        values = [row.get(name) for name in names]
        yield tuple(
            str(value) if isinstance(value, str) else None if value is None else said(value)
            for said, value in zip(close, values, strict=True)
        )


def _point_at_submissions(connection: Connection) -> None:
    connection.execute(
        text(
            "UPDATE project SET submission_id = (SELECT s.id FROM submission s WHERE s.project_id = project.id)"
            " WHERE submission_id IS NULL AND status IN ('submitted', 'returned', 'approved')"
        )
    )


def _finish(connection: Connection) -> None:
    """Search texts and grams where there are any, sort keys, the key sequences, and the planner's statistics."""
    try:
        from models import search
    except ImportError:
        pass
    else:
        search.rebuild(connection)
        _sort_names(connection)
    if connection.dialect.name == "postgresql":
        for model in (Organization, Enterprise, Project, Submission, Review):
            name = model.__tablename__
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
            )
    connection.execute(text("ANALYZE"))


def _sort_names(connection: Connection) -> None:
    """The keys that names are sorted by, where there are any."""
    try:
        from models.sorting import fill
    except ImportError:
        return
    for model in (Organization, Enterprise, Project):
        for column in model.__table__.columns:
            if "sorts" in column.info:
                fill(connection, model.__tablename__, column.info["sorts"])
