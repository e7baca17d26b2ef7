"""暂存: what a person typed into a form and has not saved, kept for them alone, so that a lost session loses nothing.

No record changes by it and no rule judges it: it is offered again when the form is opened next, and a save decides.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, load_only

from app.domain.errors import Refused, say
from app.domain.permissions import Actor
from app.domain.terms import N_, Kind
from app.scope import criteria
from app.services import people, upsert
from models.engine import begin_write
from models.unsaved_entry import UnsavedEntry

MOST_CHARACTERS = 60_000  # of one form; the longest that the rules accept have a tenth of it
MOST_FORMS = 50  # of one person


def keep(session: Session, actor: Actor, form: str, entries: Mapping[str, Sequence[str]], *, now: datetime) -> None:
    """Keep the form as it stands, by input name, in place of what was kept of it before.

    Raises Refused for more than anybody types; the earlier state then stays.
    """
    _put(session, actor, form, entries, None, now)


def keep_sent(
    session: Session, user_id: int, form: str, sent_to: str, entries: Mapping[str, Sequence[str]], *, now: datetime
) -> bool:
    """Keep a form that arrived after its session had ended, for the person whose session it was.

    False when the account is closed: nobody will come for it. Raises Refused for more than anybody types.
    """
    actor = people.actor_of(session, user_id)
    if actor.user_id is None:
        return False
    _put(session, actor, form, entries, sent_to, now)
    return True


def _put(
    session: Session, actor: Actor, form: str, entries: Mapping[str, Sequence[str]], sent_to: str | None, now: datetime
) -> None:
    if sum(len(name) + len(one) for name, values in entries.items() for one in values) > MOST_CHARACTERS:
        raise Refused(say(N_("填写的内容太多，没有暂存。")), "too_much")
    begin_write(session)
    people.hold(session, actor)  # two tabs at once must not both find nothing
    row = kept(session, actor, form)
    if row is None:
        session.execute(delete(UnsavedEntry).where(UnsavedEntry.id.in_(_beyond_the_most(session, actor))))
        row = UnsavedEntry(user_id=actor.user_id, form=form)
        session.add(row)
    row.entries, row.kept_at = {name: list(values) for name, values in entries.items()}, now
    row.sent_to = sent_to
    session.commit()


def form_of(kind: Kind, record_id: int) -> str:
    """The address of a record's form: what is kept of it is kept under that."""
    return f"/{kind}s/edit/{record_id}"


def put_aside(
    session: Session, user_id: int, form: str, entries: Mapping[str, Sequence[str]], *, now: datetime
) -> None:
    """Keep what a person had saved and what holds no longer, within the caller's transaction.

    What the person has typed since, and not saved, stands before it.
    """
    upsert.ensure(session, UnsavedEntry, {"user_id": user_id, "form": form}, {"entries": {}, "kept_at": now})
    mine = select(UnsavedEntry).where(UnsavedEntry.user_id == user_id, UnsavedEntry.form == form)
    row = session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()
    row.entries = {**{name: list(values) for name, values in entries.items()}, **row.entries}
    row.kept_at = now


def _beyond_the_most(session: Session, actor: Actor) -> Sequence[int]:
    """The oldest ones, which make room for one more."""
    newest = select(UnsavedEntry.id).where(criteria(actor, UnsavedEntry)).order_by(UnsavedEntry.kept_at.desc())
    return session.scalars(newest.offset(MOST_FORMS - 1)).all()


def kept(session: Session, actor: Actor, form: str) -> UnsavedEntry | None:
    """What is kept of a form, or None."""
    mine = select(UnsavedEntry).where(criteria(actor, UnsavedEntry), UnsavedEntry.form == form)
    return session.scalars(mine).one_or_none()


def forms(session: Session, actor: Actor) -> Sequence[UnsavedEntry]:
    """The forms of which something is kept, newest first, without what was typed."""
    named = load_only(UnsavedEntry.form, UnsavedEntry.kept_at)
    mine = select(UnsavedEntry).where(criteria(actor, UnsavedEntry)).options(named)
    return session.scalars(mine.order_by(UnsavedEntry.kept_at.desc())).all()


def newest_sent(session: Session, actor: Actor) -> str | None:
    """The form that was sent last after its session had ended and still waits for its person, or None."""
    mine = select(UnsavedEntry.form).where(criteria(actor, UnsavedEntry), UnsavedEntry.sent_to.is_not(None))
    return session.scalars(mine.order_by(UnsavedEntry.kept_at.desc()).limit(1)).one_or_none()


def drop(session: Session, actor: Actor, form: str) -> None:
    """Forget what is kept of a form: it was saved, or the person wants none of it."""
    begin_write(session)
    session.execute(delete(UnsavedEntry).where(criteria(actor, UnsavedEntry), UnsavedEntry.form == form))
    session.commit()
