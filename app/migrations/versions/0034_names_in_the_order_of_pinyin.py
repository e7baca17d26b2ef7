"""Names are sorted by pinyin: beside each its key, and the index that lists are read along."""

import sqlalchemy as sa
from alembic import op

from models.sorting import fill

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NAMES = (
    ("project", "name"), ("project", "builder_name"), ("organization", "name"), ("enterprise", "name"),
    ("mandate", "agent_name"), ("ab_user", "display_name"), ("bureau", "name"), ("contact", "person"),
    ("region", "name"), ("dictionary_entry", "label_zh"), ("required_document", "label_zh"),
    ("return_reason", "label_zh"), ("matter_item", "label_zh"),
)  # fmt: skip
READ_ALONG = (  # table, columns before the name, the name
    ("project", ("bureau_id",), "name"), ("project", (), "name"),
    ("project", ("bureau_id",), "builder_name"), ("project", (), "builder_name"),
    ("organization", (), "name"), ("enterprise", (), "name"), ("mandate", (), "agent_name"),
)  # fmt: skip


def upgrade() -> None:
    key = sa.String(800).with_variant(sa.String(800, collation="C"), "postgresql")
    for table, name in NAMES:
        comment = f"Place of {name} in the order of pinyin, hex of GB 18030; system"
        op.add_column(table, sa.Column(f"{name}_order", key, nullable=False, server_default="", comment=comment))
        fill(op.get_bind(), table, name)
    for table, before, name in READ_ALONG:
        _make(table, (*before, f"{name}_order", "id"))
        _drop(table, (*before, name, "id"))
    _make("ab_user", ("display_name_order", "id"))


def downgrade() -> None:
    _drop("ab_user", ("display_name_order", "id"))
    for table, before, name in READ_ALONG:
        _make(table, (*before, name, "id"))
        _drop(table, (*before, f"{name}_order", "id"))
    for table, name in reversed(NAMES):
        op.drop_column(table, f"{name}_order")


def _make(table: str, columns: tuple[str, ...]) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _drop(table: str, columns: tuple[str, ...]) -> None:
    op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
