"""Historic projects from a workbook: numbers of other formats kept and flagged, never one of our own (DOMAIN §1.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain import identifiers
from app.domain import number as numbers
from app.domain.approval import approval_key
from app.domain.clock import local_date
from app.domain.errors import Problem, say
from app.domain.fields import PROJECT, CodeTables
from app.domain.permissions import Actor
from app.domain.terms import N_, Status
from app.services import audit, editing, lifecycle, matters, number, reference
from app.services.approvals import CODE, DOCUMENT, NOTHING, Keys, holder, holders
from app.services.chunks import in_chunks
from app.services.import_table import RawRow, RawTable
from app.services.import_verdict import Judged, TableReport, Verdict, first_look, of_all_times
from models.bureau import Bureau
from models.number import NumberRegister
from models.organization import Organization
from models.project import Project
from models.region import Region

FLAGS: Mapping[str, str] = {
    numbers.NOT_SIXTEEN_DIGITS: N_("不是 16 位数字，照原样保留。"),
    numbers.NO_SUCH_DAY: N_("编号第 7 至 12 位不是日期，照原样保留。"),
    numbers.DAILY_SEQUENCE: N_("编号后四位是当日流水号，没有分类，照原样保留。"),
    numbers.UNKNOWN_CATEGORY: N_("编号第 13、14 位不是项目分类，照原样保留。"),
    numbers.SEQUENCE_ZERO: N_("编号的序号是 00，照原样保留。"),
    numbers.OTHER_REGION: N_("编号中的区划与项目属地不同，照原样保留。"),
    numbers.OTHER_CATEGORY: N_("编号中的分类与项目分类不同，照原样保留。"),
    numbers.OTHER_DAY: N_("编号中的日期与发号日期不同，照原样保留。"),
    numbers.AFTER_START: N_("发号日期在本机构启用统一编号之后，已标记。"),
}
REPEATED = N_("与第 %(row)s 行重复。")
MOST_STEPS = 5  # from an abolished district to the one that has its projects now


@dataclass(frozen=True)
class Office:
    """The bureau that has a region's projects."""

    id: int
    effective_on: date | None


@dataclass
class Historic(Judged):
    """A judged row with what its number says."""

    imported: numbers.ImportedNumber | None = None
    flags: tuple[str, ...] = ()
    bureau_id: int | None = None
    keys: Keys = NOTHING  # of its 立项

    @property
    def given_on(self) -> date:
        """The day of the number."""
        day = self.values["numbered_on"]
        assert isinstance(day, date)
        return day


def judge(
    session: Session, actor: Actor, table: RawTable, in_the_file: Mapping[str, str | None], *, now: datetime
) -> TableReport:
    """Every row judged; raises nothing. `in_the_file`: codes of organizations that the same file brings."""
    today, codes = local_date(now), of_all_times(reference.code_tables(session))
    rows = [_look(table, row, codes, today) for row in table.rows]
    offices = _offices(session)
    builders = _builders(session, rows)
    for row in rows:
        _place(row, actor, offices, today)
        _builder(row, builders, in_the_file)
    _within_the_file(rows)
    _against_the_register(session, actor, rows, builders)
    return TableReport(table, tuple(rows))


def _look(table: RawTable, row: RawRow, codes: CodeTables, today: date) -> Historic:
    given: dict[str, object] = {**row.values}
    given["project_number"] = _spelled(row.values.get("project_number", ""))
    looked = first_look(table, row, given, codes, today)
    judged = Historic(looked.row, looked.values, looked.problems, looked.remarks, looked.verdict)
    values = judged.values
    if values.get("project_number"):
        judged.imported = numbers.parse_any(str(values["project_number"]))
    if judged.imported is None:
        return judged
    values["numbered_on"] = values.get("numbered_on") or judged.imported.day
    if values["numbered_on"] is None and not any(problem.field == "numbered_on" for problem in judged.problems):
        judged.refuse("numbered_on", say(N_("编号里读不出日期，请填写发号日期。")))
    document = approval_key(_text(values, "approval_document_number"), _text(values, "approval_authority"))
    judged.keys = Keys(document, _text(values, "investment_project_code"))
    return judged


