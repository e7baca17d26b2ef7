"""Unit works (单体信息) of numbered projects, filed together."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_filing",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("project_id", sa.Integer(), nullable=False, comment="Of which project; system"),
        sa.Column("status", sa.String(20), nullable=False, comment="Where it stands; workflow, terms.Status"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Count of writes, starts at 1; system"),
        sa.Column(
            "last_sequence", sa.Integer(), nullable=False,
            comment="Highest number of a unit work ever given; system",
        ),
        sa.Column("submission_count", sa.Integer(), nullable=False, comment="Submits so far, count; system"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), comment="Last submit, instant UTC; system"),
        sa.Column(
            "due_on", sa.Date(),
            comment="Decision due, Asia/Shanghai, empty while the year's calendar is unpublished; system",
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), comment="Last decision, instant UTC; system"),
        sa.Column("decided_by_id", sa.Integer(), comment="Who decided last; system"),
        sa.Column("words", sa.String(500), comment="Why it was sent back; reviewer or administrator"),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), nullable=False,
            comment="Last written, instant UTC; system",
        ),
        sa.CheckConstraint("last_sequence BETWEEN 0 AND 999", name="unit_filing_sequence_is_0_to_999"),
        sa.CheckConstraint("status IN ('draft', 'submitted', 'returned', 'approved', 'voided')", name="unit_filing_status_is_known"),
        sa.CheckConstraint("submission_count >= 0", name="unit_filing_submission_count_is_a_count"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["ab_user.id"], name="unit_filing_decided_by_id_exists"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="unit_filing_project_id_exists"),
        sa.PrimaryKeyConstraint("id", name="unit_filing_is_found_by_its_key"),
        sa.UniqueConstraint("project_id", name="unit_filing_project_id_is_unique"),
        comment="单体申报: unit works of a project, filed together",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unit_filing_decided_by_id", "unit_filing", ["decided_by_id"])
    op.create_index("ix_unit_filing_status_due_on", "unit_filing", ["status", "due_on"])
    op.create_table(
        "unit_work",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("filing_id", sa.Integer(), nullable=False, comment="In which filing; system"),
        sa.Column(
            "sequence", sa.Integer(), nullable=False,
            comment="Counter of the project, from 1, never given again; system",
        ),
        sa.Column("code", sa.String(25), nullable=False, comment="单项编码 fxbm, PrjNum-001; system"),
        sa.Column("name", sa.String(200), nullable=False, comment="单体名称; applicant"),
        sa.Column("category_code", sa.String(2), comment="项目分类; applicant"),
        sa.Column("use_code", sa.String(3), comment="工程用途; applicant"),
        sa.Column("structure_code", sa.String(3), comment="结构体系; applicant"),
        sa.Column("seismic_code", sa.String(3), comment="抗震设防烈度; applicant"),
        sa.Column("investment_10k_cny", sa.Numeric(15, 4), comment="单体投资, 万元 (10,000 CNY); applicant"),
        sa.Column("floor_area_m2", sa.Numeric(15, 2), comment="建筑面积, ㎡; applicant"),
        sa.Column("floor_area_above_m2", sa.Numeric(15, 2), comment="地上建筑面积, ㎡; applicant"),
        sa.Column("floor_area_below_m2", sa.Numeric(15, 2), comment="地下建筑面积, ㎡; applicant"),
        sa.Column("length_m", sa.Numeric(15, 2), comment="长度, m; applicant"),
        sa.Column("floors_above", sa.Integer(), comment="地上层数, count; applicant"),
        sa.Column("floors_below", sa.Integer(), comment="地下层数, count; applicant"),
        sa.Column("height_m", sa.Numeric(15, 2), comment="高度, m; applicant"),
        sa.Column("span_m", sa.Numeric(15, 2), comment="跨度, m; applicant"),
        sa.Column("scale", sa.String(500), comment="建设规模; applicant"),
        sa.Column("planned_start_on", sa.Date(), comment="计划开工日期; applicant"),
        sa.Column("planned_finish_on", sa.Date(), comment="计划竣工日期; applicant"),
        sa.CheckConstraint("planned_finish_on >= planned_start_on", name="unit_work_finish_is_not_before_start"),
        sa.CheckConstraint("sequence BETWEEN 1 AND 999", name="unit_work_sequence_is_1_to_999"),
        sa.ForeignKeyConstraint(["filing_id"], ["unit_filing.id"], name="unit_work_filing_id_exists"),
        sa.PrimaryKeyConstraint("id", name="unit_work_is_found_by_its_key"),
        sa.UniqueConstraint("code", name="unit_work_code_is_unique"),
        sa.UniqueConstraint("filing_id", "sequence", name="unit_work_sequence_is_given_once"),
        comment="单体, after xm_gcdjb_dtxm and TBUnitProjectInfo",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "unit_submission",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("filing_id", sa.Integer(), nullable=False, comment="Of which filing; system"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Which submit, from 1; system"),
        sa.Column("units", sa.Text(), nullable=False, comment="The unit works, encrypted JSON; system"),
        sa.Column("rule_version", sa.String(20), nullable=False, comment="Version of the rule set; app.domain.fields"),
        sa.Column(
            "declaration_version", sa.String(20), nullable=False,
            comment="Version of the declaration of truth; applicant",
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False, comment="Handed in, instant UTC; system"),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False, comment="Who handed it in; system"),
        sa.CheckConstraint("sequence > 0", name="unit_submission_sequence_counts_from_one"),
        sa.ForeignKeyConstraint(["filing_id"], ["unit_filing.id"], name="unit_submission_filing_id_exists"),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["ab_user.id"], name="unit_submission_submitted_by_id_exists"),
        sa.PrimaryKeyConstraint("id", name="unit_submission_is_found_by_its_key"),
        sa.UniqueConstraint("filing_id", "sequence", name="unit_submission_sequence_is_unique_per_filing"),
        comment="单体提交快照, immutable",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unit_submission_submitted_by_id", "unit_submission", ["submitted_by_id"])


def downgrade() -> None:
    op.drop_table("unit_submission")
    op.drop_table("unit_work")
    op.drop_table("unit_filing")
