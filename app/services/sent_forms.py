"""One form, one row: a form for a new row that is sent twice, or again after Back, leads to the row that it made."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.scope import criteria
from models.engine import begin_write
from models.sent_form import PAGE_WIDTH, SentForm

GIVEN_UP_AFTER = timedelta(minutes=5)  # whoever was making the row is gone: the form may be sent again


def begin(session: Session, actor: Actor, mark: str, content: str, *, now: datetime) -> SentForm | None:
    """Note that the form is being worked on and give None; or give what is known of it already."""
    begin_write(session)
    stale = SentForm.led_to.is_(None) & (SentForm.sent_at < now - GIVEN_UP_AFTER)
    session.execute(delete(SentForm).where(criteria(actor, SentForm), SentForm.mark == mark, stale))
    session.add(SentForm(user_id=actor.user_id, mark=mark, content=content, sent_at=now))
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        return find(session, actor, mark)
    return None


def find(session: Session, actor: Actor, mark: str) -> SentForm | None:
    """What is known of a form."""
    return session.scalars(select(SentForm).where(criteria(actor, SentForm), SentForm.mark == mark)).one_or_none()


def finish(session: Session, actor: Actor, mark: str, led_to: str | None) -> None:
    """The row was made, and this is its page; or none was made, and the form may be sent again."""
    begin_write(session)
    mine = criteria(actor, SentForm), SentForm.mark == mark
    if led_to is None:
        session.execute(delete(SentForm).where(*mine))
    else:
        session.execute(update(SentForm).where(*mine).values(led_to=led_to[:PAGE_WIDTH]))
    session.commit()
