"""Keeps names and grams in step with the rows they are searched by, whichever door a row was written through.

A session that flushes a project or an organization writes its search text and the grams that changed, no others.
What was written past the session (a restore, a bulk load) is put right by `rebuild`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, bindparam, column, delete, event, inspect, select, table, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.search import grams, searched
from app.domain.sorting import sort_key
from models.organization import Organization
from models.organization_change import OrganizationChange
from models.project import Project
from models.search_gram import OF_ORGANIZATION, OF_PROJECT, SearchGram

BATCH = 5_000  # rows that a rebuild holds in memory
PENDING = "search_grams_to_write"
_GRAMS = cast("Table", SearchGram.__table__)
KINDS: dict[type[Any], str] = {Project: OF_PROJECT, Organization: OF_ORGANIZATION}
SOURCES: dict[type[Any], tuple[str, ...]] = {
    Project: ("number", "name", "organization_id", "organization", "approval_document_number"),
    Organization: ("name", "org_code", "uscc"),
}


def project_text(number: str | None, name: str, builder: str, document: str | None) -> str:
    """What a project is found by: 编号, 项目名称, 建设单位, 立项文号."""
    return searched([number, name, builder, document])


def organization_text(name: str, org_code: str, uscc: str | None, former: Iterable[str] = ()) -> str:
    """What an organization is found by: its name, its code in both spellings, 统一社会信用代码, 曾用名."""
    return searched([name, org_code, org_code.replace("-", ""), uscc, *former])


# While a session writes ------------------------------------------------------------------------------


@event.listens_for(Session, "before_flush")
def _name_rows(session: Session, _context: object, _instances: object) -> None:
    """Search texts and builders' names of what is about to be written; organizations first, they name projects."""
    changed = [row for row in (*session.new, *session.dirty) if type(row) in KINDS and _is_renamed(row)]
    for row in changed:
        if isinstance(row, Organization):
            _name_organization(session, row)
    for row in changed:
        if isinstance(row, Project):
            _name_project(session, row)
    for row in session.deleted:
        if type(row) in KINDS:
            _note(session, row, row.search_text, "")


def _is_renamed(row: Any) -> bool:
    state = inspect(row)
    return not state.persistent or any(state.attrs[name].history.has_changes() for name in SOURCES[type(row)])


def _name_organization(session: Session, row: Organization) -> None:
    former = _former(session, row) if inspect(row).persistent else ()
    _put_text(session, row, organization_text(row.name or "", row.org_code or "", row.uscc, former))
    if not inspect(row).persistent or not inspect(row).attrs.name.history.has_changes():
        return
    with session.no_autoflush:
        projects = session.scalars(select(Project).where(Project.organization_id == row.id)).all()
    for project in projects:
        if project not in session.deleted:
            _rename_builder(session, project, row.name)


def _former(session: Session, row: Organization) -> list[str]:
    """Names and codes before its legal changes (更名), with the change that is just being written."""
    query = select(OrganizationChange).where(OrganizationChange.organization_id == row.id)
    with session.no_autoflush:
        kept = session.scalars(query.order_by(OrganizationChange.id)).all()
    coming = [new for new in session.new if isinstance(new, OrganizationChange) and new.organization_id == row.id]
    return _in_order((change.name_before, change.org_code_before) for change in (*kept, *coming))