def _spelled(text: str) -> str:
    """Sixteen digits in any spelling as sixteen digits; anything else as it was given."""
    digits = numbers.canonical_number(text)
    return digits if len(digits) == 16 and digits.isdigit() else text


def _text(values: Mapping[str, object], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None


# Where it lies -----------------------------------------------------------------------------------------


def _offices(session: Session) -> dict[str, Office]:
    """Region code -> bureau, for abolished districts that of their successor."""
    found = {
        code: Office(key, start)
        for code, key, start in session.execute(select(Bureau.region_code, Bureau.id, Bureau.effective_on))
    }
    query = select(Region.code, Region.successor_code).where(Region.successor_code.is_not(None))
    successors = {code: str(successor) for code, successor in session.execute(query)}
    for code in successors:
        current, steps = code, 0
        while current not in found and current in successors and steps < MOST_STEPS:
            current, steps = successors[current], steps + 1
        if current in found:
            found.setdefault(code, found[current])
    return found


def _place(judged: Historic, actor: Actor, offices: Mapping[str, Office], today: date) -> None:
    """The bureau from the region, within the actor's reach; and what the number says about place, day and kind."""
    region = _text(judged.values, "region_code")
    office = offices.get(region or "")
    if region and office is None:
        judged.refuse("region_code", say(N_("项目属地不在本系统的受理范围。")))
    elif office is not None and office.id not in actor.bureau_ids:
        judged.refuse("region_code", say(N_("项目属地不在您的办理范围，请由当地机构导入。")))
    if office is not None:
        judged.bureau_id = office.id
    if judged.imported is None or not isinstance(judged.values.get("numbered_on"), date):
        return
    if numbers.is_ours_to_issue(judged.imported, today):
        judged.refuse("project_number", say(number.OURS))
    judged.flags = (*judged.imported.flags, *_oddities(judged, region, office))
    judged.remarks += [Problem("project_number", say(FLAGS[flag])) for flag in judged.flags]


def _oddities(judged: Historic, region: str | None, office: Office | None) -> Iterable[str]:
    own = judged.imported
    assert own is not None
    if own.region and own.region != region:
        yield numbers.OTHER_REGION
    if own.category and own.category in numbers.CATEGORIES and own.category != judged.values.get("category_code"):
        yield numbers.OTHER_CATEGORY
    if own.day and own.day != judged.given_on:
        yield numbers.OTHER_DAY
    if office and office.effective_on and judged.given_on >= office.effective_on:
        yield numbers.AFTER_START


# Whose it is -------------------------------------------------------------------------------------------


def _builders(session: Session, rows: Iterable[Historic]) -> dict[str, tuple[int, str]]:
    """Known organizations by every code that names them: key and org code."""
    codes = {_org_code(row) for row in rows} - {""}
    found: dict[str, tuple[int, str]] = {}
    for chunk in in_chunks(codes):
        query = select(Organization.id, Organization.org_code, Organization.uscc)
        known = or_(Organization.org_code.in_(chunk), Organization.uscc.in_(chunk))
        for key, org_code, uscc in session.execute(query.where(known)):
            found |= {code: (key, org_code) for code in (org_code, uscc) if code}
    return found


def _org_code(judged: Historic) -> str:
    """The builder's code in the spelling of the register, of either kind."""
    text = _text(judged.values, "org_code") or ""
    return identifiers.canonical_uscc(text) or identifiers.canonical_org_code(text) or ""


def _builder(judged: Historic, known: Mapping[str, tuple[int, str]], in_the_file: Mapping[str, str | None]) -> None:
    """Put the org code into its one spelling, when the builder is known or comes with the file."""
    if not judged.values.get("org_code"):
        return
    code = _org_code(judged)
    inside = identifiers.org_code_of_uscc(code) if len(code) == 18 else code
    for spelled in (code, inside):
        if spelled in known:
            judged.values["org_code"] = known[spelled][1]
            return
    org_code = in_the_file.get(code) or in_the_file.get(inside)
    if org_code is not None:
        judged.values["org_code"] = org_code
        return
    judged.refuse("org_code", say(N_("没有这个建设单位，请先导入建设单位，或核对代码。")))


# What stands here already --------------------------------------------------------------------------------


def _within_the_file(rows: Iterable[Historic]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        number = row.imported.text if row.imported else None
        keys = (("project_number", number), (DOCUMENT, row.keys.document), (CODE, row.keys.code))
        for name, key in keys:
            first = seen.setdefault((name, key), row.row.number) if key else row.row.number
            if first != row.row.number:
                row.refuse(name, say(REPEATED, row=first))


def _against_the_register(
    session: Session, actor: Actor, rows: list[Historic], builders: Mapping[str, tuple[int, str]]
) -> None:
    good = [row for row in rows if row.verdict is not Verdict.BAD]
    for chunk in in_chunks(good):
        entered = _entered(session, [row.imported.text for row in chunk if row.imported])
        numbered = holders(session, (row.keys for row in chunk))
        for row in chunk:
            assert row.imported is not None
            if row.imported.text in entered:
                _compare(row, actor, entered[row.imported.text], builders)
            elif found := holder(numbered, row.keys):
                row.refuse(found.by, say(N_("该立项已发号 %(number)s，不能再次登记。"), number=found.number))


def _entered(session: Session, texts: list[str]) -> dict[str, Project | None]:
    """What the register has under these numbers."""
    query = select(NumberRegister.number, Project).outerjoin(Project, Project.id == NumberRegister.project_id)
    return dict(session.execute(query.where(NumberRegister.number.in_(texts))).all())


def _compare(judged: Historic, actor: Actor, project: Project | None, builders: Mapping[str, tuple[int, str]]) -> None:
    """The same once more is no harm; anything else is the bureau's to clear up, not an import's."""
    if project is None or project.bureau_id not in actor.bureau_ids or project.status == Status.VOIDED:
        judged.refuse("project_number", say(N_("这个编号已在编号登记簿中，不能导入。")), Verdict.CONFLICT)
        return
    judged.verdict = Verdict.UNCHANGED
    different = say(N_("与已登记的项目不同，不覆盖。"))
    if builders.get(str(judged.values["org_code"]), (0,))[0] != project.organization_id:
        judged.refuse("org_code", different, Verdict.CONFLICT)
    if project.numbered_at is not None and local_date(project.numbered_at) != judged.given_on:
        judged.refuse("numbered_on", different, Verdict.CONFLICT)
    for field in PROJECT:
        if judged.values.get(field.name) != getattr(project, field.name):
            judged.refuse(field.name, different, Verdict.CONFLICT)


# Storing -------------------------------------------------------------------------------------------------


def store(session: Session, actor: Actor, rows: Iterable[Historic], keys: Mapping[str, int], *, now: datetime) -> int:
    """Write the new ones within the caller's transaction. `keys`: organizations of this file, by code."""
    count = 0
    for chunk in in_chunks(rows):
        known = _keys(session, {str(row.values["org_code"]) for row in chunk}) | dict(keys)
        made = [_project(session, actor, row, known[str(row.values["org_code"])], now) for row in chunk]
        session.flush()  # the events name the new rows
        for row, project in zip(chunk, made, strict=True):
            audit.record(
                session, actor, "project:import", "project", project.id,
                now=now, organization_id=project.organization_id,
                after={"status": project.status, **row.values, "flags": row.flags},
            )  # fmt: skip
        count += len(chunk)
    return count


def _keys(session: Session, codes: set[str]) -> dict[str, int]:
    query = select(Organization.org_code, Organization.id).where(Organization.org_code.in_(codes))
    return dict(session.execute(query).all())


def _project(session: Session, actor: Actor, row: Historic, organization_id: int, now: datetime) -> Project:
    assert row.imported is not None
    project = Project(
        organization_id=organization_id,
        bureau_id=row.bureau_id,
        status=lifecycle.AS_IMPORTED,
        submission_count=0,
        decided_at=number.start_of(row.given_on),
        approval_key=row.keys.document,
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    editing.put(project, {field.name: row.values.get(field.name) for field in PROJECT})
    session.add(project)
    number.enter_imported(session, project, row.imported, row.given_on, row.flags, now=now)
    matters.open_all(session, project, now=now)
    return project
