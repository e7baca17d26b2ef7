"""The counter (窗口核验): originals beside scans, the agent's mandate, and the hand-over of the number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.domain import person_names, spelling
from app.domain.errors import Invalid, Problem, Refused, Sentence, say
from app.domain.fields.text import visible
from app.domain.identifiers import canonical_mobile, canonical_org_code, canonical_uscc, org_code_of_uscc
from app.domain.permissions import Actor
from app.domain.terms import N_, OriginalResult, Role, Status
from app.listing import found
from app.scope import criteria, fetch
from app.services import approved, audit, lookup, mandate, originals, review_clock, verify
from app.services.deciding import deciding
from app.services.lifecycle import Given
from app.services.notify import notify
from app.services.returns import Item
from app.services.review import write_return
from models.attachment import Attachment
from models.counter_visit import CounterVisit
from models.hand_over import HandOver
from models.mandate import Mandate
from models.organization import Organization
from models.originals_check import OriginalsCheck
from models.project import Project
from models.types import blind_indexes

REASON_OF = {OriginalResult.DIFFERS: "original_differs", OriginalResult.MISSING: "original_missing"}
AT_THE_COUNTER = (Status.SUBMITTED, Status.RETURNED, Status.APPROVED)
FIND_LIMIT = 50
TEXT_LIMIT = 200
NAME_LIMIT = 50
NOTE_LIMIT = 200  # with the file's name and our words it still fits into a return item


@dataclass(frozen=True)
class Finding:
    """What the clerk saw for one scan."""

    result: OriginalResult
    note: str = ""

    @property
    def said(self) -> str:
        """The note as it is stored: one line, without marks that no database, no paper and no screen takes."""
        return visible(" ".join(self.note.split())).strip()


def find(session: Session, actor: Actor, text: str) -> list[Project]:
    """Projects by number, code, mobile or name, in any spelling; newest submission first."""
    query = (
        select(Project)
        .join(Project.organization)
        .where(criteria(actor, Project), Project.status.in_(AT_THE_COUNTER))
        .options(contains_eager(Project.organization))
    )
    text = text.strip()[:TEXT_LIMIT]
    paper = verify.subject(session, text)
    if isinstance(paper, Organization):  # the code of a letter that the agent brought
        query = query.where(Project.organization_id == paper.id)
    elif paper is not None:
        query = query.where(Project.id == paper.id)
    elif text:
        query = query.where(_named(session, text))
    newest = query.order_by(Project.submitted_at.desc(), Project.id.desc())
    return list(session.scalars(newest.limit(FIND_LIMIT)))


def _named(session: Session, text: str) -> ColumnElement[bool]:
    """Everything that the text may stand for."""
    ways = [Project.number.in_(lookup.spellings(text)), found(session, Project, text)]
    copied = spelling.copied(text)
    code, uscc, mobile = canonical_org_code(copied), canonical_uscc(copied), canonical_mobile(copied)
    if code:
        ways.append(Organization.org_code == code)
    if uscc:
        ways += [Organization.uscc == uscc, Organization.org_code == org_code_of_uscc(uscc)]
    if mobile:
        indexes = blind_indexes(mobile)
        ways += [Project.contact_mobile_index.in_(indexes), Organization.contact_mobile_index.in_(indexes)]
    return or_(*ways)


def check_originals(
    session: Session,
    actor: Actor,
    project_id: int,
    mandate_id: int | None,
    findings: Mapping[int, Finding],
    *,
    presented_by: str = "",
    now: datetime,
) -> Project:
    """Record what was seen; 不符 or 缺原件 returns the project with those items in the same transaction.

    `presented_by` is who stands at the counter, as the ID card says: another person than the letter's agent is refused;
    without a letter only the legal representative is received. What was seen of the enterprise record before needs no
    finding, but the visit itself is written down. Raises Invalid when a scan has no finding or nobody may act today.
    """
    with deciding(session, actor, "project:check_originals", "project", project_id, now=now):
        project = fetch(session, actor, Project, project_id, lock=True)
        _require_counter(actor, project)
        if project.status != Status.SUBMITTED:
            raise Refused(say(N_("项目不在待审核状态，不能核验原件。")), "state")
        scans = originals.scans_to_check(session, project)
        letter, problems = _letter(session, actor, project, mandate_id, presented_by, now)
        if letter is not None and not problems:
            problems += _another_person(letter, presented_by)
        problems += _problems(session, project, scans, findings)
        if problems:
            raise Invalid(problems)
        seen = [scan for scan in scans if scan.id in findings]
        visit = _visit(actor, project, letter, presented_by, now=now)
        session.add(visit)
        session.add_all(_check(visit, scan, findings[scan.id]) for scan in seen)
        results = {str(scan.id): findings[scan.id].result for scan in seen}
        audit.record(
            session, actor, "project:check_originals", "project", project.id,
            now=now, organization_id=project.organization_id,
            after={"mandate": visit.mandate_id, "presented_by": visit.presented_by, "results": results},
        )  # fmt: skip
        unmatched = [scan for scan in seen if findings[scan.id].result != OriginalResult.MATCH]
        if unmatched:
            items = [_item(scan, findings[scan.id]) for scan in unmatched]
            write_return(session, actor, project, items, comment="", given=Given(at_counter=True), now=now)
        session.flush()
        found = review_clock.of_organization(session, project.organization_id)
        review_clock.settle_all(session, found, now=now)  # what was seen of the enterprise record counts for all
    return project


def _require_counter(actor: Actor, project: Project) -> None:
    if Role.COUNTER_CLERK not in actor.roles:
        raise Refused(say(N_("只有窗口人员可以核验原件和办理领取。")), "role")
    if actor.organization_id is not None and actor.organization_id == project.organization_id:
        raise Refused(say(N_("不能办理自己所在单位的记录，请由其他窗口人员办理。")), "own")


def _letter(
    session: Session, actor: Actor, project: Project, mandate_id: int | None, presented_by: str, now: datetime
) -> tuple[Mandate | None, list[Problem]]:
    """The agent's letter, none for the legal representative, or what is wrong. Raises NotFound for one out of scope."""
    if mandate_id is None:
        if _is_legal_representative(session, project, presented_by):
            return None, []
        return None, [Problem("mandate_id", say(N_("请选择或登记经办人的委托书。")))]
    letter = fetch(session, actor, Mandate, mandate_id)
    try:
        mandate.require_valid(letter, project.organization_id, now=now)
    except Invalid as invalid:
        return letter, list(invalid.problems)
    return letter, []


