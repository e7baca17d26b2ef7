"""建设单位 from a workbook: known ones are left as they are, new ones get a closed account."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from app.domain import identifiers
from app.domain.errors import Problem, Sentence, say
from app.domain.fields import NOT_ASKED_FOR_CONSENT, CodeTables, Label
from app.domain.permissions import Actor
from app.domain.terms import N_, TERMS, Role
from app.scope import criteria
from app.services import audit
from app.services.chunks import in_chunks
from app.services.import_table import RawRow, RawTable
from app.services.import_verdict import Judged, TableReport, Verdict, first_look
from models.bureau import Bureau
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.types import blind_index
from models.user import User

COMPARED = ("org_code", "uscc", "name", "unit_kind")  # whom to ask is the organization's own to change
IN_REACH = "in_reach"
CHECK_IS_WRONG = N_("%(label)s校验位不符，按历史数据保留，请核对。")
UNUSABLE = "!"  # no password opens it: the counter's reset does, with the papers at hand


def judge(session: Session, actor: Actor, table: RawTable, *, today: date) -> TableReport:
    """Every row judged; raises nothing."""
    rows = [_look(table, row, today) for row in table.rows]
    _within_the_file(rows)
    codes = {str(row.values[name]) for row in rows for name in ("org_code", "uscc") if row.values.get(name)}
    known, given_up, staff = _known(session, actor, codes), _given_up(session, codes), _accounts(session, codes)
    for row in rows:
        if row.verdict is not Verdict.BAD:
            _against(row, known, given_up, staff)
    return TableReport(table, tuple(rows))


def _look(table: RawTable, row: RawRow, today: date) -> Judged:
    given: dict[str, object] = {**row.values}
    org_code, uscc = row.values.get("org_code", ""), row.values.get("uscc", "")
    given["org_code"] = identifiers.canonical_org_code(org_code) or org_code
    given["uscc"] = identifiers.canonical_uscc(uscc) or uscc
    judged = first_look(table, row, given, CodeTables({}), today)
    _remark_check_digits(judged)
    return judged


def _remark_check_digits(judged: Judged) -> None:
    """History fails them (DOMAIN §3): kept, and said at the cell."""
    org_code, uscc = judged.values.get("org_code"), judged.values.get("uscc")
    wrong = []
    if org_code and not identifiers.is_org_code(str(org_code)):
        wrong.append("org_code")
    if uscc and identifiers.uscc_fault(str(uscc)) is not None:
        wrong.append("uscc")
    for name in wrong:
        judged.remarks.append(Problem(name, say(CHECK_IS_WRONG, label=Label(TERMS[name]))))


def _within_the_file(rows: Iterable[Judged]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        for name in ("org_code", "uscc"):
            code = row.values.get(name)
            if not code:
                continue
            first = seen.setdefault(str(code), row.row.number)
            if first != row.row.number:
                row.refuse(name, say(N_("与第 %(row)s 行重复。"), row=first))


def _known(session: Session, actor: Actor, codes: Iterable[str]) -> dict[str, dict[str, object]]:
    """What is registered under these codes, in either spelling of a unit; IN_REACH tells whether it may be seen."""
    found: dict[str, dict[str, object]] = {}
    columns = [*(getattr(Organization, name) for name in COMPARED), case((criteria(actor, Organization), 1), else_=0)]
    for chunk in in_chunks(codes):
        query = select(*columns).where(or_(Organization.org_code.in_(chunk), Organization.uscc.in_(chunk)))
        for values in session.execute(query):
            row: dict[str, object] = dict(zip((*COMPARED, IN_REACH), values, strict=True))
            found |= {str(row[name]): row for name in ("org_code", "uscc") if row[name]}
    return found


def _given_up(session: Session, codes: Iterable[str]) -> set[str]:
    """Codes that a change of name or code (更名) has ended."""
    old = OrganizationChange.org_code_before
    changed = old != OrganizationChange.org_code_after
    return {c for chunk in in_chunks(codes) for c in session.scalars(select(old).where(old.in_(chunk), changed))}


def _accounts(session: Session, codes: Iterable[str]) -> set[str]:
    """Names of accounts, in small letters: they are unique in any case."""
    name = func.lower(User.username)
    small = {code.lower() for code in codes}
    return {c for chunk in in_chunks(small) for c in session.scalars(select(name).where(name.in_(chunk)))}


def _against(judged: Judged, known: Mapping[str, Mapping[str, object]], given_up: set[str], accounts: set[str]) -> None:
    values = judged.values
    by_code, by_uscc = known.get(str(values["org_code"])), known.get(str(values.get("uscc")))
    stored = by_code or by_uscc
    if stored is not None:
        _compare(judged, stored)
    elif values["org_code"] in given_up:
        judged.refuse("org_code", say(N_("这个代码已在一次更名中变更为新代码。")))
    elif str(values["org_code"]).lower() in accounts:
        judged.refuse("org_code", say(N_("这个代码已被一个账号使用。")))


def _compare(judged: Judged, stored: Mapping[str, object]) -> None:
    judged.verdict = Verdict.UNCHANGED
    for name in COMPARED:
        given = judged.values.get(name)
        if given and given != stored[name]:
            judged.refuse(name, _differs(name, stored), Verdict.CONFLICT)


def _differs(name: str, stored: Mapping[str, object]) -> Sentence:
    """What is stored is named to those alone who may look it up."""
    if not stored[IN_REACH]:
        return say(N_("与已登记的不同，不覆盖。"))
    return say(N_("与已登记的不同，不覆盖；已登记的是「%(stored)s」。"), stored=_shown(name, stored[name]))


def _shown(name: str, value: object) -> object:
    if value is None:
        return Label(N_("未填"))
    return Label(TERMS.get(str(value), str(value))) if name == "unit_kind" else value


def store(session: Session, actor: Actor, rows: Iterable[Judged], *, now: datetime) -> dict[str, int]:
    """Write the new ones within the caller's transaction; their keys by code."""
    role = session.scalars(select(FabRole).where(FabRole.name == Role.APPLICANT)).one()
    keys: dict[str, int] = {}
    code = None if actor.is_root else session.scalar(select(Bureau.code).where(Bureau.id == actor.bureau_id))
    for chunk in in_chunks(rows):
        made = [_organization(row.values, code, now) for row in chunk]
        session.add_all(made)
        session.add_all(_account(organization, role) for organization in made)
        session.flush()  # the events name the new rows
        for row, organization in zip(chunk, made, strict=True):
            keys[organization.org_code] = organization.id
            audit.record(
                session, actor, "organization:import", "organization", organization.id,
                now=now, organization_id=organization.id,
                after={**row.values, "flags": [remark.field for remark in row.remarks]},
            )  # fmt: skip
    return keys


def _organization(values: Mapping[str, object], bureau_code: str | None, now: datetime) -> Organization:
    return Organization(
        **values,
        import_bureau_code=bureau_code,
        contact_mobile_index=blind_index(str(values["contact_mobile"])),
        privacy_notice_version=NOT_ASKED_FOR_CONSENT,
        privacy_consented_at=now,
        registered_at=now,
    )


def _account(organization: Organization, role: FabRole) -> User:
    return User(
        username=organization.org_code,
        first_name=organization.name[:64],
        last_name="",
        display_name=organization.name[:64],
        email=f"{organization.org_code.lower()}@local.invalid",
        active=True,
        password=UNUSABLE,
        organization=organization,
        roles=[role],
        must_change_password=True,
    )
