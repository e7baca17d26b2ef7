"""Staff accounts: who makes them, what one person may not be, and what nobody does to himself."""

from datetime import timedelta
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid, NotFound, Refused
from app.domain.permissions import EXCLUSIVE_ROLES, Actor
from app.domain.terms import Role
from app.services import account_rules, accounts
from app.services.upkeep import fingerprint
from models.audit import AuditEvent
from models.user import User
from models.user_session import UserSession
from tests import builders
from tests.builders import NOW
from tests.databases import on_sqlite

DOOR = accounts.OneTime("hashed", NOW + timedelta(hours=72))


@pytest.fixture
def root(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR, bureau="320200")


@pytest.fixture
def local(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


def form(session: Session, **different: object) -> dict[str, object]:
    place = str(builders.a_bureau(session, str(different.pop("bureau", "320281"))).id)
    given = {
        "username": "new.person",
        "display_name": "演示新人",
        "bureau_id": place,
        "roles": ["reviewer"],
        "active": "y",
    }
    return {**given, **different}


def account(session: Session, actor: Actor) -> User:
    return session.get_one(User, actor.user_id, populate_existing=True)


def change(session: Session, actor: Actor, target: Actor, **different: object) -> User:
    user = account(session, target)
    values = account_rules.values_of(user)
    return accounts.change(session, actor, user.id, {**values, **different}, fingerprint(values), now=NOW)


def said(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {problem.field: str(problem.sentence) for problem in refused.value.problems}


def sign_in(session: Session, actor: Actor) -> UserSession:
    user = account(session, actor)
    visit = UserSession(
        token_hash=f"{user.id:064d}", user_id=user.id, epoch=user.session_epoch, started_at=NOW, last_seen_at=NOW,
        expires_at=NOW + timedelta(hours=8), address="-", user_agent="-",
    )  # fmt: skip
    session.add(visit)
    session.commit()
    return visit


# New accounts -------------------------------------------------------------------------------------------


def test_a_new_account_opens_nothing_but_the_change_of_its_password(session: Session, local: Actor) -> None:
    user = accounts.add(session, local, form(session, roles=["reviewer", "counter_clerk"]), DOOR, now=NOW)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "user:add")).one()
    assert (user.must_change_password, user.initial_password_expires_at) == (True, DOOR.expires_at)
    assert {role.name for role in user.roles} == {"reviewer", "counter_clerk"}
    assert (event.object_id, event.actor_id) == (user.id, local.user_id)
    assert "hashed" not in str(event.after)


def test_one_time_passwords_are_long_and_never_the_same() -> None:
    made = {accounts.one_time_password() for _ in range(100)}

    assert len(made) == 100
    assert {len(secret) for secret in made} == {14}


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "another bureau's": ({"bureau": "320213"}, "bureau_id", "请选择本部门或下级部门"),
    "the bureau above": ({"bureau": "320200"}, "bureau_id", "请选择本部门或下级部门"),
    "no role": ({"roles": []}, "roles", "请选择"),
    "an applicant": ({"roles": ["applicant"]}, "roles", "从列表中选择"),
    "an unknown role": ({"roles": ["reviewer", "king"]}, "roles", "从列表中选择"),
    "an auditor by a bureau below": ({"roles": ["auditor"]}, "roles", "由市级管理员设置"),
    "capitals": ({"username": "Admin"}, "username", "小写字母"),
    "an organization's code": ({"username": "PDY00012-4"}, "username", "小写字母"),
    "an unknown organization": ({"organization_code": builders.org_code(77)}, "organization_code", "没有这个代码"),
    "no name": ({"display_name": ""}, "display_name", "请填写"),
}


