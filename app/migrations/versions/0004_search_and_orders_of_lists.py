"""Search by grams, projects named by their builder, an index for every order and filter of a list."""

import sqlalchemy as sa
from alembic import op

from models.search import rebuild

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW_COLUMNS = (
    ("organization", "search_text", sa.Text(), "What the organization is found by, folded; models.search"),
    ("project", "builder_name", sa.String(200), "建设单位's name, kept in step with the organization; system"),
    ("project", "search_text", sa.Text(), "What the project is found by, folded; models.search"),
)
ORDERS = (
    "number", "name", "builder_name", "status", "investment_10k_cny", "submitted_at", "due_on", "numbered_at",
)
INDEXES = (
    *(("project", ("bureau_id", order, "id")) for order in ORDERS),
    *(("project", (order, "id")) for order in ORDERS if order != "status"),
    *(
        ("project", (code, "id", "bureau_id"))
        for code in ("status", "region_code", "category_code", "approval_level_code")
    ),
    ("project", ("bureau_id", "id")),
    *(
        ("enterprise", (column, "id"))
        for column in (
            "name", "org_code", "status", "submitted_at", "due_on", "decided_at", "region_code", "unit_kind",
        )
    ),
    *(("organization", (column, "id")) for column in ("name", "registered_at", "unit_kind")),
    *(("review", (column, "id")) for column in ("decided_at", "decision")),
    *(("mandate", (column, "id")) for column in ("agent_name", "valid_from", "valid_to")),
)
SUPERSEDED = (  # each is the beginning of one above
    ("project", "name"), ("project", "region_code"), ("project", "numbered_at"),
    ("enterprise", "name"), ("enterprise", "org_code"), ("enterprise", "region_code"), ("organization", "name"),
)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def upgrade() -> None:
    for table, name, kind, comment in NEW_COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default="", comment=comment))
    gram = sa.String(3).with_variant(sa.String(3, collation="C"), "postgresql")
    op.create_table(
        "search_gram",
        sa.Column("kind", sa.String(1), nullable=False, comment="p project, o organization; system"),
        sa.Column("gram", gram, nullable=False, comment="One to three folded characters; system"),
        sa.Column(
            "row_id", sa.Integer(), autoincrement=False, nullable=False,
            comment="Key of the row in the table of its kind; system",
        ),
        sa.CheckConstraint("kind IN ('p', 'o')", name="search_gram_is_of_a_project_or_an_organization"),
        sa.CheckConstraint("length(gram) > 0", name="search_gram_is_not_empty"),
        sa.PrimaryKeyConstraint("kind", "gram", "row_id", name="search_gram_is_found_by_its_key"),
        comment="Grams of the contains-search",
        sqlite_with_rowid=False,
    )
    rebuild(op.get_bind())
    for table, columns in INDEXES:
        op.create_index(_name(table, columns), table, list(columns))
    for table, column in SUPERSEDED:
        op.drop_index(f"ix_{table}_{column}", table_name=table)


def downgrade() -> None:
    for table, column in SUPERSEDED:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table, columns in INDEXES:
        op.drop_index(_name(table, columns), table_name=table)
    op.drop_table("search_gram")
    for table, name, _kind, _comment in reversed(NEW_COLUMNS):
        op.drop_column(table, name)
