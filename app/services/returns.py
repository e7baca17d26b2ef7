"""The return sheet (退回单): items with target, reason and instruction; the applicant answers each one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain import free_text
from app.domain.errors import Invalid, Problem, Sentence, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Status
from app.services import audit, corrections, reference, snapshot
from app.services.reading import once
from models.review import ReturnItem, Review
from models.submission import Submission

ITEM_LIMIT = 50


@dataclass(frozen=True)
class Item:
    """One thing to mend: an input name or a scan slot, a reason of the bank, and what to do."""

    target: str
    reason_code: str
    instruction: str


def checked(
    session: Session, record: snapshot.Record, items: Sequence[Item], *, at_counter: bool
) -> list[tuple[Item, str]]:
    """The items with their target's kind (field or slot). Raises Invalid naming each faulty input.

    A reviewer names what the unlock opened; what the counter saw of an original it says, and is answered in words.
    """
    fields = {f.name for f in snapshot.fields_of(record)}
    slots = {s.slot for s in reference.slots_of(session, record)} | _enterprise_slots(session, record)
    reasons = {r.code for r in reference.return_reasons(session)}
    problems: list[Problem] = []
    if not items or len(items) > ITEM_LIMIT:
        problems.append(Problem("items", say(N_("退回至少要有一项，最多 %(limit)s 项。"), limit=ITEM_LIMIT)))
    for n, item in enumerate(items):
        if item.target not in fields | slots:
            problems.append(Problem(f"items-{n}-target", say(N_("请选择要修改的内容或附件。"))))
        elif not at_counter and not corrections.reaches(record, [item.target]):
            problems.append(Problem(f"items-{n}-target", corrections.only_opened(session, record)))
        if item.reason_code not in reasons:
            problems.append(Problem(f"items-{n}-reason_code", say(N_("请选择退回原因。"))))
        if not item.instruction.strip():
            problems.append(Problem(f"items-{n}-instruction", say(N_("请写明怎样修改。"))))
        else:
            bad = free_text.problem(free_text.INSTRUCTION, item.instruction, f"items-{n}-instruction")
            problems += [bad] if bad else []
    if problems:
        raise Invalid(problems)
    read = [replace(item, instruction=free_text.read(free_text.INSTRUCTION, item.instruction)) for item in items]
    return [(item, "field" if item.target in fields else "slot") for item in read]


def _enterprise_slots(session: Session, record: snapshot.Record) -> set[str]:
    """At the counter a project's return may also name a scan of its enterprise."""
    enterprise = record.organization.enterprise
    return {s.slot for s in reference.slots_of(session, enterprise)} if enterprise else set()


def add_items(session: Session, review: Review, checked_items: Sequence[tuple[Item, str]]) -> None:
    """Write the sheet; an item already visible in the first submission that was judged is marked for the statistics."""
    submission = review.submission
    first = _first_judged(session, submission)
    changed = snapshot.changes(first.snapshot, submission.snapshot) if first is not None else set()
    for sequence, (item, target_kind) in enumerate(checked_items, start=1):
        session.add(
            ReturnItem(
                review=review,
                sequence=sequence,
                target=item.target,
                target_kind=target_kind,
                reason_code=item.reason_code,
                instruction=item.instruction,
                was_visible_before=first is not None and item.target not in changed,
            )
        )


def _first_judged(session: Session, submission: Submission) -> Submission | None:
    """The earliest submission before this one that somebody decided on; nobody saw one that was withdrawn."""
    column = Submission.project_id if submission.project_id else Submission.enterprise_id
    owner = submission.project_id or submission.enterprise_id
    judged = select(Submission).join(Review, Review.submission_id == Submission.id)
    earlier = judged.where(column == owner, Submission.sequence < submission.sequence)
    return session.scalars(earlier.order_by(Submission.sequence)).first()


def last_return(session: Session, record: snapshot.Record) -> Review | None:
    """The return that the applicant is to answer; withdrawing what answered it does not put it away."""
    was_withdrawn = record.status == Status.DRAFT and record.submission_id is not None
    if record.status == Status.RETURNED or was_withdrawn:
        review = _last_review(session, record)
        return review if review is not None and review.decision == "return" else None
    return None


@once
def _last_review(session: Session, record: snapshot.Record) -> Review | None:
    """The latest decision, of a returned record that on its submission, with its items."""
    if record.status == Status.RETURNED:
        which = Review.submission_id == record.submission_id
    else:
        latest = select(func.max(Review.id)).where(snapshot.of_record(Review, record))
        which = Review.id == latest.scalar_subquery()
    return session.scalars(select(Review).where(which).options(joinedload(Review.return_items))).unique().first()


def open_items(session: Session, record: snapshot.Record) -> list[ReturnItem]:
    """The items of the latest return while the record waits for its applicant."""
    review = last_return(session, record)
    if review is None:
        return []
    return list(review.return_items)


def items_are_answered(session: Session, record: snapshot.Record, answers: Mapping[int, str]) -> bool | Sentence:
    """Every item is answered in words or its field or scan has changed since the returned submission."""
    review, items = last_return(session, record), open_items(session, record)
    if review is None or not items:
        return True
    touched = snapshot.changes(review.submission.snapshot, snapshot.build(session, record))
    untouched = [i for i in items if i.target not in touched and not (answers.get(i.id, "") or i.answer or "").strip()]
    if not untouched:
        return True
    return say(
        N_("退回的 %(total)s 项还有 %(open)s 项没有回应，暂不能转审核。"),
        total=len(items),
        open=len(untouched),
    )


def keep_answers(
    session: Session, actor: Actor, record: snapshot.Record, answers: Mapping[int, str], *, now: datetime
) -> None:
    """Store what the applicant answered to its own open items; ids of other items are ignored.

    Raises Invalid naming the answer that is too long or holds marks nobody can see.
    """
    after: dict[str, object] = {}
    for n, item in enumerate(open_items(session, record)):
        if item.id not in answers:
            continue
        text = free_text.read(free_text.ANSWER, answers[item.id], name=f"items-{n}-answer")
        if text != (item.answer or ""):
            item.answer, item.answered_at = text or None, now if text else None
            after[item.target] = text
    if after:
        kind = snapshot.kind_of(record)
        audit.record(
            session, actor, f"{kind}:answer", kind, record.id,
            now=now, organization_id=record.organization_id, after=after,
        )  # fmt: skip