def _in_order(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Former names and codes, these in both spellings, each once."""
    return list(dict.fromkeys(text for name, code in pairs for text in (name, code, code.replace("-", ""))))


def _put_text(session: Session, row: Any, after: str) -> None:
    before = row.search_text if inspect(row).persistent else ""
    if after != row.search_text:
        row.search_text = after
    _note(session, row, before, after)


def _rename_builder(session: Session, project: Project, builder: str) -> None:
    """Past the record's version: nobody edited the project, so nobody's edit conflicts with it."""
    before = project.search_text
    text = project_text(project.number, project.name, builder, project.approval_document_number)
    values = {"builder_name": builder, "builder_name_order": sort_key(builder), "search_text": text}
    session.execute(update(_table(Project)).where(_table(Project).c.id == project.id).values(values))
    for name, value in values.items():
        set_committed_value(project, name, value)
    _note(session, project, before, text)


def _name_project(session: Session, row: Project) -> None:
    owner = row.organization
    if owner is None and row.organization_id:
        with session.no_autoflush:
            owner = session.get(Organization, row.organization_id)
    builder = owner.name if owner is not None else ""
    if row.builder_name != builder:
        row.builder_name = builder
    _put_text(session, row, project_text(row.number, row.name or "", builder, row.approval_document_number))


def _note(session: Session, row: Any, before: str | None, after: str) -> None:
    """Remember the row's text before the first change of this flush and after the last."""
    waiting = session.info.setdefault(PENDING, {})
    first = waiting[row][0] if row in waiting else before or ""
    waiting[row] = (first, after)


@event.listens_for(Session, "after_flush")
def _write_grams(session: Session, _context: object) -> None:
    """The difference of grams, now that every row has its key."""
    lost: list[dict[str, Any]] = []
    gained: list[dict[str, Any]] = []
    for row, (before, after) in session.info.pop(PENDING, {}).items():
        kind, had, has = KINDS[type(row)], grams(before), grams(after)
        lost += ({"k": kind, "g": gram, "r": row.id} for gram in sorted(had - has))
        gained += ({"kind": kind, "gram": gram, "row_id": row.id} for gram in sorted(has - had))
    if not lost and not gained:
        return
    connection = session.connection()
    if lost:
        one = (_GRAMS.c.kind == bindparam("k"), _GRAMS.c.gram == bindparam("g"), _GRAMS.c.row_id == bindparam("r"))
        connection.execute(delete(_GRAMS).where(*one), lost)
    if gained:
        connection.execute(_insert(connection), gained)


@event.listens_for(Session, "after_soft_rollback")
def _forget_grams(session: Session, _previous: object) -> None:
    session.info.pop(PENDING, None)


def _insert(connection: Connection) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(_GRAMS).on_conflict_do_nothing()


def _table(model: type[Any]) -> Table:
    return cast("Table", model.__table__)


# In bulk, past the session ------------------------------------------------------------------------------


class _Source(NamedTuple):
    """Where the texts of one kind come from. Light tables: a migration must not know later columns."""

    kind: str
    table: Any
    columns: tuple[str, ...]


def rebuild(connection: Connection, *, batch: int = BATCH) -> None:
    """Write all search texts, builders' names and grams anew, `batch` rows at a time, in the caller's transaction.

    The grams go in at the end, in the order of their key: a tree that is filled from left to right is filled fast.
    """
    connection.execute(delete(table("search_gram")))
    connection.exec_driver_sql("CREATE TEMPORARY TABLE search_gram_new AS SELECT kind, gram, row_id FROM search_gram")
    for source in _sources():
        for rows in _batches(connection, source, batch):
            former = _former_names(connection, rows[0].id, rows[-1].id) if source.kind == OF_ORGANIZATION else {}
            texts = {row.id: _text_of(source.kind, row, former.get(row.id, ())) for row in rows}
            _put_texts(connection, source, rows, texts)
            _put_grams(connection, source.kind, list(texts.items()))
    connection.exec_driver_sql(
        "INSERT INTO search_gram (kind, gram, row_id)"
        " SELECT kind, gram, row_id FROM search_gram_new ORDER BY kind, gram, row_id"
    )
    connection.exec_driver_sql("DROP TABLE search_gram_new")


def _sources() -> Iterator[_Source]:
    organization = ("id", "name", "org_code", "uscc", "search_text")
    project = ("id", "number", "name", "approval_document_number", "organization_id", "builder_name", "search_text")
    yield _Source(OF_ORGANIZATION, table("organization", *map(column, organization)), organization)
    yield _Source(OF_PROJECT, table("project", *map(column, project)), project)


def _batches(connection: Connection, source: _Source, batch: int) -> Iterator[Sequence[Any]]:
    own = source.table.c
    query = select(source.table)
    if source.kind == OF_PROJECT:
        builder = table("organization", column("id"), column("name"))
        query = query.add_columns(builder.c.name.label("builder")).where(builder.c.id == own.organization_id)
    last = 0
    while rows := connection.execute(query.where(own.id > last).order_by(own.id).limit(batch)).all():
        yield rows
        last = rows[-1].id


def _former_names(connection: Connection, first: int, last: int) -> dict[int, list[str]]:
    """曾用名 of these organizations, the oldest first."""
    change = table("organization_change", *map(column, ("id", "organization_id", "name_before", "org_code_before"))).c
    query = select(change.organization_id, change.name_before, change.org_code_before)
    found: dict[int, list[tuple[str, str]]] = {}
    for owner, name, code in connection.execute(
        query.where(change.organization_id.between(first, last)).order_by(change.id)
    ):
        found.setdefault(owner, []).append((name, code))
    return {owner: _in_order(pairs) for owner, pairs in found.items()}


def _text_of(kind: str, row: Any, former: Iterable[str]) -> str:
    if kind == OF_ORGANIZATION:
        return organization_text(row.name, row.org_code, row.uscc, former)
    return project_text(row.number, row.name, row.builder, row.approval_document_number)


def _put_texts(connection: Connection, source: _Source, rows: Sequence[Any], texts: Mapping[int, str]) -> None:
    """Texts and names that differ from what stands in the rows."""
    own = source.table.c
    named = {"search_text": bindparam("t")}
    values = [{"key": row.id, "t": texts[row.id]} for row in rows]
    stale = [value["t"] != row.search_text for value, row in zip(values, rows, strict=True)]
    if source.kind == OF_PROJECT:
        named["builder_name"] = bindparam("b")
        values = [{**value, "b": row.builder} for value, row in zip(values, rows, strict=True)]
        stale = [old or row.builder != row.builder_name for old, row in zip(stale, rows, strict=True)]
    chosen = [value for value, old in zip(values, stale, strict=True) if old]
    if chosen:
        connection.execute(update(source.table).where(own.id == bindparam("key")).values(**named), chosen)


def _put_grams(connection: Connection, kind: str, texts: Sequence[tuple[int, str]]) -> None:
    """Set the grams of a batch aside."""
    found = [(gram, row_id) for row_id, said in texts for gram in grams(said)]
    if connection.dialect.name == "postgresql":
        arrays = {"grams": [gram for gram, _ in found], "rows": [row_id for _, row_id in found], "kind": kind}
        connection.execute(
            text(
                "INSERT INTO search_gram_new (kind, gram, row_id) SELECT CAST(:kind AS varchar), g, r"
                " FROM unnest(CAST(:grams AS varchar[]), CAST(:rows AS integer[])) AS t(g, r)"
            ),
            arrays,
        )
    elif found:
        rows = [(kind, gram, row_id) for gram, row_id in found]
        connection.exec_driver_sql("INSERT INTO search_gram_new (kind, gram, row_id) VALUES (?, ?, ?)", rows)
