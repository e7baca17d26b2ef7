"""Contact data of an organization: changed by its administrator, told to the number that was on file."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import organization, rename
from models.audit import AuditEvent
from models.enterprise import Enterprise
from models.organization import Organization
from models.outbox import Outbox
from models.types import blind_index
from tests import builders
from tests.builders import MOBILE, NOW, Case

NEW_MOBILE = "13900001234"


def save(session: Session, case: Case, raw: dict[str, object], role: Role = Role.ADMINISTRATOR) -> Organization:
    actor = builders.staff(session, role)
    return organization.save_contact(session, actor, case.organization.id, raw, version=1, now=NOW)


def sent(session: Session) -> list[Outbox]:
    return list(session.scalars(select(Outbox).where(Outbox.dedup_key.like("sms:organization:edit:%"))))


def test_a_new_mobile_is_told_to_the_old_one(session: Session, case: Case) -> None:
    row = save(session, case, {"contact_mobile": NEW_MOBILE})

    assert [sms.payload["mobile"] for sms in sent(session)] == [MOBILE]
    assert (row.contact_mobile, row.contact_mobile_index) == (NEW_MOBILE, blind_index(NEW_MOBILE))
    assert row.version == 2


def test_both_sides_stand_masked_in_the_trail(session: Session, case: Case) -> None:
    save(session, case, {"contact_mobile": NEW_MOBILE, "contact_name": "演示新联系人"})

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "organization:edit")).one()
    assert event.before == {"contact_mobile": "138****0000", "contact_name": "演示联系人"}
    assert event.after == {"contact_mobile": "139****1234", "contact_name": "演示新联系人"}


def test_a_mask_that_comes_back_changes_nothing(session: Session, case: Case) -> None:
    row = save(session, case, {"contact_mobile": "138****0000", "contact_name": "演示联系人"})

    assert (row.contact_mobile, row.version) == (MOBILE, 1)
    assert sent(session) == []


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"contact_mobile": "12345"}, "contact_mobile"),
        ({"contact_mobile": ""}, "contact_mobile"),
        ({"contact_name": ""}, "contact_name"),
        ({"email": "不是邮箱"}, "email"),
        ({"contact_phone": "字"}, "contact_phone"),
    ],
    ids=str,
)
def test_a_faulty_input_is_named(session: Session, case: Case, raw: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(session, case, raw)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_an_older_form_is_told(session: Session, case: Case) -> None:
    save(session, case, {"contact_name": "演示先改"})

    with pytest.raises(Conflict):
        save(session, case, {"contact_name": "演示后改"})

    session.expire_all()
    assert session.get_one(Organization, case.organization.id).contact_name == "演示先改"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR], ids=str)
def test_nobody_else_changes_it(session: Session, case: Case, role: Role) -> None:
    with pytest.raises((Refused, NotFound)):
        save(session, case, {"contact_name": "演示别人"}, role)


def test_a_name_is_not_among_the_contact_data(session: Session, case: Case) -> None:
    row = save(session, case, {"name": "演示别名", "org_code": "x"})

    assert (row.name, row.version) == (case.organization.name, 1)


# Whose it is ------------------------------------------------------------------------------------------------


def unplaced(session: Session, case: Case) -> None:
    session.scalars(select(Enterprise)).one().bureau_id = None
    session.commit()


def refused(session: Session, case: Case, actor: Actor) -> bool:
    """Whether both doors refuse, and the page's question says the same."""
    row = session.get_one(Organization, case.organization.id, populate_existing=True)
    before, closed = row.version, []
    named = {"name": f"{row.name}改", "org_code": row.org_code, "effective_on": "2026-11-20", "reason": "演示"}
    for act in (
        lambda: organization.save_contact(session, actor, row.id, {"contact_name": "演示换人"}, version=None, now=NOW),
        lambda: rename.rename(session, actor, row.id, named, version=None, now=NOW),
    ):
        try:
            act()
            closed.append(False)
        except Refused as refusal:
            closed.append(refusal.code == "bureau")
        except NotFound:  # out of sight altogether
            closed.append(True)
    assert closed == [organization.why_not(session, actor, row) is not None] * 2
    assert (session.get_one(Organization, row.id, populate_existing=True).version == before) is all(closed)
    return all(closed)


@pytest.mark.parametrize(("bureau", "closed"), [("320281", False), ("320200", False), ("320213", True)])
def test_a_project_elsewhere_shows_an_organization_and_does_not_open_it(
    session: Session, case: Case, bureau: str, closed: bool
) -> None:
    builders.submitted_project(session, case.applicant, region_code="320213")

    assert refused(session, case, builders.staff(session, Role.ADMINISTRATOR, bureau=bureau)) is closed


@pytest.mark.parametrize(
    ("regions", "bureau", "closed"),
    [
        ((), "320281", True), ((), "320200", False), (("320281",), "320281", False), (("320281",), "320213", True),
        (("320281", "320213"), "320281", True), (("320281", "320213"), "320200", False),
    ],
)  # fmt: skip
def test_an_organization_without_a_place_is_where_all_its_projects_are(
    session: Session, case: Case, regions: tuple[str, ...], bureau: str, closed: bool
) -> None:
    for region in regions:
        builders.submitted_project(session, case.applicant, region_code=region)
    unplaced(session, case)

    assert refused(session, case, builders.staff(session, Role.ADMINISTRATOR, bureau=bureau)) is closed
