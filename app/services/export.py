"""导出 of lists: rows as the list shows them, never more than the person may see; who, what, how many is kept."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app import listing
from app.domain.errors import NotFound, Refused, say
from app.domain.permissions import Actor, may
from app.domain.terms import N_
from app.listing import Condition
from app.scope import criteria, fetch
from app.services import audit
from app.services.deciding import deciding
from models.export_job import ExportJob
from models.sorting import ordered_by
from reports import lists
from reports.list_columns import LISTS, ListKind
from reports.list_conditions import said
from reports.list_words import Words

AT_ONCE = 5_000  # rows; more are written by the worker
MOST_WAITING = 3  # unfinished jobs of one person
UNFINISHED = ("queued", "running")
NO_RIGHT = N_("没有导出这份清单的权限。")


@dataclass(frozen=True)
class Wanted:
    """What somebody asks to export, as plain data: a job carries it, nothing of the request is needed later."""

    kind: str
    conditions: tuple[Condition, ...] = ()
    keys: tuple[int, ...] | None = None  # the ticked rows; None for the whole list
    order: str = "id"
    is_falling: bool = True
    columns: tuple[str, ...] = ()
    language: str = "zh"

    @property
    def list_kind(self) -> ListKind:
        return LISTS[self.kind]

    def to_plain(self) -> dict[str, Any]:
        """For a job's row."""
        return {**asdict(self), "conditions": [list(condition) for condition in self.conditions]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Wanted":
        """Back from a job's row."""
        keys = plain["keys"]
        return cls(
            kind=plain["kind"],
            conditions=tuple(Condition(*condition) for condition in plain["conditions"]),
            keys=None if keys is None else tuple(keys),
            order=plain["order"],
            is_falling=plain["is_falling"],
            columns=tuple(plain["columns"]),
            language=plain["language"],
        )


def keys_of(session: Session, actor: Actor, wanted: Wanted) -> "array[int]":
    """The rows in reach now, in the order asked for. Raises Refused without the right."""
    model = wanted.list_kind.model
    column = ordered_by(model, wanted.order)
    parts = [column, model.id] if wanted.order != "id" else [column]
    ends = [part.desc() if wanted.is_falling else part.asc() for part in parts]
    return lists.keys_of(session, _rows(session, actor, wanted).order_by(column.is_(None), *ends))


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many rows there are, counted to the cap of lists. Raises Refused without the right."""
    return listing.capped_count(session, _rows(session, actor, wanted))


def _rows(session: Session, actor: Actor, wanted: Wanted) -> "Select[Any]":
    kind = wanted.list_kind
    if not may(actor.roles, kind.resource, "export"):
        raise Refused(say(NO_RIGHT), "right")
    model = kind.model
    query = select(model.id).where(criteria(actor, model), *listing.criteria(session, model, wanted.conditions))
    return query if wanted.keys is None else query.where(model.id.in_(wanted.keys))


def write(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    keys: "array[int]",
    file: IO[bytes],
    words: Words,
    *,
    tell: Any = None,
    now: datetime,
) -> int:
    """Write the workbook for the person; gives the rows written. Ends the session's transaction with every chunk."""
    kind = wanted.list_kind
    export = lists.Export(
        kind, kind.of_keys(wanted.columns), keys, criteria(actor, kind.model), words, about(wanted, actor, words),
        **({"tell": tell} if tell else {}),
    )  # fmt: skip
    return lists.write(session, export, file, now=now)


def about(wanted: Wanted, actor: Actor, words: Words) -> list[tuple[str, str]]:
    """What the definitions sheet says of this export."""
    chosen = words.say(N_("；")).join(said(wanted.list_kind, one, words) for one in wanted.conditions)
    if wanted.keys is not None:
        chosen = words.say(N_("勾选的记录"))
    return [
        (N_("导出人"), f"{actor.name}（{actor.username}）"),
        (N_("条件"), chosen or words.say(N_("全部"))),
    ]


def at_once(
    session: Session, actor: Actor, wanted: Wanted, file: IO[bytes], words: Words, *, now: datetime
) -> int | None:
    """Write it into `file` now; None when it is too long for that. Raises Refused without the right."""
    keys = keys_of(session, actor, wanted)
    session.rollback()
    if len(keys) > AT_ONCE:
        return None
    with deciding(session, actor, f"export:{wanted.kind}", "export", now=now):
        _note(session, actor, wanted, len(keys), now)
    return write(session, actor, wanted, keys, file, words, now=now)


def queue(session: Session, actor: Actor, wanted: Wanted, *, now: datetime) -> ExportJob:
    """Have it written in the background. Raises Refused without the right, or when enough is waiting already."""
    assert actor.user_id is not None
    with deciding(session, actor, f"export:{wanted.kind}", "export", now=now):
        rows = len(keys_of(session, actor, wanted))
        if _waiting(session, actor) >= MOST_WAITING:
            message = N_("您已有 %(count)s 个导出在排队，请等其中一个完成后再导出。")
            raise Refused(say(message, count=MOST_WAITING), "enough")
        job = ExportJob(
            kind=wanted.kind, parameters=wanted.to_plain(), state="queued", row_count=rows, rows_written=0,
            requested_by_id=actor.user_id, requested_at=now,
        )  # fmt: skip
        session.add(job)
        session.flush()
        _note(session, actor, wanted, rows, now, job=job.id)
    return job


def _waiting(session: Session, actor: Actor) -> int:
    mine = ExportJob.requested_by_id == actor.user_id, ExportJob.state.in_(UNFINISHED)
    return session.scalar(select(func.count()).select_from(ExportJob).where(*mine)) or 0


def _note(session: Session, actor: Actor, wanted: Wanted, count: int, now: datetime, *, job: int | None = None) -> None:
    """Which list, narrowed how, how many rows, which columns."""
    after: dict[str, object] = {
        "list": wanted.kind, "rows": count, "columns": [c.key for c in wanted.list_kind.of_keys(wanted.columns)],
        "filters": [" ".join(condition) for condition in wanted.conditions], "order": wanted.order, "job": job,
    }  # fmt: skip
    if wanted.keys is not None:
        after["keys"] = list(wanted.keys)
    audit.record(
        session, actor, f"export:{wanted.kind}", "export", job,
        now=now, organization_id=actor.organization_id, after=after,
    )  # fmt: skip


def own_jobs(session: Session, actor: Actor, limit: int = 50) -> Sequence[ExportJob]:
    """The person's jobs, newest first."""
    query = select(ExportJob).where(criteria(actor, ExportJob))
    return session.scalars(query.order_by(ExportJob.requested_at.desc(), ExportJob.id.desc()).limit(limit)).all()


def within_reach(parameters: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """A job's parameters with whose rows its file holds: a later download asks whether that is still so."""
    return {**parameters, "reach": _reach(actor)}


def _reach(actor: Actor) -> dict[str, Any]:
    return {"bureau": actor.bureau_id, "organization": actor.organization_id}


def to_download(session: Session, actor: Actor, job_id: object) -> ExportJob:
    """The person's written job. Raises NotFound for any other, and when the right or the bureau is not as it was."""
    job = fetch(session, actor, ExportJob, job_id)
    may_now = job.kind in LISTS and may(actor.roles, LISTS[job.kind].resource, "export")
    if job.state != "done" or not may_now or job.parameters.get("reach") != _reach(actor):
        raise NotFound("ExportJob")
    return job
