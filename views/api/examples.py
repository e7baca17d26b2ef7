"""Examples of the interface's document; every one says that it is a demonstration."""

from typing import Any

from app.domain.api import told_of_project
from app.domain.fields import Field, FieldKind
from app.domain.fields.matter import RECORDS
from app.domain.matters import Matter

NUMBER = "3202812611230101"
DAY, INSTANT = "2026-11-23", "2026-11-23T10:00:00+08:00"
OF_PROJECT = {
    "name": "演示示例项目", "category_code": "01", "construction_nature_code": "001", "use_code": "101",
    "region_code": "320281", "address": "演示路 1 号", "approval_document_number": "演发改〔2026〕1号",
    "approval_authority": "演示发展改革委", "approval_kind": "approval", "approved_on": DAY,
    "investment_10k_cny": "12000.0000", "floor_area_m2": "36000.00", "is_major": False,
    "planned_start_on": "2026-12-01", "planned_finish_on": "2028-12-01",
}  # fmt: skip
PROJECT: dict[str, Any] = {
    "number": NUMBER,
    "status": "issued",
    "issued_on": DAY,
    "version": 1,
    "builder": {"name": "演示示例建设有限公司", "org_code": "PDY00012-4", "uscc": None},
    "province": "received",
    "fields": {field.name: OF_PROJECT.get(field.name) for field in told_of_project()},
    "matters": [{"matter": "construction_permit", "status": "open", "changed_at": INSTANT}],
}
MATTER: dict[str, Any] = {
    "number": NUMBER, "matter": "construction_permit", "status": "accepted", "words": None, "changed_at": INSTANT,
    "version": 2, "records": [],
}  # fmt: skip
CHANGES: dict[str, Any] = {
    "changes": [
        {"cursor": "41", "at": INSTANT, "event": "project.approved", "number": NUMBER, "matter": None},
        {"cursor": "57", "at": INSTANT, "event": "matter.accepted", "number": NUMBER, "matter": "construction_permit"},
    ],
    "cursor": "60",
    "has_more": False,
}
PLAIN = {
    FieldKind.DATE: DAY, FieldKind.DECIMAL: "100", FieldKind.INTEGER: 0, FieldKind.BOOLEAN: True,
}  # fmt: skip


def record_of(matter: Matter) -> dict[str, Any]:
    """A record that the matter takes."""
    return {field.name: _value(field) for field in RECORDS[matter] if field.name != "valid_until"}


def _value(field: Field) -> Any:
    if field.choices:
        return field.choices[0][0]
    if field.pattern:  # a code of a party
        return "PDY00012-4"
    return PLAIN.get(field.kind, "演-1" if field.name.endswith("number") else "演示内容")
