"""All tables. Importing this package makes `Model.metadata` complete; it knows no rule and no request."""

from models.base import Model  # isort: skip  # first: it names the constraints of every table that follows
from models import (
    audit_marks,  # noqa: F401 - its listener marks each event of the trail
    search,  # noqa: F401 - its listeners keep names and grams in step
)
from models.account_request import AccountRequest
from models.api_key import ApiKey
from models.assignment import Assignment
from models.attachment import Attachment
from models.audit import AuditEvent, AuditSeal
from models.bureau import Bureau, Contact
from models.calendar import CalendarOverride, CalendarYear
from models.call_note import CallNote
from models.case_note import CaseNote
from models.clock_span import ClockSpan
from models.counter_visit import CounterVisit
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.enterprise import Enterprise
from models.export_job import ExportJob
from models.hand_over import HandOver
from models.inbox_message import InboxMessage
from models.issued_report import IssuedReport
from models.known_address import KnownAddress
from models.mandate import Mandate
from models.matter import MatterRecord, ProjectMatter
from models.matter_rule import MatterItem, MatterRule
from models.notice_template import NoticeTemplate
from models.number import NumberCounter, NumberRegister
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.originals_check import OriginalsCheck
from models.outbox import Outbox
from models.pending_act import PendingAct
from models.project import Project
from models.push_attempt import PushAttempt
from models.reconciliation import Reconciliation
from models.reference_stamp import ReferenceStamp
from models.region import Region, RegionAlias
from models.review import ReturnItem, Review
from models.saved_view import SavedView
from models.search_gram import SearchGram
from models.sent_form import SentForm
from models.shown_error import ShownError
from models.submission import Submission
from models.unit_work import UnitFiling, UnitSubmission, UnitWork
from models.unsaved_entry import UnsavedEntry
from models.user import ConsoleUser, User
from models.user_session import UserSession

__all__ = [
    "AccountRequest",
    "ApiKey",
    "Assignment",
    "Attachment",
    "AuditEvent",
    "AuditSeal",
    "Bureau",
    "CalendarOverride",
    "CalendarYear",
    "CallNote",
    "CaseNote",
    "ClockSpan",
    "ConsoleUser",
    "Contact",
    "CounterVisit",
    "DictionaryEntry",
    "Enterprise",
    "ExportJob",
    "HandOver",
    "InboxMessage",
    "IssuedReport",
    "KnownAddress",
    "Mandate",
    "MatterItem",
    "MatterRecord",
    "MatterRule",
    "Model",
    "NoticeTemplate",
    "NumberCounter",
    "NumberRegister",
    "Organization",
    "OrganizationChange",
    "OriginalsCheck",
    "Outbox",
    "PendingAct",
    "Project",
    "ProjectMatter",
    "PushAttempt",
    "Reconciliation",
    "ReferenceStamp",
    "Region",
    "RegionAlias",
    "RequiredDocument",
    "ReturnItem",
    "ReturnReason",
    "Review",
    "SavedView",
    "SearchGram",
    "SentForm",
    "ShownError",
    "Submission",
    "UnitFiling",
    "UnitSubmission",
    "UnitWork",
    "UnsavedEntry",
    "User",
    "UserSession",
]
