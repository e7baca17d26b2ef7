"""The clock of a review in stretches: the bureau's time, and the project owner's while originals are not seen.

What is there goes on: every submission so far was the bureau's from its submit to its end, but for projects under
review that nobody has come for yet where the bureau asks for originals.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

RECORDS = {"enterprise": 3, "project": 5}  # working days so far, as the settings have them by default
WAITS = "Submitted, and its originals are not all seen yet; system"


def upgrade() -> None:
    for name in RECORDS:
        column = sa.Column("clock_waits", sa.Boolean(), nullable=False, server_default=sa.false(), comment=WAITS)
        op.add_column(name, column)
    op.create_table(
        "clock_span",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="Enterprise record; system"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project record; system"),
        sa.Column("submission_id", sa.Integer(), nullable=False, comment="Which submission is judged; system"),
        sa.Column("side", sa.String(20), nullable=False, comment="Whose time it is; system"),
        sa.Column(
            "days", sa.Integer(), nullable=False,
            comment="The bureau's days for this submission, working days; settings",
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False, comment="Began, instant UTC; system"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="Ended, instant UTC; system"),
        sa.Column(
            "due_on", sa.Date(), nullable=True,
            comment="The bureau's last day, Asia/Shanghai, empty while the year's calendar is unpublished; system",
        ),
        sa.CheckConstraint(
            "(enterprise_id IS NULL) <> (project_id IS NULL)", name="clock_span_is_of_exactly_one_record"
        ),
        sa.CheckConstraint("side IN ('bureau', 'applicant')", name="clock_span_side_is_known"),
        sa.CheckConstraint("ended_at >= began_at", name="clock_span_does_not_end_before_it_begins"),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name="clock_span_enterprise_id_exists"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="clock_span_project_id_exists"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="clock_span_submission_id_exists"),
        sa.PrimaryKeyConstraint("id", name="clock_span_is_found_by_its_key"),
        comment="计时: whose time a submission's review took",
        sqlite_autoincrement=True,
    )  # fmt: skip
    for name, days in RECORDS.items():
        op.execute(_history(name, days))
    op.execute(NOT_SEEN_YET)
    op.execute(NO_DUE_DATE)
    for name in RECORDS:
        op.create_index(f"ix_clock_span_{name}_id", "clock_span", [f"{name}_id"])
        op.create_index(
            f"{name}_has_one_running_clock", "clock_span", [f"{name}_id"], unique=True,
            sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
        )  # fmt: skip
    op.create_index("ix_clock_span_submission_id", "clock_span", ["submission_id"])
    op.create_index("ix_clock_span_ended_at", "clock_span", ["ended_at"])


def downgrade() -> None:
    op.drop_table("clock_span")
    for name in reversed(RECORDS):
        op.drop_column(name, "clock_waits")


def _history(name: str, days: int) -> str:
    """One stretch per submission: to its decision, its withdrawal or end, the next one; still running if it waits."""
    return f"""
    INSERT INTO clock_span ({name}_id, submission_id, side, days, began_at, ended_at, due_on)
    SELECT r.id, s.id, 'bureau', {days}, s.submitted_at,
        CASE WHEN r.status = 'submitted' AND r.submission_id = s.id THEN NULL ELSE COALESCE(
            (SELECT MIN(v.decided_at) FROM review v WHERE v.submission_id = s.id AND v.decided_at >= s.submitted_at),
            (SELECT MIN(e.at) FROM audit_event e WHERE e.object_type = '{name}' AND e.object_id = r.id
                AND e.action IN ('{name}:withdraw', '{name}:void', '{name}:unlock') AND e.result = 'done'
                AND e.at >= s.submitted_at),
            (SELECT MIN(l.submitted_at) FROM submission l WHERE l.{name}_id = r.id AND l.sequence > s.sequence
                AND l.submitted_at >= s.submitted_at),
            s.submitted_at) END,
        CASE WHEN r.status = 'submitted' AND r.submission_id = s.id THEN r.due_on ELSE s.due_on END
    FROM submission s JOIN {name} r ON r.id = s.{name}_id ORDER BY s.id
    """  # noqa: S608 - names of ours


NOT_SEEN_YET = """
    UPDATE clock_span SET side = 'applicant', due_on = NULL
    WHERE ended_at IS NULL AND project_id IN (
        SELECT p.id FROM project p JOIN bureau b ON b.id = p.bureau_id
        WHERE p.status = 'submitted' AND b.requires_originals
            AND NOT EXISTS (SELECT 1 FROM counter_visit v WHERE v.project_id = p.id))
"""
NO_DUE_DATE = """
    UPDATE project SET due_on = NULL, clock_waits = TRUE
    WHERE id IN (SELECT project_id FROM clock_span WHERE side = 'applicant' AND ended_at IS NULL)
"""
