"""Contact data of an organization: changed by its administrator, told to the number that was on file."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.terms import Role
from app.services import organization
from models.audit import AuditEvent
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