@on_sqlite
@pytest.mark.parametrize(("different", "field", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_an_account_that_cannot_be_is_refused_at_its_input(
    session: Session, local: Actor, different: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.add(session, local, form(session, **different), DOOR, now=NOW)

    assert sentence in said(refused)[field]
    assert session.scalars(select(User).where(User.username == "new.person")).all() == []


@pytest.mark.parametrize("pair", EXCLUSIVE_ROLES, ids=sorted)
def test_two_hats_at_odds_are_not_worn_together(session: Session, root: Actor, pair: frozenset[Role]) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.add(session, root, form(session, roles=sorted(pair)), DOOR, now=NOW)

    assert said(refused) == {"roles": "系统管理员与审计员不能由同一个人兼任。"}


CODES = {
    "in small letters": "pdy00012-4", "without its hyphen": "pdy000124",
    "unified": "a1320281pdy000124h",
}  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("username", CODES.values(), ids=CODES.keys())
def test_a_name_that_stands_for_an_organization_is_refused(session: Session, root: Actor, username: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.add(session, root, form(session, username=username), DOOR, now=NOW)

    assert said(refused) == {"username": accounts.A_CODE}


@on_sqlite
@pytest.mark.parametrize("username", ["PDY00012-4", "pdy00012-4", "PDY000124"])
def test_a_command_gives_no_such_name_either(session: Session, root: Actor, username: str) -> None:
    given = {"name": "演示", "bureau_code": "320281", "roles": [Role.REVIEWER], "password_hash": "x"}

    with pytest.raises(Invalid):
        accounts.add_staff(session, root, username=username, **given, now=NOW)  # type: ignore[arg-type]


@on_sqlite
def test_nine_letters_are_a_name(session: Session, root: Actor) -> None:
    assert accounts.add(session, root, form(session, username="reviewers"), DOOR, now=NOW).username == "reviewers"


def test_a_name_is_given_once_in_any_case(session: Session, root: Actor) -> None:
    accounts.add(session, root, form(session), DOOR, now=NOW)

    with pytest.raises(Invalid) as refused:
        accounts.add(session, root, form(session), DOOR, now=NOW)

    assert said(refused) == {"username": "这个用户名已被使用。"}


# Changing -----------------------------------------------------------------------------------------------


def test_other_roles_end_the_sessions_and_stand_in_the_trail(session: Session, local: Actor) -> None:
    reviewer = builders.staff(session, Role.REVIEWER)
    visit = sign_in(session, reviewer)

    user = change(session, local, reviewer, roles=["counter_clerk"])

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "user:edit")).one()
    session.refresh(visit)
    assert visit.ended_at == NOW and visit.epoch < user.session_epoch
    assert (event.before, event.after) == ({"roles": ["reviewer"]}, {"roles": ["counter_clerk"]})


@on_sqlite
@pytest.mark.parametrize("different", [{"active": ""}, {"bureau_id": None}], ids=["closed", "moved"])
def test_a_closed_or_moved_account_is_signed_out(session: Session, root: Actor, different: dict[str, Any]) -> None:
    reviewer = builders.staff(session, Role.REVIEWER)
    visit = sign_in(session, reviewer)
    if "bureau_id" in different:
        different = {"bureau_id": builders.a_bureau(session, "320213").id}

    change(session, root, reviewer, **different)

    session.refresh(visit)
    assert visit.ended_reason == "changed"


def test_a_new_name_alone_ends_no_session(session: Session, local: Actor) -> None:
    reviewer = builders.staff(session, Role.REVIEWER)
    visit = sign_in(session, reviewer)

    change(session, local, reviewer, display_name="演示改名")

    session.refresh(visit)
    assert visit.ended_at is None


@on_sqlite
@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"roles": ["administrator", "reviewer"]}, "roles"),
        ({"active": ""}, "active"),
        ({"bureau_id": "1"}, "bureau_id"),
    ],
    ids=["roles", "closing", "moving"],
)
def test_nobody_changes_his_own_rights(session: Session, local: Actor, different: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(session, local, local, **different)

    assert field in said(refused)
    assert [role.name for role in account(session, local).roles] == ["administrator"]


@pytest.mark.parametrize("is_tied", [True, False], ids=["untying", "tying"])
def test_nobody_changes_the_organization_that_he_is_tied_to(session: Session, local: Actor, is_tied: bool) -> None:
    organization, _applicant = builders.registered(session)
    if is_tied:
        account(session, local).organization = organization
        session.commit()
    tie = organization.id if is_tied else None

    with pytest.raises(Invalid) as refused:
        change(session, local, local, organization_code="" if is_tied else organization.org_code)

    assert said(refused) == {"organization_code": "不能修改自己的关联单位，请由另一位管理员办理。"}
    assert account(session, local).organization_id == tie


def test_a_new_tie_ends_the_sessions(session: Session, local: Actor) -> None:
    organization, _applicant = builders.registered(session)
    reviewer = builders.staff(session, Role.REVIEWER)
    visit = sign_in(session, reviewer)

    change(session, local, reviewer, organization_code=organization.org_code)

    session.refresh(visit)
    assert visit.ended_reason == "changed"


def test_one_may_change_ones_own_name(session: Session, local: Actor) -> None:
    assert change(session, local, local, display_name="演示本人").display_name == "演示本人"


@pytest.mark.parametrize("different", [{"roles": ["reviewer"]}, {"active": ""}, {"bureau_id": "moved"}])
def test_the_root_bureau_keeps_an_administrator(session: Session, root: Actor, different: dict[str, Any]) -> None:
    other = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    account(session, root).active = False  # signed in a moment ago, closed since
    session.commit()
    if "bureau_id" in different:
        different = {"bureau_id": builders.a_bureau(session).id}

    with pytest.raises(Invalid) as refused:
        change(session, root, other, **different)

    assert said(refused) == {"roles": "市级至少要有一名在用的系统管理员。"}


def test_one_of_two_administrators_may_go(session: Session, root: Actor) -> None:
    other = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")

    assert change(session, root, other, roles=["reviewer"]).roles[0].name == "reviewer"


def test_a_form_drawn_before_another_change_is_a_conflict(session: Session, local: Actor) -> None:
    reviewer = builders.staff(session, Role.REVIEWER)
    values = account_rules.values_of(account(session, reviewer))
    change(session, local, reviewer, display_name="演示别人改")

    with pytest.raises(Conflict):
        accounts.change(session, local, reviewer.user_id or 0, values, fingerprint(values), now=NOW)

    assert account(session, reviewer).display_name == "演示别人改"


def test_a_link_to_an_organization_keeps_one_from_judging_it(session: Session, local: Actor) -> None:
    organization, _applicant = builders.registered(session)
    reviewer = builders.staff(session, Role.REVIEWER)

    user = change(session, local, reviewer, organization_code=organization.org_code)

    assert (user.organization_id, user.bureau_id) == (organization.id, reviewer.bureau_id)
    assert user.roles == [session.scalars(select(FabRole).where(FabRole.name == "reviewer")).one()]


# The other acts -----------------------------------------------------------------------------------------


def test_a_lock_is_taken_off_once(session: Session, local: Actor) -> None:
    reviewer = builders.staff(session, Role.REVIEWER)
    user = account(session, reviewer)
    user.failed_attempts, user.locked_until = 5, NOW + timedelta(minutes=10)
    session.commit()

    accounts.unlock(session, local, user.id, now=NOW)
    with pytest.raises(Refused):
        accounts.unlock(session, local, user.id, now=NOW)

    assert (user.failed_attempts, user.locked_until) == (0, None)


def test_all_sessions_end_at_once(session: Session, local: Actor) -> None:
    reviewer = builders.staff(session, Role.REVIEWER)
    visit = sign_in(session, reviewer)

    accounts.end_sessions(session, local, reviewer.user_id or 0, now=NOW)

    session.refresh(visit)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "user:end_sessions")).one()
    assert (visit.ended_at, event.after) == (NOW, {"sessions": 1})


