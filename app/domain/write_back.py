"""What a matter's system sends back (回写): the body of the request, judged before anything is read or written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.api import STEPS
from app.domain.errors import Invalid, Problem, say
from app.domain.fields.field import Label
from app.domain.fields.matter import RECORDS
from app.domain.fields.typed import NOT_AN_OBJECT, UNKNOWN, WRONG_TYPE, mistyped
from app.domain.matters import NEEDS_WORDS, Matter, MatterAction
from app.domain.terms import N_

STEP, WORDS, RECORD = "step", "words", "record"
NO_STEP = N_("请写明步骤：%(steps)s。")
NOT_WITH_IT = N_("这个步骤不带这个字段。")
NO_RECORD = N_("请写明登记的内容。")


@dataclass(frozen=True)
class WriteBack:
    """One step of a matter; `words` for the applicant, `record` for what the matter leaves."""

    action: MatterAction
    words: str = ""
    record: Mapping[str, object] = field(default_factory=dict)


def read(matter: Matter, body: object) -> WriteBack:
    """The step that the body asks for. Raises Invalid naming each field; what a record says is judged by its table."""
    if not isinstance(body, Mapping):
        raise Invalid([Problem("", say(NOT_AN_OBJECT))])
    step = body.get(STEP)
    if not isinstance(step, str) or step not in STEPS:
        raise Invalid([Problem(STEP, say(NO_STEP, steps=Label("、".join(STEPS))))])
    action = MatterAction(step)
    problems = _problems(matter, action, body)
    if problems:
        raise Invalid(problems)
    return WriteBack(action, str(body.get(WORDS) or ""), body.get(RECORD) or {})


def beside(problems: tuple[Problem, ...]) -> list[Problem]:
    """The problems of a record, named as the body has its fields."""
    return [Problem(f"{RECORD}.{problem.field}", problem.sentence) for problem in problems]


def _problems(matter: Matter, action: MatterAction, body: Mapping[str, object]) -> list[Problem]:
    known = {STEP, RECORD} if action == MatterAction.RECORD else {STEP, WORDS} if action in NEEDS_WORDS else {STEP}
    found = [
        Problem(name, say(NOT_WITH_IT if name in (WORDS, RECORD) else UNKNOWN)) for name in body if name not in known
    ]
    words, record = body.get(WORDS), body.get(RECORD)
    if WORDS in known and WORDS in body and not isinstance(words, str):
        found.append(Problem(WORDS, say(WRONG_TYPE, label=Label(N_("原因和要求")), type="string")))
    if action == MatterAction.RECORD and not isinstance(record, Mapping):
        found.append(Problem(RECORD, say(NO_RECORD if record is None else NOT_AN_OBJECT)))
    elif action == MatterAction.RECORD and isinstance(record, Mapping):
        found += beside(mistyped(RECORDS[matter], record))
    return found
