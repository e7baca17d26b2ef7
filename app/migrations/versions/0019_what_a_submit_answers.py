"""A record knows whether its latest submit answers a return (转审核): a withdrawal in between makes no resubmit."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

RECORDS = ("enterprise", "project")
COMMENT = "The latest submit answers a return or an unlock (转审核); system"


def upgrade() -> None:
    for name in RECORDS:
        column = sa.Column("answers_return", sa.Boolean(), nullable=False, server_default=sa.false(), comment=COMMENT)
        op.add_column(name, column)
        op.execute(_known(name))


def downgrade() -> None:
    for name in reversed(RECORDS):
        op.drop_column(name, "answers_return")


def _known(name: str) -> sa.Update:
    """What was judged before, or opened by an administrator, answers that; a bare second submit does not."""
    record = sa.table(name, *map(sa.column, ("id", "submission_count", "answers_return")))
    review = sa.table("review", sa.column(f"{name}_id"))
    event = sa.table("audit_event", *map(sa.column, ("action", "object_type", "object_id", "result")))
    judged = sa.exists().where(review.c[f"{name}_id"] == record.c.id)
    opened = sa.exists().where(
        event.c.object_type == name,
        event.c.object_id == record.c.id,
        event.c.action == f"{name}:unlock",
        event.c.result == "done",
    )
    again = record.c.submission_count > 1
    return sa.update(record).where(again, sa.or_(judged, opened)).values(answers_return=sa.true())
