"""建设单位 from a workbook: one unit once in any spelling, old check digits kept and flagged, a closed account."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import import_batch
from app.services.import_verdict import Report
from models.audit import AuditEvent
from models.organization import Organization
from models.outbox import Outbox
from models.user import User
from tests import builders
from tests.services import import_files as files

USCC = "91320200724183068U"  # of DOMAIN §3's vectors


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def store(session: Session, admin: Actor, *rows: files.Row) -> Report:
    return import_batch.store(session, admin, files.organizations(session, *rows), now=builders.NOW)


def problems(report: Report, place: int = 0) -> dict[str, str]:
    return {problem.field: str(problem.sentence) for problem in list(report)[place].problems}


def test_a_unit_comes_with_a_closed_account_and_nobody_is_told(session, admin):
    store(session, admin, files.organization_row(800))

    unit = session.scalars(select(Organization)).one()
    user = session.scalars(select(User).where(User.organization_id == unit.id)).one()
    assert (unit.name, unit.unit_kind, unit.contact_mobile) == ("演示历史单位800", "government", builders.MOBILE)
    assert (unit.privacy_notice_version, user.username) == ("not-asked", unit.org_code)
    assert (user.password, user.must_change_password, user.initial_password_expires_at) == ("!", True, None)
    assert session.scalar(select(func.count()).select_from(Outbox)) == 0


def test_any_spelling_of_a_known_code_is_the_known_unit(session, admin):
    unit, _ = builders.registered(session, 801, name="演示历史单位801")
    spelled = unit.org_code.replace("-", "").lower()

    report = store(session, admin, files.organization_row(801, org_code=spelled))

    assert report.counts == {"new": 0, "unchanged": 1, "conflict": 0, "bad": 0}


def test_codes_of_history_with_wrong_check_digits_are_kept_and_flagged(session, admin):
    report = store(session, admin, files.organization_row(0, org_code="32451269-1"))

    remark = next(iter(report)).remarks[0]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "organization:import")).one()
    assert session.scalars(select(Organization.org_code)).one() == "32451269-1"
    assert (remark.field, event.after["flags"]) == ("org_code", ["org_code"])


def test_a_unified_code_brings_the_org_code(session, admin):
    store(session, admin, files.organization_row(0, org_code=None, uscc=USCC.lower()))

    assert session.execute(select(Organization.org_code, Organization.uscc)).one() == ("72418306-8", USCC)


def test_a_name_that_differs_is_a_conflict_and_never_overwritten(session, admin):
    builders.registered(session, 802)

    report = store(session, admin, files.organization_row(802, name="演示别名"))

    assert problems(report) == {"name": "与已登记的不同，不覆盖；已登记的是「演示建设单位802」。"}
    assert session.scalars(select(Organization.name)).one() == "演示建设单位802"


def test_what_another_bureau_has_on_record_is_not_told(session, case, admin):
    elsewhere = builders.staff(session, Role.ADMINISTRATOR, bureau="320282")
    row = files.organization_row(0, org_code=case.organization.org_code, name="演示别名", unit_kind="企业")

    theirs, own = problems(store(session, elsewhere, row)), problems(store(session, admin, row))

    assert theirs["name"] == "与已登记的不同，不覆盖。"
    assert case.organization.name in own["name"]


BAD = {
    "shape": ({"org_code": "123"}, "org_code", "应为 9 位"),
    "codes at odds": ({"uscc": USCC}, "org_code", "不一致"),
    "no kind": ({"unit_kind": None}, "unit_kind", "请选择单位性质"),
    "unknown kind": ({"unit_kind": "公司"}, "unit_kind", "请从列表中选择"),
    "mobile": ({"contact_mobile": "12345"}, "contact_mobile", "手机号应为"),
    "no name": ({"name": None}, "name", "请填写单位名称"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_row_is_judged_like_a_registration(session, admin, name):
    different, field, sentence = BAD[name]

    report = store(session, admin, files.organization_row(803, **different), files.organization_row(804))

    assert sentence in problems(report)[field]
    assert session.scalar(select(func.count()).select_from(Organization)) == 0


def test_one_unit_twice_in_a_file_is_once_too_often(session, admin):
    report = store(session, admin, files.organization_row(805), files.organization_row(805, name="演示另一个"))

    assert problems(report, 1) == {"org_code": "与第 2 行重复。"}


@pytest.mark.parametrize("spelled", [str, str.lower])
def test_the_account_name_of_a_member_of_staff_is_no_unit(session, admin, spelled):
    builders.staff(session, Role.REVIEWER, name=spelled("A0000000-X"))

    report = store(session, admin, files.organization_row(806, org_code="A0000000-X"))

    assert problems(report) == {"org_code": "这个代码已被一个账号使用。"}
    assert session.scalar(select(func.count()).select_from(Organization)) == 0


def test_markup_in_a_name_is_kept_as_text(session, admin):
    store(session, admin, files.organization_row(807, name="<script>alert(1)</script>"))

    assert session.scalars(select(Organization.name)).one() == "<script>alert(1)</script>"
