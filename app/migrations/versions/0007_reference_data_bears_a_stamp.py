"""A stamp that each change of reference data and rights draws anew: a page need not read what has not changed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    "bureau", "dictionary_entry", "region", "required_document", "return_reason",
    "ab_permission", "ab_permission_view", "ab_permission_view_role", "ab_role", "ab_view_menu",
)  # fmt: skip
EVENTS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "reference_stamp",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column(
            "stamp", sa.BigInteger(), nullable=False, comment="Drawn anew at each change, never counted; trigger"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("reference_stamp_is_found_by_its_key")),
        comment="Whether reference data and rights have changed, one row",
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    op.execute("INSERT INTO reference_stamp (id, stamp) VALUES (1, random())")
    for table in TABLES:
        for event in EVENTS:
            op.execute(
                f"CREATE TRIGGER {table}_is_stamped_at_{event.lower()} AFTER {event} ON {table}"
                " BEGIN UPDATE reference_stamp SET stamp = random(); END"
            )


def _postgresql() -> None:
    drawn = "('x' || substr(md5(gen_random_uuid()::text), 1, 16))::bit(64)::bigint"
    op.execute(f"INSERT INTO reference_stamp (id, stamp) VALUES (1, {drawn})")
    op.execute(
        "CREATE FUNCTION draw_reference_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" UPDATE reference_stamp SET stamp = {drawn}; RETURN NULL; END $$"
    )
    for table in TABLES:
        for event in (*EVENTS, "TRUNCATE"):
            op.execute(
                f"CREATE TRIGGER {table}_is_stamped_at_{event.lower()} AFTER {event} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION draw_reference_stamp()"
            )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for event in (*EVENTS, "TRUNCATE") if postgresql else EVENTS:
            name = f"{table}_is_stamped_at_{event.lower()}"
            op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    if postgresql:
        op.execute("DROP FUNCTION draw_reference_stamp()")
    op.drop_table("reference_stamp")
