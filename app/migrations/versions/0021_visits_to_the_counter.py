"""Visits to the counter (窗口核验): one for each instant at which originals of a project were checked before."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

VISITS_BEFORE = """
    INSERT INTO counter_visit (project_id, mandate_id, presented_by, received_by_id, visited_at)
    SELECT originals_check.project_id, MAX(originals_check.mandate_id), COALESCE(MAX(mandate.agent_name), ''),
        MAX(originals_check.checked_by_id), originals_check.checked_at
    FROM originals_check LEFT JOIN mandate ON mandate.id = originals_check.mandate_id
    GROUP BY originals_check.project_id, originals_check.checked_at
    ORDER BY originals_check.checked_at, originals_check.project_id
"""


def upgrade() -> None:
    op.create_table(
        "counter_visit",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("project_id", sa.Integer(), nullable=False, comment="For which project; clerk"),
        sa.Column(
            "mandate_id",
            sa.Integer(),
            nullable=True,
            comment="Letter of the agent, empty for the legal representative; clerk",
        ),
        sa.Column("presented_by", sa.String(50), nullable=False, comment="办事人, who came; clerk"),
        sa.Column("received_by_id", sa.Integer(), nullable=False, comment="Which clerk; system"),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False, comment="Came, instant UTC; system"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="counter_visit_project_id_exists"),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name="counter_visit_mandate_id_exists"),
        sa.ForeignKeyConstraint(["received_by_id"], ["ab_user.id"], name="counter_visit_received_by_id_exists"),
        sa.PrimaryKeyConstraint("id", name="counter_visit_is_found_by_its_key"),
        comment="窗口核验: visits to the counter",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_counter_visit_project_id_visited_at", "counter_visit", ["project_id", "visited_at"])
    op.create_index("ix_counter_visit_visited_at", "counter_visit", ["visited_at"])
    op.create_index("ix_counter_visit_mandate_id", "counter_visit", ["mandate_id"])
    op.create_index("ix_counter_visit_received_by_id", "counter_visit", ["received_by_id"])
    op.execute(VISITS_BEFORE)


def downgrade() -> None:
    op.drop_table("counter_visit")
