"""One 立项, one number, in every spelling of its document and by its 国家投资项目代码.

Keys are made anew. Numbers that turn out to be of one 立项 are kept: all but the first are marked, and said.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.domain.approval import approval_key

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.runtime.migration")
BATCH = 500
FORMER = sa.text("number IS NOT NULL AND status <> 'voided' AND NOT duplicate_allowed")
HOLDS = sa.text("number IS NOT NULL AND status <> 'voided' AND NOT duplicate_allowed AND NOT repeat_known")
KEYS = {
    "numbered_approval_document_is_unique": "approval_key",
    "numbered_investment_project_code_is_unique": "investment_project_code",
}
COLUMNS = (
    "id", "approval_document_number", "approval_authority", "approval_key", "investment_project_code", "number",
    "status", "duplicate_allowed", "repeat_known",
)  # fmt: skip
PROJECT = sa.table("project", *(sa.column(name, sa.Boolean() if name in COLUMNS[-2:] else None) for name in COLUMNS))


def upgrade() -> None:
    op.drop_index("numbered_approval_document_is_unique", table_name="project")
    op.add_column(
        "project",
        sa.Column(
            "repeat_known", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="Was numbered beside another of the same 立项 before one key told so; migration",
        ),
    )  # fmt: skip
    connection = op.get_bind()
    for rows in _batches(connection):
        _key_anew(connection, rows)
    for column in KEYS.values():
        _mark_repeats(connection, column)
    for name, column in KEYS.items():
        op.create_index(name, "project", [column], unique=True, sqlite_where=HOLDS, postgresql_where=HOLDS)
    op.create_index("ix_project_investment_project_code", "project", ["investment_project_code"])


def _batches(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    own, last = PROJECT.c, 0
    query = sa.select(own.id, own.approval_document_number, own.approval_authority, own.approval_key)
    while rows := connection.execute(query.where(own.id > last).order_by(own.id).limit(BATCH)).all():
        yield rows
        last = rows[-1].id


def _key_anew(connection: sa.Connection, rows: Sequence[Any]) -> None:
    keyed = [(row, approval_key(row.approval_document_number, row.approval_authority)) for row in rows]
    stale = [{"row": row.id, "key": key} for row, key in keyed if key is not None and key != row.approval_key]
    if stale:
        update = sa.update(PROJECT).where(PROJECT.c.id == sa.bindparam("row"))
        connection.execute(update.values(approval_key=sa.bindparam("key")), stale)


def _mark_repeats(connection: sa.Connection, column: str) -> None:
    """The number that stands first keeps the 立项; the others stay beside it, marked."""
    own = PROJECT.c
    key = own[column]
    live = sa.and_(own.number.is_not(None), own.status != "voided", sa.not_(own.duplicate_allowed))
    several = sa.select(key).where(live, key.is_not(None)).group_by(key).having(sa.func.count() > 1)
    query = sa.select(own.id, own.number, key).where(live, key.in_(several)).order_by(key, own.id)
    first: dict[str, str] = {}
    for row_id, number, value in connection.execute(query).all():
        if first.setdefault(value, number) != number:
            log.warning("项目 %s 与 %s 是同一立项，两个编号都保留，请核对。", number, first[value])
            connection.execute(sa.update(PROJECT).where(own.id == row_id).values(repeat_known=True))


def downgrade() -> None:
    """The keys stay as they are: they are finer than the former rule asks. Marked repeats count as allowed ones."""
    op.drop_index("ix_project_investment_project_code", table_name="project")
    for name in KEYS:
        op.drop_index(name, table_name="project")
    op.execute(sa.update(PROJECT).where(PROJECT.c.repeat_known).values(duplicate_allowed=True))
    op.drop_column("project", "repeat_known")
    op.create_index(
        "numbered_approval_document_is_unique", "project", ["approval_key"],
        unique=True, sqlite_where=FORMER, postgresql_where=FORMER,
    )  # fmt: skip