def test_a_new_first_password_is_for_somebody_else(session: Session, local: Actor) -> None:
    reviewer = builders.staff(session, Role.REVIEWER)

    user = accounts.reset_password(session, local, reviewer.user_id or 0, DOOR, now=NOW)
    with pytest.raises(Refused):
        accounts.reset_password(session, local, local.user_id or 0, DOOR, now=NOW)

    assert (user.password, user.must_change_password) == ("hashed", True)


# Reach --------------------------------------------------------------------------------------------------

ACTS = {
    "change": lambda s, a, key: accounts.change(s, a, key, {}, 1, now=NOW),
    "unlock": lambda s, a, key: accounts.unlock(s, a, key, now=NOW),
    "end_sessions": lambda s, a, key: accounts.end_sessions(s, a, key, now=NOW),
    "reset_password": lambda s, a, key: accounts.reset_password(s, a, key, DOOR, now=NOW),
}


@on_sqlite
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_administrators_touches_an_account(session: Session, role: Role, act: Any) -> None:
    other, target = builders.staff(session, role), builders.staff(session, Role.REVIEWER)

    with pytest.raises(Refused):
        act(session, other, target.user_id)


@on_sqlite
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_accounts_elsewhere_and_of_organizations_are_like_none(session: Session, local: Actor, act: Any) -> None:
    above = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    beside = builders.staff(session, Role.REVIEWER, bureau="320213")
    _organization, applicant = builders.registered(session)

    for target in (above, beside, applicant):
        with pytest.raises(NotFound):
            act(session, local, target.user_id)


@on_sqlite
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_an_auditors_account_is_the_root_bureaus(session: Session, local: Actor, act: Any) -> None:
    auditor = builders.staff(session, Role.AUDITOR, Role.REVIEWER)

    with pytest.raises(Refused) as refused:
        act(session, local, auditor.user_id)

    assert refused.value.code == "auditor"
    assert account(session, auditor).password == "x"


def test_the_root_bureau_gives_an_auditor_a_new_password(session: Session, root: Actor) -> None:
    auditor = builders.staff(session, Role.AUDITOR)

    assert accounts.reset_password(session, root, auditor.user_id or 0, DOOR, now=NOW).password == "hashed"
