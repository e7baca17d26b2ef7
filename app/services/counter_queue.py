"""What waits at the counter (窗口): projects whose originals are to be seen, numbers to be handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.domain.permissions import Actor
from app.domain.terms import N_, Status
from app.scope import criteria
from app.services import originals
from app.services.originals import Tally
from models.hand_over import HandOver
from models.project import Project

QUEUE_LIMIT = 50
LOOK_AT = 200  # submitted projects among which those with unseen originals are sought


class Step(StrEnum):
    """What is to be done next with a project, as the counter sees it."""

    CHECK = "check"
    REVIEW = "review"
    CORRECT = "correct"
    HAND_OVER = "hand_over"
    DONE = "done"


STEP_WORDS: dict[Step, str] = {
    Step.CHECK: N_("核验原件"),
    Step.REVIEW: N_("原件已核，等待审核"),
    Step.CORRECT: N_("等待单位修改"),
    Step.HAND_OVER: N_("领取编号"),
    Step.DONE: N_("编号已领取"),
}


@dataclass(frozen=True)
class Line:
    """One project in a list of the counter."""

    project: Project
    step: Step
    tally: Tally

    @property
    def may_check(self) -> bool:
        """Originals can be checked now."""
        return self.step in (Step.CHECK, Step.REVIEW)

    @property
    def may_hand_over(self) -> bool:
        """The number waits to be taken."""
        return self.step == Step.HAND_OVER

    @property
    def word(self) -> str:
        """The step in words, a message id."""
        if self.step == Step.REVIEW and not self.tally.is_complete:
            return N_("等待审核")
        return STEP_WORDS[self.step]


def lines(session: Session, projects: Sequence[Project]) -> list[Line]:
    """The projects with what is to be done; a constant number of statements."""
    tallies = originals.tally(session, {p.id: p.organization_id for p in projects})
    keys = [p.id for p in projects]
    taken = set(session.scalars(select(HandOver.project_id).where(HandOver.project_id.in_(keys))))
    wanted = originals.wanting(session, keys)
    return [Line(p, _step(p, tallies[p.id], p.id in wanted, p.id in taken), tallies[p.id]) for p in projects]


def _step(project: Project, tally: Tally, wanted: bool, taken: bool) -> Step:
    if project.status == Status.RETURNED:
        return Step.CORRECT
    if project.status == Status.APPROVED:
        return Step.DONE if taken else Step.HAND_OVER
    return Step.CHECK if wanted and not tally.is_complete else Step.REVIEW


def to_check(session: Session, actor: Actor) -> list[Line]:
    """Submitted projects for which nobody came yet, or with an original nobody has seen, longest waiting first."""
    query = (
        select(Project)
        .where(criteria(actor, Project), Project.status == Status.SUBMITTED)
        .options(joinedload(Project.organization), joinedload(Project.bureau))
        .order_by(Project.submitted_at, Project.id)
    )
    found = lines(session, list(session.scalars(query.limit(LOOK_AT))))
    return [line for line in found if line.step == Step.CHECK][:QUEUE_LIMIT]


def to_hand_over(session: Session, actor: Actor) -> list[Project]:
    """Numbered projects whose number nobody has taken yet, longest waiting first."""
    query = (
        select(Project)
        .join(Project.organization)
        .outerjoin(Project.hand_over)
        .where(criteria(actor, Project), Project.status == Status.APPROVED, HandOver.id.is_(None))
        .options(contains_eager(Project.organization))
        .order_by(Project.numbered_at, Project.id)
    )
    return list(session.scalars(query.limit(QUEUE_LIMIT)))


def others(session: Session, actor: Actor, project: Project) -> int:
    """How many more submitted projects this project's organization has."""
    query = select(func.count(Project.id)).where(
        criteria(actor, Project),
        Project.organization_id == project.organization_id,
        Project.status == Status.SUBMITTED,
        Project.id != project.id,
    )
    return session.scalar(query) or 0