def _another_person(letter: Mandate, name: str) -> list[Problem]:
    """No sub-delegation (notice N28, N40). Without a name the clerk's choice of the letter stands for its agent."""
    if not person_names.key(name) or person_names.same(name, letter.agent_name):
        return []
    sentence = say(N_("到场人不是委托书上的受委托人%(name)s，代理人无转委权，不能受理。"), name=letter.agent_name)
    return [Problem("presented_by", sentence)]


def _is_legal_representative(session: Session, project: Project, name: str) -> bool:
    """The person who grants the letters needs none: the one whom the bureau has approved, not one just typed in."""
    enterprise = project.organization.enterprise
    own = approved.fields(session, enterprise) if enterprise is not None else None
    return own is not None and person_names.same(str(own.get("legal_representative") or ""), name)


def _written(name: str) -> str:
    """A name as it is stored: one line, without unseen marks."""
    return visible(" ".join(name.split())).strip()


def _visit(actor: Actor, project: Project, letter: Mandate | None, presented_by: str, *, now: datetime) -> CounterVisit:
    """Who came, as the letter writes the name; the legal representative as the clerk does."""
    return CounterVisit(
        project_id=project.id,
        mandate_id=letter.id if letter else None,
        presented_by=letter.agent_name if letter else _written(presented_by)[:NAME_LIMIT],
        received_by_id=actor.user_id,
        visited_at=now,
    )


def _problems(
    session: Session, project: Project, scans: Sequence[Attachment], findings: Mapping[int, Finding]
) -> list[Problem]:
    """One per scan that was neither checked now nor seen before, that is gone, or whose note is too long."""
    known = originals.latest_checks(session, project, scans)
    problems = []
    for scan in scans:
        seen = scan.id in known and known[scan.id].result == OriginalResult.MATCH
        if scan.id not in findings and not seen:
            problems.append(_at(scan.id, say(N_("请核对「%(name)s」的原件。"), name=scan.original_name)))
    problems += _unequal_marks(scans, findings)
    gone = set(findings) - {scan.id for scan in scans}
    problems += [_at(n, say(N_("有扫描件已被替换，请按现在的扫描件重新核对。"))) for n in sorted(gone)]
    for n, finding in findings.items():
        if len(finding.said) > NOTE_LIMIT:
            sentence = say(N_("说明最多 %(limit)s 字。"), limit=NOTE_LIMIT)
            problems.append(Problem(f"originals-{n}-note", sentence))
    return problems


