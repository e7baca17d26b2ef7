"""回写: a matter's system takes its steps by the number, through the door that its clerk uses; again is no harm."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import write_back as rules
from app.domain.errors import Invalid, Refused, say
from app.domain.fields import Label
from app.domain.matters import KINDS, NOT_YOURS, Matter, MatterAction
from app.domain.permissions import Actor
from app.domain.write_back import WriteBack
from app.services import matters, published
from app.services.deciding import judging


@dataclass(frozen=True)
class Outcome:
    """The matter after the request, and whether the request changed it."""

    matter_id: int
    has_changed: bool


def write(session: Session, actor: Actor, number: str, matter: Matter, asked: WriteBack, *, now: datetime) -> Outcome:
    """Take the step. The same request again changes nothing and is answered alike.

    Raises Invalid naming the body's fields, Refused, Conflict or NotFound.
    """
    row_id = _in_reach(session, actor, number, matter, now)
    if asked.action != MatterAction.RECORD:
        taken = matters.step_once(session, actor, row_id, asked.action, words=asked.words, now=now)
        return Outcome(row_id, taken)
    try:
        written = matters.record(session, actor, row_id, asked.record, now=now)
    except Invalid as invalid:
        raise Invalid(rules.beside(invalid.problems)) from invalid
    return Outcome(row_id, written.has_changed)


def _in_reach(session: Session, actor: Actor, number: str, matter: Matter, now: datetime) -> int:
    """The matter's key. A foreign number is not there; of a project in reach, a matter of another system is refused."""
    with judging(session, actor, "matter:write_back", "matter", now=now):
        published.find(session, actor, number)
        if not matters.is_clerk_of(actor, matter):
            raise Refused(say(NOT_YOURS, matter=Label(KINDS[matter].word)), "role")
        return published.matter_of(session, actor, number, matter).id
