"""What the interface for other systems (事项系统) offers: scopes of a key, what of a project is told, what is news.

Tables that an officer could read; the refusals, the OpenAPI document and the tests are derived from them (SPEC §7).
"""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.fields import PROJECT, Field
from app.domain.matters import Matter, MatterAction
from app.domain.terms import N_, Action


class KeyScope(StrEnum):
    """What a key may do. The public look-up needs none."""

    READ_PROJECTS = "projects:read"
    WRITE_MATTERS = "matters:write"
    READ_CHANGES = "changes:read"


SCOPE_WORDS: Mapping[KeyScope, str] = {
    KeyScope.READ_PROJECTS: N_("读取项目和事项"),
    KeyScope.WRITE_MATTERS: N_("回写所选事项的办理结果"),
    KeyScope.READ_CHANGES: N_("读取变更"),
}

MOST_DAYS = 366  # a key is renewed every year
LEAST_DAYS = 1
TOLD_BEFORE = (30, 7)  # days before its end on which a key's administrators are told, the first first

# Of the project's inputs, those that stay here: the person in charge and what is written for the bureau alone.
KEPT_BACK = frozenset({"contact_name", "contact_mobile", "email", "remarks"})


def told_of_project() -> tuple[Field, ...]:
    """The inputs of a project that other systems read."""
    return tuple(field for field in PROJECT if not (field.name in KEPT_BACK or field.personal or field.locked))


# News by the tag of the audit trail: what a reader of the change feed is told.
PROJECT_NEWS: Mapping[str, str] = {
    f"project:{Action.APPROVE}": "project.approved",
    f"project:{Action.UNLOCK}": "project.reopened",
    f"project:{Action.RELOCK}": "project.relocked",
    f"project:{Action.VOID}": "project.voided",
}
MATTER_NEWS: Mapping[str, str] = {
    f"matter:{MatterAction.ACCEPT}": "matter.accepted",
    f"matter:{MatterAction.SUPPLEMENT}": "matter.supplement_asked",
    f"matter:{MatterAction.RECORD}": "matter.recorded",
    f"matter:{MatterAction.REJECT}": "matter.rejected",
    f"matter:{MatterAction.CLOSE}": "matter.closed",
}
NEWS: Mapping[str, str] = {**PROJECT_NEWS, **MATTER_NEWS}
CORRECTED = "project.corrected"  # approved again: the number is the same, what was approved is new
EVENTS = (*NEWS.values(), CORRECTED)


def news_of(action: str, after: Mapping[str, object]) -> str:
    """What a reader of the change feed is told of an event of the trail."""
    return CORRECTED if after.get("correction") else NEWS[action]


# What a system may do with its matter: a person's steps, and the record that ends it.
STEPS = (MatterAction.ACCEPT, MatterAction.SUPPLEMENT, MatterAction.REJECT, MatterAction.RECORD)


def is_matter(name: str) -> bool:
    """Is it the name of one of the seven?"""
    return name in set(Matter)