def _unequal_marks(scans: Sequence[Attachment], findings: Mapping[int, Finding]) -> list[Problem]:
    """One file that stands twice in one place has one original, so it gets one finding."""
    marks: dict[originals.Place, OriginalResult] = {}
    problems = []
    for scan in scans:
        if scan.id not in findings:
            continue
        result = findings[scan.id].result
        if marks.setdefault(originals.place_of(scan), result) != result:
            problems.append(_at(scan.id, say(N_("同一份文件的核对结果不一致，请改成一致。"))))
    return problems


def _at(attachment_id: int, sentence: Sentence) -> Problem:
    return Problem(f"originals-{attachment_id}", sentence)


def _check(visit: CounterVisit, scan: Attachment, finding: Finding) -> OriginalsCheck:
    return OriginalsCheck(
        attachment_id=scan.id,
        sha256=scan.sha256,
        project_id=visit.project_id,
        mandate_id=visit.mandate_id,
        result=finding.result,
        note=finding.said or None,
        checked_by_id=visit.received_by_id,
        checked_at=visit.visited_at,
    )


def _item(scan: Attachment, finding: Finding) -> Item:
    """What the applicant must do; the enterprise record is opened by an administrator only (notice N71)."""
    if finding.result == OriginalResult.MISSING:
        told = "没有带原件，请带原件到窗口核验。"
    elif scan.enterprise_id is None:
        told = "与原件不符，请按原件重新扫描上传。"
    else:
        told = "与原件不符，请联系管理员退回企业信息后更换扫描件。"
    instruction = f"「{visible(scan.original_name)}」{told}{finding.said}"
    return Item(target=scan.slot, reason_code=REASON_OF[finding.result], instruction=instruction)


def hand_over(
    session: Session,
    actor: Actor,
    project_id: int,
    *,
    received_by: str,
    mandate_id: int | None = None,
    now: datetime,
) -> HandOver:
    """领取: who took the number, when, from which clerk.

    Raises Invalid for a receiver who is neither the letter's agent nor the legal representative, Refused
    when there is no number yet or it was taken already.
    """
    with deciding(session, actor, "project:hand_over", "project", project_id, now=now):
        project = fetch(session, actor, Project, project_id, lock=True)
        _require_counter(actor, project)
        if project.number is None or project.status != Status.APPROVED:
            raise Refused(say(N_("项目还没有发号，不能办理领取。")), "state")
        if session.scalar(select(HandOver.id).where(HandOver.project_id == project.id)) is not None:
            raise Refused(say(N_("这个编号已经领取过了。")), "handed_over")
        name = _written(received_by)
        if not 2 <= len(name) <= NAME_LIMIT:
            raise Invalid([Problem("received_by", say(N_("请填写领取人姓名，2 至 50 字。")))])
        letter = _letter_of_receiver(session, actor, project, mandate_id, name=name, now=now)
        name = letter.agent_name if letter else name
        row = HandOver(
            project_id=project.id, mandate_id=letter.id if letter else None,
            received_by=name, handed_over_by_id=actor.user_id, handed_over_at=now,
        )  # fmt: skip
        session.add(row)
        audit.record(
            session, actor, "project:hand_over", "project", project.id,
            now=now, organization_id=project.organization_id,
            after={"received_by": name, "mandate": letter.id if letter else None},
        )  # fmt: skip
        notify(session, project, "project:hand_over", key=f"project-{project.id}", now=now)
    return row


def _letter_of_receiver(
    session: Session, actor: Actor, project: Project, mandate_id: int | None, *, name: str, now: datetime
) -> Mandate | None:
    """The agent named in the letter takes the number: no sub-delegation (notice N28, N40).

    Only the legal representative, who grants such letters, needs none.
    """
    if mandate_id is None:
        if _is_legal_representative(session, project, name):
            return None
        sentence = say(N_("请选择领取人的委托书；只有法定代表人本人领取可以不持委托书。"))
        raise Invalid([Problem("mandate_id", sentence)])
    letter = fetch(session, actor, Mandate, mandate_id)
    mandate.require_valid(letter, project.organization_id, now=now)
    if not person_names.same(letter.agent_name, name):
        sentence = say(N_("领取人不是委托书上的受委托人%(name)s，代理人无转委权。"), name=letter.agent_name)
        raise Invalid([Problem("received_by", sentence)])
    return letter
