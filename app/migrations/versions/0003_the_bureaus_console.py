"""Second persons, notices in own words, issued reports, exports, changes of name; numbers from before us."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
ONLY_GROWS = ("issued_report", "organization_change")
PARTS_OF_A_NUMBER = ("number", "region_code", "issued_on", "category_code", "sequence")
# What a number from before us may lack: column, type, comment before, comment from here on.
LOOSENED = (
    (
        "region_code", sa.String(6), "Digits 1-6, 行政区划代码; DOMAIN §1.1",
        "Digits 1-6, 行政区划代码, empty where history has none; DOMAIN §1.1",
    ),
    (
        "issued_on", sa.Date(), "Digits 7-12, day in Asia/Shanghai; DOMAIN §1.1",
        "Digits 7-12, day in Asia/Shanghai, empty where history has none; DOMAIN §1.1",
    ),
    (
        "category_code", sa.String(2), "Digits 13-14, 项目分类; DOMAIN §1.1",
        "Digits 13-14, 项目分类, empty where history has none; DOMAIN §1.1",
    ),
    (
        "sequence", sa.Integer(), "Digits 15-16, running number of the day; DOMAIN §1.1",
        "Digits 15-16, running number of the day, empty where history has none; DOMAIN §1.1",
    ),
)
SIXTEEN_DIGITS = ("number_has_16_digits", "length(number) = 16")
SIXTEEN_DIGITS_HERE = ("number_issued_here_has_16_digits", "origin = 'imported' OR length(number) = 16")
ALL_PARTS = (
    "number_issued_here_has_all_its_parts",
    "origin = 'imported' OR (region_code IS NOT NULL AND issued_on IS NOT NULL"
    " AND category_code IS NOT NULL AND sequence IS NOT NULL)",
)
NUMBER_COMMENTS = ("项目统一编号, 16 digits; system or import", "项目统一编号, 16 digits (history may differ); system or import")
FLAGS_COMMENT = "What is odd about an imported number, tags of app.domain.number; import"


def _flags() -> sa.Column:
    return sa.Column("flags", JSON, nullable=True, comment=FLAGS_COMMENT)


def _register(*, with_history: bool) -> list[sa.Column | sa.Constraint]:
    """The number register as SQLite builds it, before and after this revision."""
    columns: list[sa.Column | sa.Constraint] = [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20 if with_history else 16), nullable=False),
        *(sa.Column(name, kind, nullable=with_history) for name, kind, _, _ in LOOSENED),
        *([_flags()] if with_history else []),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_reason", sa.String(500), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
    ]
    checks = [
        ("number_origin_is_known", "origin IN ('issued', 'imported')"),
        ("number_status_is_known", "status IN ('issued', 'voided')"),
        ("number_sequence_is_1_to_99", "origin = 'imported' OR sequence BETWEEN 1 AND 99"),
        ("voided_number_has_its_instant", "(status = 'voided') = (voided_at IS NOT NULL)"),
        ("voided_number_has_a_reason", "status <> 'voided' OR voided_reason IS NOT NULL"),
        (
            "number_issued_here_has_its_project_and_organization",
            "origin = 'imported' OR (project_id IS NOT NULL AND organization_id IS NOT NULL)",
        ),
        *([SIXTEEN_DIGITS_HERE, ALL_PARTS] if with_history else [SIXTEEN_DIGITS]),
    ]
    columns += [sa.CheckConstraint(rule, name=name) for name, rule in checks]
    keys = {
        "project_id": "project", "organization_id": "organization", "submission_id": "submission",
        "review_id": "review", "issued_by_id": "ab_user", "voided_by_id": "ab_user",
    }
    columns += [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"number_register_{column}_exists")
        for column, table in keys.items()
    ]
    columns += [
        sa.PrimaryKeyConstraint("id", name="number_register_is_found_by_its_key"),
        sa.UniqueConstraint("number", name="number_register_number_is_unique"),
        sa.UniqueConstraint(
            "region_code", "issued_on", "category_code", "sequence",
            name="number_is_issued_once_per_place_of_the_day",
        ),
    ]
    return columns


INDEXED = ("issued_on", "project_id", "organization_id", "submission_id", "review_id", "issued_by_id", "voided_by_id")


def _rebuild_register(*, with_history: bool) -> None:
    """SQLite changes a column by building the table anew; its triggers go with the old one."""
    op.execute("ALTER TABLE number_register RENAME TO number_register_before")
    for column in INDEXED:
        op.execute(f"DROP INDEX ix_number_register_{column}")
    op.create_table("number_register", *_register(with_history=with_history), sqlite_autoincrement=True)
    names = [c.name for c in _register(with_history=False) if isinstance(c, sa.Column)]
    listed = ", ".join(names)
    op.execute(f"INSERT INTO number_register ({listed}) SELECT {listed} FROM number_register_before")
    op.execute("DROP TRIGGER number_register_is_never_deleted")
    op.execute("DROP TABLE number_register_before")
    for column in INDEXED:
        op.create_index(f"ix_number_register_{column}", "number_register", [column])
    changed = " OR ".join(f"NEW.{part} IS NOT OLD.{part}" for part in PARTS_OF_A_NUMBER)
    _sqlite_trigger("number_register_is_never_deleted", "DELETE ON number_register", "number_register")
    _sqlite_trigger("number_is_never_rewritten", f"UPDATE ON number_register WHEN {changed}", "number_register")


def _sqlite_trigger(name: str, event: str, table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{name}: {table} only grows'); END"
    )


def _loosen_register() -> None:
    op.add_column("number_register", _flags())
    for name, kind, before, after in LOOSENED:
        op.alter_column(
            "number_register", name, existing_type=kind, nullable=True, comment=after, existing_comment=before
        )
    op.alter_column(
        "number_register", "number", existing_type=sa.String(16), type_=sa.String(20), existing_nullable=False,
        comment=NUMBER_COMMENTS[1], existing_comment=NUMBER_COMMENTS[0],
    )
    op.drop_constraint(SIXTEEN_DIGITS[0], "number_register")
    for name, rule in (SIXTEEN_DIGITS_HERE, ALL_PARTS):
        op.create_check_constraint(name, "number_register", rule)


def _tighten_register() -> None:
    for name, _ in (SIXTEEN_DIGITS_HERE, ALL_PARTS):
        op.drop_constraint(name, "number_register")
    op.create_check_constraint(SIXTEEN_DIGITS[0], "number_register", SIXTEEN_DIGITS[1])
    op.alter_column(
        "number_register", "number", existing_type=sa.String(20), type_=sa.String(16), existing_nullable=False,
        comment=NUMBER_COMMENTS[0], existing_comment=NUMBER_COMMENTS[1],
    )
    for name, kind, before, after in LOOSENED:
        op.alter_column(
            "number_register", name, existing_type=kind, nullable=False, comment=before, existing_comment=after
        )
    op.drop_column("number_register", "flags")


def _hold_parts_again() -> None:
    """PostgreSQL changes no column that a trigger speaks of, so the trigger stands aside meanwhile."""
    changed = " OR ".join(f"NEW.{part} IS DISTINCT FROM OLD.{part}" for part in PARTS_OF_A_NUMBER)
    op.execute(
        "CREATE TRIGGER number_is_never_rewritten BEFORE UPDATE ON number_register FOR EACH ROW"
        f" WHEN ({changed}) EXECUTE FUNCTION refuse_change()"
    )


def _let_only_grow() -> None:
    postgresql_ = op.get_bind().dialect.name == "postgresql"
    for table in ONLY_GROWS:
        for verb, past in (("DELETE", "deleted"), ("UPDATE", "updated")):
            name = f"{table}_is_never_{past}"
            if postgresql_:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            else:
                _sqlite_trigger(name, f"{verb} ON {table}", table)
        if postgresql_:
            op.execute(
                f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def upgrade() -> None:
    _create_tables()
    _let_only_grow()
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_register(with_history=True)
    else:
        op.execute("DROP TRIGGER number_is_never_rewritten ON number_register")
        _loosen_register()
        _hold_parts_again()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_register(with_history=False)
    else:
        op.execute("DROP TRIGGER number_is_never_rewritten ON number_register")
        _tighten_register()
        _hold_parts_again()
    _drop_tables()


def _create_tables() -> None:
    op.create_table('export_job',
    sa.Column('id', sa.Integer(), nullable=False, comment='Key, given by the database'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='Which list; system'),
    sa.Column('parameters', JSON, nullable=False, comment='Filters, order and columns, JSON; the person who asked'),
    sa.Column('state', sa.String(length=20), nullable=False, comment='Where it stands; worker'),
    sa.Column('row_count', sa.Integer(), nullable=False, comment='Rows to write, count; worker'),
    sa.Column('rows_written', sa.Integer(), nullable=False, comment='Rows written so far, count; worker'),
    sa.Column('file_name', sa.String(length=200), nullable=True, comment='Name of the workbook for a download; system'),
    sa.Column('file_key', sa.String(length=64), nullable=True, comment='Name of the file in the exports folder; worker'),
    sa.Column('error', sa.String(length=500), nullable=True, comment='Why it failed, no personal data; worker'),
    sa.Column('requested_by_id', sa.Integer(), nullable=False, comment='Who asked for it; system'),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='Asked for, instant UTC; system'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True, comment='Begun, instant UTC; worker'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='Done or failed, instant UTC; worker'),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True, comment='Held by a worker until, instant UTC; worker'),
    sa.CheckConstraint("state <> 'done' OR file_name IS NOT NULL", name=op.f('export_job_that_is_done_has_a_file')),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f('export_job_state_is_known')),
    sa.CheckConstraint('row_count >= 0 AND rows_written >= 0', name=op.f('export_job_rows_are_counts')),
    sa.ForeignKeyConstraint(['requested_by_id'], ['ab_user.id'], name=op.f('export_job_requested_by_id_exists')),
    sa.PrimaryKeyConstraint('id', name=op.f('export_job_is_found_by_its_key')),
    comment='导出任务: workbooks written in the background',
    sqlite_autoincrement=True
    )
    op.create_index('ix_export_job_requested_by_id_requested_at', 'export_job', ['requested_by_id', 'requested_at'], unique=False)
    op.create_index('ix_export_job_state_requested_at', 'export_job', ['state', 'requested_at'], unique=False)
    op.create_table('issued_report',
    sa.Column('id', sa.Integer(), nullable=False, comment='Key, given by the database'),
    sa.Column('kind', sa.String(length=20), nullable=False, comment='Which report; system'),
    sa.Column('month', sa.String(length=7), nullable=False, comment='Month of the figures, YYYY-MM, Asia/Shanghai; manager'),
    sa.Column('bureau_id', sa.Integer(), nullable=False, comment='Whose figures; manager'),
    sa.Column('edition', sa.Integer(), nullable=False, comment='Which issue of the month, from 1; system'),
    sa.Column('definition_version', sa.String(length=20), nullable=False, comment='Version of the definitions; reports'),
    sa.Column('figures', JSON, nullable=False, comment='Lines with their figures, JSON; system'),
    sa.Column('row_ids', JSON, nullable=False, comment='Keys of the projects behind each figure, JSON; system'),
    sa.Column('content_hash', sa.String(length=64), nullable=False, comment='SHA-256 of parameters, figures and keys in canonical JSON, hex; system'),
    sa.Column('issued_by_id', sa.Integer(), nullable=False, comment='Who issued it; manager'),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False, comment='Issued, instant UTC; system'),
    sa.CheckConstraint("kind IN ('monthly')", name=op.f('issued_report_kind_is_known')),
    sa.CheckConstraint('edition > 0', name=op.f('issued_report_edition_counts_from_one')),
    sa.CheckConstraint('length(content_hash) = 64', name=op.f('issued_report_hash_has_64_hex_digits')),
    sa.CheckConstraint('length(month) = 7', name=op.f('issued_report_month_is_a_year_and_a_month')),
    sa.ForeignKeyConstraint(['bureau_id'], ['bureau.id'], name=op.f('issued_report_bureau_id_exists')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['ab_user.id'], name=op.f('issued_report_issued_by_id_exists')),
    sa.PrimaryKeyConstraint('id', name=op.f('issued_report_is_found_by_its_key')),
    sa.UniqueConstraint('kind', 'month', 'bureau_id', 'edition', name='report_edition_is_issued_once'),
    comment='已发布的报表, append-only',
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_issued_report_bureau_id'), 'issued_report', ['bureau_id'], unique=False)
    op.create_index(op.f('ix_issued_report_issued_by_id'), 'issued_report', ['issued_by_id'], unique=False)
    op.create_table('notice_template',
    sa.Column('id', sa.Integer(), nullable=False, comment='Key, given by the database'),
    sa.Column('event', sa.String(length=60), nullable=False, comment='The event, app.domain.notices; reference'),
    sa.Column('text', sa.String(length=500), nullable=False, comment='Text with %(name)s placeholders, Chinese; administrator'),
    sa.Column('updated_by_id', sa.Integer(), nullable=True, comment='Who changed it last; system'),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed, instant UTC; system'),
    sa.ForeignKeyConstraint(['updated_by_id'], ['ab_user.id'], name=op.f('notice_template_updated_by_id_exists')),
    sa.PrimaryKeyConstraint('id', name=op.f('notice_template_is_found_by_its_key')),
    sa.UniqueConstraint('event', name=op.f('notice_template_event_is_unique')),
    comment='通知模板: texts of notices that an administrator has changed',
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_notice_template_updated_by_id'), 'notice_template', ['updated_by_id'], unique=False)
    op.create_table('organization_change',
    sa.Column('id', sa.Integer(), nullable=False, comment='Key, given by the database'),
    sa.Column('organization_id', sa.Integer(), nullable=False, comment='Whose change; administrator'),
    sa.Column('name_before', sa.String(length=200), nullable=False, comment='Name until then; system'),
    sa.Column('name_after', sa.String(length=200), nullable=False, comment='Name from then on; administrator'),
    sa.Column('org_code_before', sa.String(length=10), nullable=False, comment='Code until then; system'),
    sa.Column('org_code_after', sa.String(length=10), nullable=False, comment='Code from then on; administrator'),
    sa.Column('uscc_before', sa.String(length=18), nullable=True, comment='Unified code until then; system'),
    sa.Column('uscc_after', sa.String(length=18), nullable=True, comment='Unified code from then on; administrator'),
    sa.Column('effective_on', sa.Date(), nullable=False, comment='Day of the legal change, Asia/Shanghai; administrator'),
    sa.Column('reason', sa.String(length=500), nullable=False, comment="依据, such as the registrar's notice; administrator"),
    sa.Column('changed_by_id', sa.Integer(), nullable=False, comment='Who recorded it; administrator'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Recorded, instant UTC; system'),
    sa.CheckConstraint("name_before <> name_after OR org_code_before <> org_code_after OR coalesce(uscc_before, '') <> coalesce(uscc_after, '')", name=op.f('organization_change_changes_something')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('organization_change_changed_by_id_exists')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('organization_change_organization_id_exists')),
    sa.PrimaryKeyConstraint('id', name=op.f('organization_change_is_found_by_its_key')),
    comment='更名记录, append-only',
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_organization_change_changed_by_id'), 'organization_change', ['changed_by_id'], unique=False)
    op.create_index(op.f('ix_organization_change_name_before'), 'organization_change', ['name_before'], unique=False)
    op.create_index(op.f('ix_organization_change_org_code_before'), 'organization_change', ['org_code_before'], unique=False)
    op.create_index('ix_organization_change_organization_id_changed_at', 'organization_change', ['organization_id', 'changed_at'], unique=False)
    op.create_table('pending_act',
    sa.Column('id', sa.Integer(), nullable=False, comment='Key, given by the database'),
    sa.Column('enterprise_id', sa.Integer(), nullable=True, comment='Enterprise record it is about; system'),
    sa.Column('project_id', sa.Integer(), nullable=True, comment='Project record it is about; system'),
    sa.Column('action', sa.String(length=20), nullable=False, comment='What is to be done, terms.Action; administrator'),
    sa.Column('reason', sa.String(length=500), nullable=False, comment='原因; administrator'),
    sa.Column('given', JSON, nullable=False, comment='What the act takes besides its reason, JSON; administrator'),
    sa.Column('record_version', sa.Integer(), nullable=False, comment='Version of the record it was asked for; system'),
    sa.Column('requested_by_id', sa.Integer(), nullable=False, comment='First person; administrator'),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='Asked for, instant UTC; system'),
    sa.Column('lapses_on', sa.Date(), nullable=True, comment="Last day to decide, Asia/Shanghai, empty while the year's calendar is unpublished; system"),
    sa.Column('state', sa.String(length=20), nullable=False, comment='Where it stands; second person'),
    sa.Column('decided_by_id', sa.Integer(), nullable=True, comment='Second person, empty when it lapsed; administrator'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='Confirmed, refused or lapsed, instant UTC; system'),
    sa.Column('decision_note', sa.String(length=500), nullable=True, comment='Why it was refused; second person'),
    sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name=op.f('pending_act_has_its_instant_once_decided')),
    sa.CheckConstraint("state IN ('pending', 'confirmed', 'refused', 'lapsed')", name=op.f('pending_act_state_is_known')),
    sa.CheckConstraint('CASE WHEN enterprise_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('pending_act_is_of_exactly_one_record')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> requested_by_id', name=op.f('pending_act_is_decided_by_another')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], name=op.f('pending_act_decided_by_id_exists')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('pending_act_enterprise_id_exists')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('pending_act_project_id_exists')),
    sa.ForeignKeyConstraint(['requested_by_id'], ['ab_user.id'], name=op.f('pending_act_requested_by_id_exists')),
    sa.PrimaryKeyConstraint('id', name=op.f('pending_act_is_found_by_its_key')),
    comment='待复核: acts that wait for a second person',
    sqlite_autoincrement=True
    )
    op.create_index('enterprise_waits_for_one_second_person_per_act', 'pending_act', ['enterprise_id', 'action'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_index(op.f('ix_pending_act_decided_by_id'), 'pending_act', ['decided_by_id'], unique=False)
    op.create_index(op.f('ix_pending_act_enterprise_id'), 'pending_act', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_pending_act_project_id'), 'pending_act', ['project_id'], unique=False)
    op.create_index(op.f('ix_pending_act_requested_at'), 'pending_act', ['requested_at'], unique=False)
    op.create_index(op.f('ix_pending_act_requested_by_id'), 'pending_act', ['requested_by_id'], unique=False)
    op.create_index('ix_pending_act_state_lapses_on', 'pending_act', ['state', 'lapses_on'], unique=False)
    op.create_index('project_waits_for_one_second_person_per_act', 'pending_act', ['project_id', 'action'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))


def _drop_tables() -> None:
    op.drop_index('project_waits_for_one_second_person_per_act', table_name='pending_act', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.drop_index('ix_pending_act_state_lapses_on', table_name='pending_act')
    op.drop_index(op.f('ix_pending_act_requested_by_id'), table_name='pending_act')
    op.drop_index(op.f('ix_pending_act_requested_at'), table_name='pending_act')
    op.drop_index(op.f('ix_pending_act_project_id'), table_name='pending_act')
    op.drop_index(op.f('ix_pending_act_enterprise_id'), table_name='pending_act')
    op.drop_index(op.f('ix_pending_act_decided_by_id'), table_name='pending_act')
    op.drop_index('enterprise_waits_for_one_second_person_per_act', table_name='pending_act', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.drop_table('pending_act')
    op.drop_index('ix_organization_change_organization_id_changed_at', table_name='organization_change')
    op.drop_index(op.f('ix_organization_change_org_code_before'), table_name='organization_change')
    op.drop_index(op.f('ix_organization_change_name_before'), table_name='organization_change')
    op.drop_index(op.f('ix_organization_change_changed_by_id'), table_name='organization_change')
    op.drop_table('organization_change')
    op.drop_index(op.f('ix_notice_template_updated_by_id'), table_name='notice_template')
    op.drop_table('notice_template')
    op.drop_index(op.f('ix_issued_report_issued_by_id'), table_name='issued_report')
    op.drop_index(op.f('ix_issued_report_bureau_id'), table_name='issued_report')
    op.drop_table('issued_report')
    op.drop_index('ix_export_job_state_requested_at', table_name='export_job')
    op.drop_index('ix_export_job_requested_by_id_requested_at', table_name='export_job')
    op.drop_table('export_job')
