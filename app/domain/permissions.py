"""Who may open what: the permission matrix, read top to bottom, deny by default.

Resources are the route bases of SPEC §7; verbs are screens (list, show, add, edit) and acts (workflow.Action).
A right on an act does not decide it: the life cycle and the row scope still have their say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.terms import Role

Matrix = Mapping[Role, Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class Actor:
    """A person (or the worker) as the services know them; built once per request, never from form data."""

    user_id: int | None
    username: str
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    organization_id: int | None = None
    bureau_id: int | None = None
    bureau_ids: frozenset[int] = field(default_factory=frozenset)  # own bureau and those below
    is_root: bool = False  # works at the root bureau
    matters: frozenset[str] = field(default_factory=frozenset)  # of the seven, those that a matter clerk records
    address: str | None = None
    request_id: str | None = None
    key_id: int | None = None  # of the API key that another system came in by

    @property
    def is_staff(self) -> bool:
        """Holds any role but the applicant's."""
        return bool(self.roles - {Role.APPLICANT})


SYSTEM_ACTOR = Actor(user_id=None, username="system", name="系统", roles=frozenset({"system"}))
ANONYMOUS = Actor(user_id=None, username="", name="")


def _verbs(text: str) -> frozenset[str]:
    return frozenset(text.split())


_READ = "list show"

_KEPT = "list show add edit"  # data that an administrator keeps in order

PERMISSIONS: Matrix = {
    Role.APPLICANT: {
        "enterprises": _verbs("list show add edit delete submit reopen"),
        "projects": _verbs("list show add edit delete submit withdraw unit_works export"),
        "matters": _verbs(_READ),
        "unit_works": _verbs("list show edit submit"),
        "attachments": _verbs("show add remove"),
        "reviews": _verbs(_READ),
        "inbox": _verbs("list"),
        "exports": _verbs(_READ),
        "saved_views": _verbs("add delete"),
    },
    Role.COUNTER_CLERK: {
        "counter": _verbs("list check hand_over"),
        "account_requests": _verbs("list show add"),
        "calls": _verbs("list show note resend unlock"),
        "organizations": _verbs(_READ),
        "enterprises": _verbs(_READ),
        "projects": _verbs("list show return note"),
        "unit_works": _verbs(_READ),
        "attachments": _verbs("show add"),
        "mandates": _verbs("list show add revoke"),
        "reviews": _verbs(_READ),
        "numbers": _verbs(_READ),
        "notices": _verbs(_READ),
        "simulator": _verbs("list"),
        "saved_views": _verbs("add delete"),
        "styleguide": _verbs("list"),
    },
    Role.REVIEWER: {
        "worklist": _verbs("list"),
        "calls": _verbs("list show note"),
        "organizations": _verbs(_READ),
        "enterprises": _verbs("list show claim release approve return transfer note export"),
        "projects": _verbs("list show claim release approve return transfer note export"),
        "unit_works": _verbs("list show approve return"),
        "attachments": _verbs("show"),
        "mandates": _verbs(_READ),
        "reviews": _verbs("list show export"),
        "matters": _verbs(_READ),
        "numbers": _verbs("list show export"),
        "pushes": _verbs(_READ),
        "exports": _verbs(_READ),
        "simulator": _verbs("list"),
        "saved_views": _verbs("add delete"),
        "styleguide": _verbs("list"),
    },
    Role.MATTER_CLERK: {
        "matters": _verbs("list show record"),
        "projects": _verbs(_READ),
        "unit_works": _verbs(_READ),
        "simulator": _verbs("list"),
        "saved_views": _verbs("add delete"),
        "styleguide": _verbs("list"),
    },
    Role.MANAGER: {
        "workloads": _verbs("list"),
        "reports": _verbs("list show issue export"),
        "organizations": _verbs(_READ),
        "enterprises": _verbs("list show export"),
        "projects": _verbs("list show export"),
        "unit_works": _verbs(_READ),
        "reviews": _verbs("list show export"),
        "matters": _verbs(_READ),
        "numbers": _verbs("list show export"),
        "pushes": _verbs(_READ),
        "exports": _verbs(_READ),
        "simulator": _verbs("list"),
        "saved_views": _verbs("add delete"),
        "styleguide": _verbs("list"),
    },
    Role.ADMINISTRATOR: {
        "worklist": _verbs("list"),
        "workloads": _verbs("list"),
        "pending_acts": _verbs("list show confirm refuse withdraw"),
        "account_requests": _verbs("list show confirm refuse"),
        "calls": _verbs("list show note resend unlock"),
        "organizations": _verbs("list show add edit rename"),
        "enterprises": _verbs("list show take_back assign unlock void transfer note export"),
        "projects": _verbs("list show take_back assign unlock void transfer allow_duplicate note export"),
        "unit_works": _verbs("list show unlock"),
        "attachments": _verbs("show"),
        "mandates": _verbs(_READ),
        "reviews": _verbs("list show export"),
        "matters": _verbs(_READ),
        "numbers": _verbs("list show export"),
        "notices": _verbs(_READ),
        "pushes": _verbs("list show replay"),
        "reports": _verbs("list show export"),
        "exports": _verbs(_READ),
        "imports": _verbs("list add"),
        "users": _verbs(_KEPT),
        "api_keys": _verbs("list show add revoke"),
        "roles": _verbs(_READ),
        "contacts": _verbs(f"{_KEPT} delete"),
        "bureaus": _verbs(_KEPT),
        "regions": _verbs(_KEPT),
        "dictionaries": _verbs(_KEPT),
        "required_documents": _verbs(_KEPT),
        "matter_rules": _verbs("list show edit"),
        "matter_items": _verbs(_KEPT),
        "return_reasons": _verbs(_KEPT),
        "notice_templates": _verbs("list show edit"),
        "calendar": _verbs(f"{_KEPT} delete publish"),
        "simulator": _verbs("list set"),
        "saved_views": _verbs("add delete"),
        "styleguide": _verbs("list"),
    },
    Role.AUDITOR: {
        "audit": _verbs(_READ),
        "simulator": _verbs("list"),
        "saved_views": _verbs("add delete"),
        "styleguide": _verbs("list"),
    },
}

# What every bureau works by is changed by an administrator of the root bureau only (SPEC §1); others read it.
ROOT_ONLY: frozenset[str] = frozenset(
    {
        "bureaus",
        "regions",
        "dictionaries",
        "required_documents",
        "return_reasons",
        "notice_templates",
        "calendar",
        "matter_rules",
        "matter_items",
    }
)
READING: frozenset[str] = _verbs(_READ)

# Two staff hats that one person may not wear together (SPEC §1).
EXCLUSIVE_ROLES: tuple[frozenset[Role], ...] = (frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),)


def at_odds(roles: frozenset[str]) -> bool:
    """Do these roles hold two hats that one person may not wear together?"""
    return any(pair <= roles for pair in EXCLUSIVE_ROLES)


def may(roles: frozenset[str], resource: str, verb: str) -> bool:
    """Does any of these roles have the verb on the resource? For ROOT_ONLY ask `root_may`, too."""
    return any(verb in PERMISSIONS.get(Role(r), {}).get(resource, ()) for r in roles if r in set(Role))


def root_may(is_root: bool, resource: str, verb: str) -> bool:
    """Is the verb open from this person's bureau? Only the root bureau changes what all bureaus work by."""
    return is_root or resource not in ROOT_ONLY or verb in READING
