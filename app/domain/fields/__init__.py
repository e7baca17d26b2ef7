"""The one rule set: what is asked and how it is judged, for forms, services, import and API alike."""

from app.domain.fields.check import Cleaned, clean, judge, missing, missing_sentence
from app.domain.fields.codes import CodeTables, RegionPeriod
from app.domain.fields.declarations import (
    DECLARATION,
    DECLARATION_VERSION,
    PRIVACY_NOTICE_VERSION,
    RULE_VERSION,
)
from app.domain.fields.enterprise import ENTERPRISE
from app.domain.fields.field import Field, FieldKind, Label, Labels, Named, Table
from app.domain.fields.imported import NOT_ASKED_FOR_CONSENT, ORGANIZATION_IMPORT, PROJECT_IMPORT
from app.domain.fields.organization import CONTACT, RENAME
from app.domain.fields.plain import from_plain, to_plain
from app.domain.fields.project import CARRIED_OVER, PROJECT, SUBMISSION
from app.domain.fields.registration import REGISTRATION
from app.domain.fields.text import is_empty
from app.domain.fields.unit_work import UNIT_WORK

__all__ = [
    "CARRIED_OVER", "CONTACT", "DECLARATION", "DECLARATION_VERSION", "ENTERPRISE", "NOT_ASKED_FOR_CONSENT",
    "ORGANIZATION_IMPORT", "PRIVACY_NOTICE_VERSION", "PROJECT", "PROJECT_IMPORT", "REGISTRATION", "RENAME",
    "RULE_VERSION", "SUBMISSION", "UNIT_WORK", "Cleaned", "CodeTables", "Field", "FieldKind", "Label", "Labels",
    "Named", "RegionPeriod", "Table", "clean", "from_plain", "is_empty", "judge", "missing", "missing_sentence",
    "to_plain",
]  # fmt: skip
