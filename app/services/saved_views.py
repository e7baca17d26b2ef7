"""常用视图: the conditions and the order of a list under a name, for one person; a way in, never a right."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, Problem, Refused, say
from app.domain.permissions import Actor
from app.domain.terms import N_
from app.scope import criteria, fetch
from app.services import people
from models.engine import begin_write
from models.saved_view import SavedView

MOST = 20  # of one list
LONGEST_NAME = 40
LONGEST_CONDITIONS = 1_000
PLACES = ("page_", "after_", "before_", "psize_")  # of a page in the list: no condition


def conditions_of(arguments: Iterable[tuple[str, str]]) -> str:
    """The query part of an address, in one spelling and without the place in the list."""
    return urlencode(sorted((name, value) for name, value in arguments if value and not name.startswith(PLACES)))


def of_page(session: Session, actor: Actor, page: str) -> Sequence[Any]:
    """The person's views of a list: id, name and conditions, in the order in which they were saved."""
    return session.execute(_of_page(criteria(actor, SavedView)), {"page": page}).all()


@lru_cache(maxsize=512)
def _of_page(mine: Any) -> Select[int, str, str]:
    """Put together once per person: every list asks it."""
    views = select(SavedView.id, SavedView.name, SavedView.conditions)
    return views.where(mine, SavedView.page == bindparam("page")).order_by(SavedView.id)


def save(session: Session, actor: Actor, page: str, name: str, conditions: str, *, now: datetime) -> SavedView:
    """Save conditions under a name, in place of what had that name.

    Raises Invalid for a name that is empty or too long, Refused for one view too many.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid([Problem("name", say(N_("请给常用视图起一个名称，不超过 %(most)s 字。"), most=LONGEST_NAME))])
    if not conditions or len(conditions) > LONGEST_CONDITIONS:
        raise Refused(say(N_("没有可以保存的条件。")), "no_conditions")
    begin_write(session)
    people.hold(session, actor)  # two tabs at once must not both find a free place
    mine = select(SavedView).where(criteria(actor, SavedView), SavedView.page == page)
    row = session.scalars(mine.where(SavedView.name == name)).one_or_none()
    if row is None:
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST:
            session.rollback()
            raise Refused(say(N_("一个列表最多保存 %(most)s 个常用视图，请先删除不用的。"), most=MOST), "too_many")
        row = SavedView(user_id=actor.user_id, page=page, name=name, created_at=now)
        session.add(row)
    row.conditions = conditions
    session.commit()
    return row


def delete(session: Session, actor: Actor, view_id: int) -> str:
    """Forget a view; gives the list that it was of. Raises NotFound for another's."""
    begin_write(session)
    try:
        row = fetch(session, actor, SavedView, view_id)
        page = row.page
        session.delete(row)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return page
