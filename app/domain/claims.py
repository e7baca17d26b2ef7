"""Who may hold a case (认领): what a claim needs for as long as it lasts, and what it does without."""

from dataclasses import dataclass

from app.domain.terms import N_, Role

ENDED = N_("办理人的账号、角色或部门已变更，认领自动结束。")


@dataclass(frozen=True)
class Person:
    """A member of staff, as far as a claim depends on them."""

    is_active: bool
    roles: frozenset[str]
    bureau_ids: frozenset[int]  # own bureau and those below
    organization_id: int | None  # where they belong to a project owner


def may_hold(person: Person, *, bureau_id: int | None, organization_id: int) -> bool:
    """May this person hold a case of the bureau and the organization? A claim of somebody else binds nobody."""
    at_work = person.is_active and Role.REVIEWER in person.roles
    return at_work and bureau_id in person.bureau_ids and person.organization_id != organization_id
