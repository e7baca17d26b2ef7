"""The seven matters (事项) of every numbered project, their records, and who records them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PLAIN_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MATTERS = (
    "survey_design_contract", "drawing_review", "tender", "project_filing", "safety_supervision",
    "quality_supervision", "construction_permit",
)  # fmt: skip
SEVEN = ", ".join(f"'{matter}'" for matter in MATTERS)


def upgrade() -> None:
    op.add_column(
        "ab_user",
        sa.Column(
            "matters", PLAIN_JSON,
            comment="Matters that a matter clerk records, names of domain.matters.Matter; administrator",
        ),
    )  # fmt: skip
    op.create_table(
        "project_matter",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("project_id", sa.Integer(), nullable=False, comment="Whose matter; system"),
        sa.Column(
            "matter", sa.String(30), nullable=False, comment="Which of the seven, domain.matters.Matter; system"
        ),
        sa.Column("status", sa.String(20), nullable=False, comment="Where it stands; matter clerk or system"),
        sa.Column(
            "words", sa.String(500), comment="What the applicant is told of the last step; matter clerk or its system"
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, comment="Last step, instant UTC; system"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Rises with every step, count; system"),
        sa.CheckConstraint(f"matter IN ({SEVEN})", name="matter_is_one_of_the_seven"),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'supplement', 'done', 'rejected', 'closed')", name="matter_status_is_known"
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="project_matter_project_id_exists"),
        sa.PrimaryKeyConstraint("id", name="project_matter_is_found_by_its_key"),
        sa.UniqueConstraint("project_id", "matter", name="matter_is_opened_once_per_project"),
        comment="事项: the seven matters of each numbered project",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_project_matter_matter_status_id", "project_matter", ["matter", "status", "id"])
    op.create_index("ix_project_matter_status_id", "project_matter", ["status", "id"])
    op.create_table(
        "matter_record",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("project_matter_id", sa.Integer(), nullable=False, comment="Of which matter; system"),
        sa.Column("project_id", sa.Integer(), nullable=False, comment="Of which project; system"),
        sa.Column(
            "inner_number", sa.String(50), nullable=False, comment="Number in the source system; matter clerk or system"
        ),
        sa.Column("kind_code", sa.String(3), comment="合同类别 or 招标类型, DOMAIN §2.2; matter clerk"),
        sa.Column("letters", sa.String(2), comment="Letters of its number, DOMAIN §1.2; system"),
        sa.Column("sequence", sa.Integer(), comment="Counter of project and letters, from 1; system"),
        sa.Column("number", sa.String(30), comment="PrjNum-XX-NNN, empty where the matter has no letters; system"),
        sa.Column(
            "entries", sa.Text(), nullable=False,
            comment="Kind-specific fields of DOMAIN §5, encrypted JSON; matter clerk or its system",
        ),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), nullable=False, comment="First recorded, instant UTC; system"
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, comment="Last written, instant UTC; system"),
        sa.Column("recorded_by_id", sa.Integer(), comment="Who recorded it on screen, empty by interface; system"),
        sa.CheckConstraint("(letters IS NULL) = (sequence IS NULL)", name="matter_record_number_has_both_parts"),
        sa.CheckConstraint("(letters IS NULL) = (number IS NULL)", name="matter_record_with_letters_has_its_number"),
        sa.CheckConstraint("sequence BETWEEN 1 AND 999", name="matter_record_sequence_is_1_to_999"),
        sa.ForeignKeyConstraint(
            ["project_matter_id"], ["project_matter.id"], name="matter_record_project_matter_id_exists"
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="matter_record_project_id_exists"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["ab_user.id"], name="matter_record_recorded_by_id_exists"),
        sa.PrimaryKeyConstraint("id", name="matter_record_is_found_by_its_key"),
        sa.UniqueConstraint(
            "project_matter_id", "inner_number", name="matter_record_is_found_by_its_source_number"
        ),
        sa.UniqueConstraint("project_id", "letters", "sequence", name="matter_record_number_is_given_once"),
        sa.UniqueConstraint("number", name="matter_record_number_is_unique"),
        comment="事项记录: records that matters left",
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index("ix_matter_record_recorded_by_id", "matter_record", ["recorded_by_id"])
    op.create_table(
        "matter_rule",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("matter", sa.String(30), nullable=False, comment="Which of the seven; reference"),
        sa.Column(
            "waits_for_province", sa.Boolean(), nullable=False,
            comment="Only once the province has acknowledged the project; root administrator",
        ),
        sa.CheckConstraint(f"matter IN ({SEVEN})", name="matter_rule_is_of_one_of_the_seven"),
        sa.PrimaryKeyConstraint("id", name="matter_rule_is_found_by_its_key"),
        sa.UniqueConstraint("matter", name="matter_rule_matter_is_unique"),
        comment="事项设置: settings of the seven matters",
        sqlite_autoincrement=True,
    )  # fmt: skip
    _open_for_numbers_that_are_there()


def _open_for_numbers_that_are_there() -> None:
    """The seven of every number that was given before; a void one opens nothing."""
    for matter in MATTERS:
        op.execute(
            "INSERT INTO project_matter (project_id, matter, status, changed_at, version)"
            f" SELECT id, '{matter}', CASE WHEN status = 'voided' THEN 'closed' ELSE 'open' END,"
            " COALESCE(numbered_at, updated_at), 1 FROM project WHERE number IS NOT NULL"
        )


def downgrade() -> None:
    op.drop_table("matter_rule")
    op.drop_table("matter_record")
    op.drop_table("project_matter")
    op.drop_column("ab_user", "matters")
