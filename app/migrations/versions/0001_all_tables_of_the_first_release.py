"""All tables of the first release, with those of Flask-AppBuilder."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The record points at its newest snapshot and the snapshot at its record; SQLite takes such keys inside the table.
CIRCULAR_KEYS = ("enterprise", "project")


def _add_circular_keys() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in CIRCULAR_KEYS:
            op.create_foreign_key(f"{table}_submission_id_exists", table, "submission", ["submission_id"], ["id"])


def _drop_circular_keys() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in CIRCULAR_KEYS:
            op.drop_constraint(f"{table}_submission_id_exists", table)


def upgrade() -> None:
    op.create_table(
        "ab_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=150), nullable=True),
        sa.Column("description", sa.String(length=512), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_group_is_found_by_its_key")),
        sa.UniqueConstraint("name", name=op.f("ab_group_name_is_unique")),
    )
    op.create_table(
        "ab_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_permission_is_found_by_its_key")),
        sa.UniqueConstraint("name", name=op.f("ab_permission_name_is_unique")),
    )
    op.create_table(
        "ab_register_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("registration_date", sa.DateTime(), nullable=True),
        sa.Column("registration_hash", sa.String(length=256), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_register_user_is_found_by_its_key")),
        sa.UniqueConstraint("email", name=op.f("ab_register_user_email_is_unique")),
        sa.UniqueConstraint("username", name=op.f("ab_register_user_username_is_unique")),
    )
    op.create_table(
        "ab_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_role_is_found_by_its_key")),
        sa.UniqueConstraint("name", name=op.f("ab_role_name_is_unique")),
    )
    op.create_table(
        "ab_view_menu",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_view_menu_is_found_by_its_key")),
        sa.UniqueConstraint("name", name=op.f("ab_view_menu_name_is_unique")),
    )
    op.create_table(
        "bureau",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("code", sa.String(length=6), nullable=False, comment="Bureau code; reference, administrator"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="部门名称; reference, administrator"),
        sa.Column("parent_id", sa.Integer(), nullable=True, comment="上级部门, empty at the root; administrator"),
        sa.Column("region_code", sa.String(length=6), nullable=False, comment="行政区划代码 it works on, 6 digits; GB/T 2260"),
        sa.Column("effective_on", sa.Date(), nullable=True, comment="First day of unified numbers here, Asia/Shanghai; notice, administrator"),
        sa.Column("requires_originals", sa.Boolean(), nullable=False, comment="Approval needs 原件核验 at the counter; administrator"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="Order in lists, ascending; administrator"),
        sa.CheckConstraint("length(code) = 6", name=op.f("bureau_code_has_6_digits")),
        sa.CheckConstraint("length(region_code) = 6", name=op.f("bureau_region_code_has_6_digits")),
        sa.CheckConstraint("parent_id <> id", name=op.f("bureau_is_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["bureau.id"], name=op.f("bureau_parent_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("bureau_is_found_by_its_key")),
        sa.UniqueConstraint("code", name=op.f("bureau_code_is_unique")),
        comment="建设主管部门: the bureau tree",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bureau_parent_id"), "bureau", ["parent_id"], unique=False)
    op.create_index(op.f("ix_bureau_region_code"), "bureau", ["region_code"], unique=False)
    op.create_table(
        "calendar_override",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("day", sa.Date(), nullable=False, comment="Day, Asia/Shanghai; administrator"),
        sa.Column("is_working_day", sa.Boolean(), nullable=False, comment="Worked (true) or free (false); administrator"),
        sa.Column("reason", sa.String(length=200), nullable=False, comment="依据; administrator"),
        sa.PrimaryKeyConstraint("id", name=op.f("calendar_override_is_found_by_its_key")),
        sa.UniqueConstraint("day", name=op.f("calendar_override_day_is_unique")),
        comment="工作日调整: days that differ from the base calendar",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "calendar_year",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("year", sa.Integer(), nullable=False, comment="Calendar year, four digits; administrator"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False, comment="Published here, instant UTC; system"),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("calendar_year_is_a_plausible_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("calendar_year_is_found_by_its_key")),
        sa.UniqueConstraint("year", name=op.f("calendar_year_year_is_unique")),
        comment="已公布日历的年份",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "dictionary_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="The field that takes the code; DOMAIN §2.2"),
        sa.Column("code", sa.String(length=20), nullable=False, comment="代码; DOMAIN §2.2"),
        sa.Column("label_zh", sa.String(length=100), nullable=False, comment="中文名称; DOMAIN §2.2"),
        sa.Column("label_en", sa.String(length=150), nullable=False, comment="English label; reference"),
        sa.Column("parent_code", sa.String(length=20), nullable=True, comment="What it narrows: a use code's category; DOMAIN §2.2"),
        sa.Column("is_active", sa.Boolean(), nullable=False, comment="Offered for new values; administrator"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="Order in lists, ascending; reference"),
        sa.Column("edition", sa.String(length=20), nullable=False, comment="Edition of the standard that brought it; DOMAIN §2.2"),
        sa.CheckConstraint("edition IN ('2014', '2018')", name=op.f("dictionary_edition_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("dictionary_entry_is_found_by_its_key")),
        sa.UniqueConstraint("kind", "code", name="dictionary_code_is_unique_within_its_kind"),
        comment="数据字典: codes by field",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "number_counter",
        sa.Column("region_code", sa.String(length=6), nullable=False, comment="行政区划代码, 6 digits; DOMAIN §1.1"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="Day in Asia/Shanghai; DOMAIN §1.1"),
        sa.Column("category_code", sa.String(length=2), nullable=False, comment="项目分类; DOMAIN §1.1"),
        sa.Column("last_sequence", sa.Integer(), nullable=False, comment="Last sequence given, 1 to 99; system"),
        sa.CheckConstraint("last_sequence BETWEEN 1 AND 99", name=op.f("number_counter_stays_within_99_a_day")),
        sa.PrimaryKeyConstraint("region_code", "issued_on", "category_code", name="number_counter_is_found_by_region_day_and_category"),
        comment="Last number of a region, day and category",
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("org_code", sa.String(length=10), nullable=False, comment="组织机构代码 xxxxxxxx-x, canonical spelling; registration, GB 11714"),
        sa.Column("uscc", sa.String(length=18), nullable=True, comment="统一社会信用代码, canonical spelling; registration, GB 32100"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="单位名称; registration or 更名"),
        sa.Column("unit_kind", sa.String(length=20), nullable=False, comment="单位性质; registration, terms.UnitKind"),
        sa.Column("contact_name", sa.String(length=50), nullable=False, comment="联系人; registration"),
        sa.Column("contact_mobile", sa.Text(), nullable=False, comment="手机, encrypted; registration"),
        sa.Column("contact_mobile_index", sa.String(length=64), nullable=False, comment="Blind index of contact_mobile, hex; system"),
        sa.Column("contact_phone", sa.Text(), nullable=True, comment="固定电话, encrypted; registration"),
        sa.Column("email", sa.String(length=100), nullable=True, comment="邮箱; registration"),
        sa.Column("privacy_notice_version", sa.String(length=20), nullable=False, comment="Version of the privacy notice agreed to; registration"),
        sa.Column("privacy_consented_at", sa.DateTime(timezone=True), nullable=False, comment="隐私告知 agreed to, instant UTC; registration"),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False, comment="Registered, instant UTC; system"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Count of writes, starts at 1; system"),
        sa.CheckConstraint("unit_kind IN ('enterprise', 'government', 'institution', 'association', 'other')", name=op.f("organization_unit_kind_is_known")),
        sa.CheckConstraint("length(org_code) = 10", name=op.f("organization_org_code_has_10_characters")),
        sa.CheckConstraint("length(uscc) = 18", name=op.f("organization_uscc_has_18_characters")),
        sa.PrimaryKeyConstraint("id", name=op.f("organization_is_found_by_its_key")),
        sa.UniqueConstraint("org_code", name=op.f("organization_org_code_is_unique")),
        sa.UniqueConstraint("uscc", name=op.f("organization_uscc_is_unique")),
        comment="建设单位: registered organizations",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_organization_contact_mobile_index"), "organization", ["contact_mobile_index"], unique=False)
    op.create_index(op.f("ix_organization_name"), "organization", ["name"], unique=False)
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("code", sa.String(length=6), nullable=False, comment="行政区划代码, 6 digits; GB/T 2260 or local"),
        sa.Column("name", sa.String(length=50), nullable=False, comment="名称; GB/T 2260"),
        sa.Column("parent_code", sa.String(length=6), nullable=True, comment="Code of the region above, empty at a province; GB/T 2260"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="First day in force; DOMAIN §4"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="Last day in force, empty while it is; DOMAIN §4"),
        sa.Column("successor_code", sa.String(length=6), nullable=True, comment="Code that took over; DOMAIN §4"),
        sa.Column("is_local", sa.Boolean(), nullable=False, comment="Local code outside GB/T 2260; DOMAIN §4"),
        sa.CheckConstraint("length(code) = 6", name=op.f("region_code_has_6_digits")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("region_does_not_end_before_it_begins")),
        sa.PrimaryKeyConstraint("id", name=op.f("region_is_found_by_its_key")),
        sa.UniqueConstraint("code", "valid_from", name="region_code_begins_once_on_a_day"),
        comment="行政区划: regions with validity and successor",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_region_parent_code"), "region", ["parent_code"], unique=False)
    op.create_table(
        "required_document",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("record_kind", sa.String(length=20), nullable=False, comment="enterprise or project; FIELDS"),
        sa.Column("unit_kind", sa.String(length=20), nullable=True, comment="单位性质, empty for all; FIELDS"),
        sa.Column("slot", sa.String(length=40), nullable=False, comment="Name of the scan slot; FIELDS"),
        sa.Column("label_zh", sa.String(length=100), nullable=False, comment="中文名称; FIELDS"),
        sa.Column("label_en", sa.String(length=150), nullable=False, comment="English label; reference"),
        sa.Column("min_count", sa.Integer(), nullable=False, comment="Fewest files, count; FIELDS"),
        sa.Column("max_count", sa.Integer(), nullable=False, comment="Most files, count; FIELDS"),
        sa.Column("waived_with_uscc", sa.Boolean(), nullable=False, comment="Not needed by a unit with a 统一社会信用代码; FIELDS"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="Order on the page, ascending; administrator"),
        sa.CheckConstraint("record_kind IN ('enterprise', 'project')", name=op.f("required_document_is_of_a_record_with_scans")),
        sa.CheckConstraint(
            "unit_kind IN ('enterprise', 'government', 'institution', 'association', 'other')", name=op.f("required_document_unit_kind_is_known")
        ),
        sa.CheckConstraint("min_count >= 0 AND max_count >= min_count", name=op.f("required_document_counts_are_a_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("required_document_is_found_by_its_key")),
        sa.UniqueConstraint("record_kind", "unit_kind", "slot", name="required_document_stands_once_per_unit_kind"),
        comment="附件要求: scan slots and how many files each takes",
        sqlite_autoincrement=True,
    )
    op.create_index(
        "required_document_for_all_kinds_stands_once",
        "required_document",
        ["record_kind", "slot"],
        unique=True,
        sqlite_where=sa.text("unit_kind IS NULL"),
        postgresql_where=sa.text("unit_kind IS NULL"),
    )
    op.create_table(
        "return_reason",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("code", sa.String(length=40), nullable=False, comment="Tag of the reason; reference"),
        sa.Column("label_zh", sa.String(length=100), nullable=False, comment="中文; reference, administrator"),
        sa.Column("label_en", sa.String(length=150), nullable=False, comment="English; reference, administrator"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="Order in lists, ascending; administrator"),
        sa.Column("is_active", sa.Boolean(), nullable=False, comment="Offered to reviewers; administrator"),
        sa.PrimaryKeyConstraint("id", name=op.f("return_reason_is_found_by_its_key")),
        sa.UniqueConstraint("code", name=op.f("return_reason_code_is_unique")),
        comment="退回原因库",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ab_group_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], name=op.f("ab_group_role_group_id_exists"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("ab_group_role_role_id_exists"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_group_role_is_found_by_its_key")),
        sa.UniqueConstraint("group_id", "role_id", name=op.f("ab_group_role_group_id_role_id_is_unique")),
    )
    op.create_index("idx_group_id", "ab_group_role", ["group_id"], unique=False)
    op.create_index("idx_group_role_id", "ab_group_role", ["role_id"], unique=False)
    op.create_table(
        "ab_permission_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_id", sa.Integer(), nullable=False),
        sa.Column("view_menu_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["permission_id"], ["ab_permission.id"], name=op.f("ab_permission_view_permission_id_exists")),
        sa.ForeignKeyConstraint(["view_menu_id"], ["ab_view_menu.id"], name=op.f("ab_permission_view_view_menu_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_permission_view_is_found_by_its_key")),
        sa.UniqueConstraint("permission_id", "view_menu_id", name=op.f("ab_permission_view_permission_id_view_menu_id_is_unique")),
    )
    op.create_index("idx_permission_id", "ab_permission_view", ["permission_id"], unique=False)
    op.create_index("idx_view_menu_id", "ab_permission_view", ["view_menu_id"], unique=False)
    op.create_table(
        "ab_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("last_login", sa.DateTime(), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("fail_login_count", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("changed_on", sa.DateTime(), nullable=True),
        sa.Column("created_by_fk", sa.Integer(), nullable=True),
        sa.Column("changed_by_fk", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True, comment="Organization of the applicant, or of a member of staff; registration"),
        sa.Column("bureau_id", sa.Integer(), nullable=True, comment="Staff member's bureau; administrator"),
        sa.Column("display_name", sa.String(length=64), nullable=False, comment="Name shown to others; registration or administrator"),
        sa.Column("must_change_password", sa.Boolean(), nullable=False, comment="Only the page that changes it is open; system"),
        sa.Column("initial_password_expires_at", sa.DateTime(timezone=True), nullable=True, comment="End of the initial password, instant UTC; system"),
        sa.Column("claim_nonce_hash", sa.String(length=64), nullable=True, comment="SHA-256 hex of the registering browser's cookie; system"),
        sa.Column("sms_code_hash", sa.String(length=200), nullable=True, comment="One-time code, hashed; system"),
        sa.Column("sms_code_expires_at", sa.DateTime(timezone=True), nullable=True, comment="End of the one-time code, instant UTC; system"),
        sa.Column("sms_code_attempts", sa.Integer(), nullable=False, comment="Wrong entries of the one-time code, count; system"),
        sa.Column("session_epoch", sa.Integer(), nullable=False, comment="Sessions of an earlier epoch have ended, count; system"),
        sa.Column("failed_attempts", sa.Integer(), nullable=False, comment="Wrong passwords in a row, count; system"),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True, comment="Sign-in refused until, instant UTC; system"),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True, comment="Last change by the person, instant UTC; system"),
        sa.CheckConstraint("failed_attempts >= 0", name=op.f("user_failed_attempts_is_a_count")),
        sa.CheckConstraint("sms_code_attempts >= 0", name=op.f("user_sms_code_attempts_is_a_count")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("ab_user_bureau_id_exists")),
        sa.ForeignKeyConstraint(["changed_by_fk"], ["ab_user.id"], name=op.f("ab_user_changed_by_fk_exists")),
        sa.ForeignKeyConstraint(["created_by_fk"], ["ab_user.id"], name=op.f("ab_user_created_by_fk_exists")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("ab_user_organization_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_user_is_found_by_its_key")),
        sa.UniqueConstraint("email", name=op.f("ab_user_email_is_unique")),
        sa.UniqueConstraint("username", name=op.f("ab_user_username_is_unique")),
    )
    op.create_index(op.f("ix_ab_user_bureau_id"), "ab_user", ["bureau_id"], unique=False)
    op.create_index("ix_ab_user_changed_by_fk", "ab_user", ["changed_by_fk"], unique=False)
    op.create_index("ix_ab_user_created_by_fk", "ab_user", ["created_by_fk"], unique=False)
    op.create_index(op.f("ix_ab_user_organization_id"), "ab_user", ["organization_id"], unique=False)
    op.create_index("username_is_unique_in_any_case", "ab_user", [sa.literal_column("lower(username)")], unique=True)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("bureau_id", sa.Integer(), nullable=False, comment="Whose contact; notice, administrator"),
        sa.Column("person", sa.String(length=50), nullable=False, comment="联系人; notice, administrator"),
        sa.Column("phones", sa.String(length=200), nullable=False, comment="联系电话, parted by 、; notice, administrator"),
        sa.Column("qq", sa.String(length=20), nullable=True, comment="QQ; notice, administrator"),
        sa.Column("qq_group", sa.String(length=20), nullable=True, comment="QQ 群号; notice, administrator"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="Order on the page, ascending; administrator"),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("contact_bureau_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("contact_is_found_by_its_key")),
        comment="联系人: published contacts of a bureau",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_bureau_id"), "contact", ["bureau_id"], unique=False)
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="Whose record; registration"),
        sa.Column("bureau_id", sa.Integer(), nullable=True, comment="Who reviews it, by region; system"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="企业名称, locked to the organization; system"),
        sa.Column("org_code", sa.String(length=10), nullable=False, comment="组织机构代码, locked to the organization; system"),
        sa.Column("uscc", sa.String(length=18), nullable=True, comment="统一社会信用代码, locked to the organization; system"),
        sa.Column("unit_kind", sa.String(length=20), nullable=False, comment="单位性质, locked to the organization; terms.UnitKind"),
        sa.Column("registration_type_code", sa.String(length=10), nullable=True, comment="企业登记注册类型, dictionary code; applicant"),
        sa.Column("license_number", sa.String(length=50), nullable=True, comment="营业执照注册号; applicant"),
        sa.Column("region_code", sa.String(length=6), nullable=True, comment="注册所在地, 6 digits of any province; applicant"),
        sa.Column("address", sa.String(length=200), nullable=True, comment="营业地址; applicant"),
        sa.Column("postal_code", sa.String(length=6), nullable=True, comment="邮编, 6 digits; applicant"),
        sa.Column("legal_representative", sa.String(length=50), nullable=True, comment="法定代表人; applicant"),
        sa.Column("legal_representative_id_type", sa.String(length=5), nullable=True, comment="证件类型, dictionary code; applicant"),
        sa.Column("legal_representative_id_number", sa.Text(), nullable=True, comment="证件号, encrypted; applicant"),
        sa.Column(
            "legal_representative_id_number_index", sa.String(length=64), nullable=True, comment="Blind index of legal_representative_id_number, hex; system"
        ),
        sa.Column("legal_representative_phone", sa.Text(), nullable=True, comment="法人电话, encrypted; applicant"),
        sa.Column("registered_capital_10k", sa.Numeric(precision=15, scale=3), nullable=True, comment="注册资本, 万 (10,000) of currency_code; applicant"),
        sa.Column("currency_code", sa.String(length=5), nullable=True, comment="币种, dictionary code; applicant"),
        sa.Column("established_on", sa.Date(), nullable=True, comment="成立日期; applicant"),
        sa.Column("contact_name", sa.String(length=50), nullable=True, comment="联系人; applicant"),
        sa.Column("contact_mobile", sa.Text(), nullable=True, comment="手机, encrypted; applicant"),
        sa.Column("contact_mobile_index", sa.String(length=64), nullable=True, comment="Blind index of contact_mobile, hex; system"),
        sa.Column("office_phone", sa.Text(), nullable=True, comment="办公电话, encrypted; applicant"),
        sa.Column("fax", sa.Text(), nullable=True, comment="传真, encrypted; applicant"),
        sa.Column("email", sa.String(length=100), nullable=True, comment="邮箱; applicant"),
        sa.Column("website", sa.String(length=200), nullable=True, comment="网址; applicant"),
        sa.Column("remarks", sa.String(length=1000), nullable=True, comment="备注; applicant"),
        sa.Column("submission_id", sa.Integer(), nullable=True, comment="Snapshot under decision or decided; system"),
        sa.Column("status", sa.String(length=20), nullable=False, comment="Where it stands; workflow, terms.Status"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Count of writes, starts at 1; system"),
        sa.Column("submission_count", sa.Integer(), nullable=False, comment="Submits so far, count; system"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True, comment="Last submit, instant UTC; system"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="Decision due, Asia/Shanghai, empty while the year's calendar is unpublished; system"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="Last decision, instant UTC; system"),
        sa.Column(
            "unlocked_fields",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"),
            nullable=True,
            comment="Inputs opened by an unlock, names of FIELDS; administrator",
        ),
        sa.Column("unlocked_until", sa.DateTime(timezone=True), nullable=True, comment="End of an unlock, instant UTC; administrator"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="First saved, instant UTC; system"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="Last saved, instant UTC; system"),
        sa.CheckConstraint("status IN ('draft', 'submitted', 'returned', 'approved', 'voided')", name=op.f("enterprise_status_is_known")),
        sa.CheckConstraint("unit_kind IN ('enterprise', 'government', 'institution', 'association', 'other')", name=op.f("enterprise_unit_kind_is_known")),
        sa.CheckConstraint("length(region_code) = 6", name=op.f("enterprise_region_code_has_6_digits")),
        sa.CheckConstraint("registered_capital_10k >= 0", name=op.f("enterprise_registered_capital_is_not_negative")),
        sa.CheckConstraint("submission_count >= 0", name=op.f("enterprise_submission_count_is_a_count")),
        sa.CheckConstraint("version > 0", name=op.f("enterprise_version_counts_from_one")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("enterprise_bureau_id_exists")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("enterprise_organization_id_exists")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("enterprise_submission_id_exists"), use_alter=True),
        sa.PrimaryKeyConstraint("id", name=op.f("enterprise_is_found_by_its_key")),
        sa.UniqueConstraint("organization_id", name=op.f("enterprise_organization_id_is_unique")),
        comment="企业信息",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enterprise_bureau_id_status_submitted_at", "enterprise", ["bureau_id", "status", "submitted_at"], unique=False)
    op.create_index(op.f("ix_enterprise_contact_mobile_index"), "enterprise", ["contact_mobile_index"], unique=False)
    op.create_index(op.f("ix_enterprise_legal_representative_id_number_index"), "enterprise", ["legal_representative_id_number_index"], unique=False)
    op.create_index(op.f("ix_enterprise_name"), "enterprise", ["name"], unique=False)
    op.create_index(op.f("ix_enterprise_org_code"), "enterprise", ["org_code"], unique=False)
    op.create_index(op.f("ix_enterprise_region_code"), "enterprise", ["region_code"], unique=False)
    op.create_index("ix_enterprise_status_due_on", "enterprise", ["status", "due_on"], unique=False)
    op.create_index(op.f("ix_enterprise_submission_id"), "enterprise", ["submission_id"], unique=False)
    op.create_index(op.f("ix_enterprise_uscc"), "enterprise", ["uscc"], unique=False)
    op.create_table(
        "region_alias",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("region_id", sa.Integer(), nullable=False, comment="Which region; reference"),
        sa.Column("system", sa.String(length=20), nullable=False, comment="Which system, a tag such as province; reference"),
        sa.Column("code", sa.String(length=20), nullable=False, comment="Its code there; reference"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("region_alias_region_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("region_alias_is_found_by_its_key")),
        sa.UniqueConstraint("region_id", "system", name="region_has_one_code_per_system"),
        comment="Region codes of other systems",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ab_api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("key_hash", sa.String(length=256), nullable=False),
        sa.Column("lookup_hash", sa.String(length=256), nullable=True),
        sa.Column("key_prefix", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("expires_on", sa.DateTime(), nullable=True),
        sa.Column("revoked_on", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("ab_api_key_user_id_exists"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_api_key_is_found_by_its_key")),
        sa.UniqueConstraint("lookup_hash", name=op.f("ab_api_key_lookup_hash_is_unique")),
        sa.UniqueConstraint("uuid", name=op.f("ab_api_key_uuid_is_unique")),
    )
    op.create_index("idx_api_key_lookup_hash", "ab_api_key", ["lookup_hash"], unique=True)
    op.create_index("idx_api_key_prefix", "ab_api_key", ["key_prefix"], unique=False)
    op.create_index("idx_api_key_user_id", "ab_api_key", ["user_id"], unique=False)
    op.create_table(
        "ab_permission_view_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_view_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["permission_view_id"], ["ab_permission_view.id"], name=op.f("ab_permission_view_role_permission_view_id_exists"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("ab_permission_view_role_role_id_exists"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_permission_view_role_is_found_by_its_key")),
        sa.UniqueConstraint("permission_view_id", "role_id", name=op.f("ab_permission_view_role_permission_view_id_role_id_is_unique")),
    )
    op.create_index("idx_permission_view_id", "ab_permission_view_role", ["permission_view_id"], unique=False)
    op.create_index("idx_role_id", "ab_permission_view_role", ["role_id"], unique=False)
    op.create_table(
        "ab_user_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], name=op.f("ab_user_group_group_id_exists"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("ab_user_group_user_id_exists"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_user_group_is_found_by_its_key")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("ab_user_group_user_id_group_id_is_unique")),
    )
    op.create_index("idx_user_group_id", "ab_user_group", ["group_id"], unique=False)
    op.create_index("idx_user_id", "ab_user_group", ["user_id"], unique=False)
    op.create_table(
        "ab_user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("ab_user_role_role_id_exists"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("ab_user_role_user_id_exists"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("ab_user_role_is_found_by_its_key")),
        sa.UniqueConstraint("user_id", "role_id", name=op.f("ab_user_role_user_id_role_id_is_unique")),
    )
    op.create_index("ix_ab_user_role_role_id", "ab_user_role", ["role_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When, instant UTC; system"),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="Who, empty for the system or the public; system"),
        sa.Column("actor_name", sa.String(length=64), nullable=False, comment="Name of the actor then; system"),
        sa.Column("actor_roles", sa.String(length=100), nullable=False, comment="Roles of the actor then, comma-parted; system"),
        sa.Column("address", sa.String(length=64), nullable=True, comment="Network address; request"),
        sa.Column("request_id", sa.String(length=40), nullable=True, comment="Ties the rows of one request; request"),
        sa.Column("action", sa.String(length=60), nullable=False, comment="What, a tag such as project:approve; system"),
        sa.Column("object_type", sa.String(length=30), nullable=False, comment="Of which table; system"),
        sa.Column("object_id", sa.Integer(), nullable=True, comment="Key there, kept after the row is gone; system"),
        sa.Column("organization_id", sa.Integer(), nullable=True, comment="Whose record; system"),
        sa.Column("result", sa.String(length=10), nullable=False, comment="done or refused; system"),
        sa.Column("sentence", sa.String(length=500), nullable=True, comment="Refusal or reason, Chinese; system"),
        sa.Column(
            "before",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"),
            nullable=True,
            comment="Values before, masked JSON; system",
        ),
        sa.Column(
            "after",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"),
            nullable=True,
            comment="Values after, masked JSON; system",
        ),
        sa.CheckConstraint("result IN ('done', 'refused')", name=op.f("audit_event_result_is_done_or_refused")),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"], name=op.f("audit_event_actor_id_exists")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("audit_event_organization_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_event_is_found_by_its_key")),
        comment="审计日志, append-only",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_event_action_at", "audit_event", ["action", "at"], unique=False)
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_index("ix_audit_event_object_type_object_id", "audit_event", ["object_type", "object_id"], unique=False)
    op.create_index(op.f("ix_audit_event_organization_id"), "audit_event", ["organization_id"], unique=False)
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="委托单位; clerk"),
        sa.Column("form", sa.String(length=20), nullable=False, comment="附件1 or 附件2, terms.MandateForm; clerk"),
        sa.Column("agent_name", sa.String(length=50), nullable=False, comment="受委托人; clerk"),
        sa.Column("agent_id_type", sa.String(length=5), nullable=False, comment="证件类型, dictionary code; clerk"),
        sa.Column("agent_id_number", sa.Text(), nullable=False, comment="证件号, encrypted; clerk"),
        sa.Column("agent_id_number_index", sa.String(length=64), nullable=False, comment="Blind index of agent_id_number, hex; system"),
        sa.Column("agent_mobile", sa.Text(), nullable=False, comment="手机, encrypted; clerk"),
        sa.Column("agent_mobile_index", sa.String(length=64), nullable=False, comment="Blind index of agent_mobile, hex; system"),
        sa.Column("agency_name", sa.String(length=200), nullable=True, comment="招标代理机构, 附件2; clerk"),
        sa.Column("agency_code", sa.String(length=18), nullable=True, comment="Its 代码, 附件2; clerk"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="委托日期起, first day; clerk"),
        sa.Column("valid_to", sa.Date(), nullable=False, comment="委托日期止, last day; clerk"),
        sa.Column("signed_on", sa.Date(), nullable=True, comment="落款日期; clerk"),
        sa.Column(
            "stamps",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"),
            nullable=False,
            comment="Stamps seen on the letter, a list of tags; clerk",
        ),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False, comment="Which clerk saw it; system"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="Recorded, instant UTC; system"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True, comment="Revoked, instant UTC; clerk"),
        sa.CheckConstraint("form <> 'tender_agency' OR agency_name IS NOT NULL", name=op.f("mandate_to_an_agency_names_the_agency")),
        sa.CheckConstraint("form IN ('own_staff', 'tender_agency')", name=op.f("mandate_form_is_known")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("mandate_does_not_end_before_it_begins")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("mandate_organization_id_exists")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["ab_user.id"], name=op.f("mandate_recorded_by_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("mandate_is_found_by_its_key")),
        comment="法人授权委托书",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mandate_agent_id_number_index"), "mandate", ["agent_id_number_index"], unique=False)
    op.create_index(op.f("ix_mandate_agent_mobile_index"), "mandate", ["agent_mobile_index"], unique=False)
    op.create_index("ix_mandate_organization_id_valid_to", "mandate", ["organization_id", "valid_to"], unique=False)
    op.create_index(op.f("ix_mandate_recorded_by_id"), "mandate", ["recorded_by_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="建设单位; system"),
        sa.Column("bureau_id", sa.Integer(), nullable=True, comment="Who reviews it, by region; system"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="项目名称, PrjName; applicant"),
        sa.Column("category_code", sa.String(length=2), nullable=True, comment="项目分类, PrjTypeNum; applicant"),
        sa.Column("construction_nature_code", sa.String(length=3), nullable=True, comment="建设性质, PrjPropertyNum; applicant"),
        sa.Column("use_code", sa.String(length=3), nullable=True, comment="工程用途, PrjFunctionNum; applicant"),
        sa.Column("region_code", sa.String(length=6), nullable=True, comment="项目属地, CountyNum, decides the bureau; applicant"),
        sa.Column("address", sa.String(length=200), nullable=True, comment="项目地点, Address; applicant"),
        sa.Column("longitude", sa.Numeric(precision=10, scale=7), nullable=True, comment="经度, degrees east, LocationX; applicant"),
        sa.Column("latitude", sa.Numeric(precision=10, scale=7), nullable=True, comment="纬度, degrees north, LocationY; applicant"),
        sa.Column("approval_kind", sa.String(length=20), nullable=True, comment="立项方式, terms.ApprovalKind; applicant"),
        sa.Column("approval_document_number", sa.String(length=200), nullable=True, comment="立项文号, PrjApprovalNum; applicant"),
        sa.Column("approval_authority", sa.String(length=200), nullable=True, comment="立项批复机关, PrjApprovalDepart; applicant"),
        sa.Column("approval_key", sa.String(length=64), nullable=True, comment="SHA-256 hex of normalised 立项文号 and authority; system"),
        sa.Column("approved_on", sa.Date(), nullable=True, comment="立项批复日期, PrjApprovalDate; applicant"),
        sa.Column("approval_level_code", sa.String(length=3), nullable=True, comment="立项级别, PrjApprovalLevelNum; applicant"),
        sa.Column("investment_project_code", sa.String(length=24), nullable=True, comment="国家投资项目代码, PrjCode; applicant"),
        sa.Column("land_permit_number", sa.String(length=100), nullable=True, comment="建设用地规划许可证编号, BuldPlanNum; applicant"),
        sa.Column("planning_permit_number", sa.String(length=100), nullable=True, comment="建设工程规划许可证编号, ProjectPlanNum; applicant"),
        sa.Column("funding_nature_code", sa.String(length=3), nullable=True, comment="工程投资性质, InvPropertyNum; applicant"),
        sa.Column("funding_source", sa.String(length=200), nullable=True, comment="资金来源, FundSource; applicant"),
        sa.Column("state_funding_percent", sa.Numeric(precision=5, scale=2), nullable=True, comment="国有资金比例, percent, NationalPercentTage; applicant"),
        sa.Column("investment_10k_cny", sa.Numeric(precision=15, scale=4), nullable=True, comment="总投资, 万元 (10,000 CNY), AllInvest; applicant"),
        sa.Column("floor_area_m2", sa.Numeric(precision=15, scale=2), nullable=True, comment="总面积, ㎡, AllArea; applicant"),
        sa.Column("length_m", sa.Numeric(precision=15, scale=2), nullable=True, comment="总长度, m, AllLength; applicant"),
        sa.Column("scale", sa.String(length=500), nullable=True, comment="建设规模, PrjSize; applicant"),
        sa.Column("is_major", sa.Boolean(), nullable=False, comment="是否重点项目, IsMajor; applicant"),
        sa.Column("planned_start_on", sa.Date(), nullable=True, comment="计划开工日期, BDate; applicant"),
        sa.Column("planned_finish_on", sa.Date(), nullable=True, comment="计划竣工日期, EDate; applicant"),
        sa.Column("contact_name", sa.String(length=50), nullable=True, comment="经办人; applicant"),
        sa.Column("contact_mobile", sa.Text(), nullable=True, comment="经办人手机, encrypted; applicant"),
        sa.Column("contact_mobile_index", sa.String(length=64), nullable=True, comment="Blind index of contact_mobile, hex; system"),
        sa.Column("email", sa.String(length=100), nullable=True, comment="邮箱; applicant"),
        sa.Column("remarks", sa.String(length=1000), nullable=True, comment="备注; applicant"),
        sa.Column("number", sa.String(length=20), nullable=True, comment="项目统一编号, 16 digits (history may differ), PrjNum; system or import"),
        sa.Column("numbered_at", sa.DateTime(timezone=True), nullable=True, comment="发号, instant UTC; system or import"),
        sa.Column("duplicate_allowed", sa.Boolean(), nullable=False, comment="A repeat of a numbered 立项 was allowed by two persons; administrator"),
        sa.Column("submission_id", sa.Integer(), nullable=True, comment="Snapshot under decision or decided; system"),
        sa.Column("created_by_id", sa.Integer(), nullable=False, comment="Who began the record; system"),
        sa.Column("status", sa.String(length=20), nullable=False, comment="Where it stands; workflow, terms.Status"),
        sa.Column("version", sa.Integer(), nullable=False, comment="Count of writes, starts at 1; system"),
        sa.Column("submission_count", sa.Integer(), nullable=False, comment="Submits so far, count; system"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True, comment="Last submit, instant UTC; system"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="Decision due, Asia/Shanghai, empty while the year's calendar is unpublished; system"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="Last decision, instant UTC; system"),
        sa.Column(
            "unlocked_fields",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"),
            nullable=True,
            comment="Inputs opened by an unlock, names of FIELDS; administrator",
        ),
        sa.Column("unlocked_until", sa.DateTime(timezone=True), nullable=True, comment="End of an unlock, instant UTC; administrator"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="First saved, instant UTC; system"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="Last saved, instant UTC; system"),
        sa.CheckConstraint("approval_kind IN ('approval', 'ratification', 'filing')", name=op.f("project_approval_kind_is_known")),
        sa.CheckConstraint("status <> 'approved' OR number IS NOT NULL", name=op.f("approved_project_has_a_number")),
        sa.CheckConstraint("status IN ('draft', 'submitted', 'returned', 'approved', 'voided')", name=op.f("project_status_is_known")),
        sa.CheckConstraint("(number IS NULL) = (numbered_at IS NULL)", name=op.f("project_number_has_its_instant_of_issue")),
        sa.CheckConstraint("floor_area_m2 >= 0", name=op.f("project_floor_area_is_not_negative")),
        sa.CheckConstraint("investment_10k_cny > 0", name=op.f("project_investment_is_positive")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("project_latitude_is_on_earth")),
        sa.CheckConstraint("length(region_code) = 6", name=op.f("project_region_code_has_6_digits")),
        sa.CheckConstraint("length_m >= 0", name=op.f("project_length_is_not_negative")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("project_longitude_is_on_earth")),
        sa.CheckConstraint("planned_finish_on >= planned_start_on", name=op.f("project_finish_is_not_before_start")),
        sa.CheckConstraint("state_funding_percent BETWEEN 0 AND 100", name=op.f("project_state_funding_is_a_percentage")),
        sa.CheckConstraint("submission_count >= 0", name=op.f("project_submission_count_is_a_count")),
        sa.CheckConstraint("version > 0", name=op.f("project_version_counts_from_one")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("project_bureau_id_exists")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("project_created_by_id_exists")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("project_organization_id_exists")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("project_submission_id_exists"), use_alter=True),
        sa.PrimaryKeyConstraint("id", name=op.f("project_is_found_by_its_key")),
        sa.UniqueConstraint("number", name=op.f("project_number_is_unique")),
        comment="项目登记, after TBProjectInfo",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_project_approval_key", "project", ["approval_key"], unique=False)
    op.create_index("ix_project_bureau_id_status_submitted_at", "project", ["bureau_id", "status", "submitted_at"], unique=False)
    op.create_index(op.f("ix_project_contact_mobile_index"), "project", ["contact_mobile_index"], unique=False)
    op.create_index(op.f("ix_project_created_by_id"), "project", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_project_name"), "project", ["name"], unique=False)
    op.create_index(op.f("ix_project_numbered_at"), "project", ["numbered_at"], unique=False)
    op.create_index("ix_project_organization_id_status", "project", ["organization_id", "status"], unique=False)
    op.create_index(op.f("ix_project_region_code"), "project", ["region_code"], unique=False)
    op.create_index("ix_project_status_due_on", "project", ["status", "due_on"], unique=False)
    op.create_index(op.f("ix_project_submission_id"), "project", ["submission_id"], unique=False)
    op.create_index(
        "numbered_approval_document_is_unique",
        "project",
        ["approval_key"],
        unique=True,
        sqlite_where=sa.text("number IS NOT NULL AND status <> 'voided' AND NOT duplicate_allowed"),
        postgresql_where=sa.text("number IS NOT NULL AND status <> 'voided' AND NOT duplicate_allowed"),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 hex of the token; system"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="Whose session; system"),
        sa.Column("epoch", sa.Integer(), nullable=False, comment="The account's session_epoch at the start, count; system"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="Signed in, instant UTC; system"),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, comment="Last request, instant UTC; system"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="Ends at the latest, instant UTC; system"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="Ended, instant UTC; system"),
        sa.Column("ended_reason", sa.String(length=20), nullable=True, comment="Why it ended, a tag; system"),
        sa.Column("address", sa.String(length=64), nullable=False, comment="Network address at the start; request"),
        sa.Column("user_agent", sa.String(length=200), nullable=False, comment="Browser at the start; request"),
        sa.CheckConstraint("ended_reason IS NULL OR ended_at IS NOT NULL", name=op.f("user_session_with_a_reason_has_ended")),
        sa.CheckConstraint("expires_at > started_at", name=op.f("user_session_expires_after_its_start")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("user_session_user_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("user_session_is_found_by_its_key")),
        sa.UniqueConstraint("token_hash", name=op.f("user_session_token_hash_is_unique")),
        comment="Sign-in sessions",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_session_expires_at"), "user_session", ["expires_at"], unique=False)
    op.create_index("ix_user_session_user_id_ended_at", "user_session", ["user_id", "ended_at"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="Enterprise record held; system"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project record held; system"),
        sa.Column("assignee_id", sa.Integer(), nullable=False, comment="Who holds it; reviewer"),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False, comment="Claimed, instant UTC; system"),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True, comment="Released or decided, instant UTC; system"),
        sa.CheckConstraint(
            "CASE WHEN enterprise_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("assignment_is_of_exactly_one_record"),
        ),
        sa.CheckConstraint("released_at >= claimed_at", name=op.f("assignment_is_not_released_before_it_is_claimed")),
        sa.ForeignKeyConstraint(["assignee_id"], ["ab_user.id"], name=op.f("assignment_assignee_id_exists")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("assignment_enterprise_id_exists")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("assignment_project_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("assignment_is_found_by_its_key")),
        comment="认领: who works on which record",
        sqlite_autoincrement=True,
    )
    op.create_index(
        "enterprise_is_held_by_one_reviewer",
        "assignment",
        ["enterprise_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index("ix_assignment_assignee_id_released_at", "assignment", ["assignee_id", "released_at"], unique=False)
    op.create_index(op.f("ix_assignment_enterprise_id"), "assignment", ["enterprise_id"], unique=False)
    op.create_index(op.f("ix_assignment_project_id"), "assignment", ["project_id"], unique=False)
    op.create_index(
        "project_is_held_by_one_reviewer",
        "assignment",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="Whose file, for row scope; system"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="Enterprise record it belongs to; system"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project record it belongs to; system"),
        sa.Column("mandate_id", sa.Integer(), nullable=True, comment="Mandate it belongs to; system"),
        sa.Column("slot", sa.String(length=40), nullable=False, comment="Name of the scan slot; FIELDS"),
        sa.Column("original_name", sa.String(length=255), nullable=False, comment="File name as uploaded; applicant"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="SHA-256 of the content, hex, also its place in storage; system"),
        sa.Column("size_bytes", sa.Integer(), nullable=False, comment="Size, bytes; system"),
        sa.Column("page_count", sa.Integer(), nullable=False, comment="Pages, count; system"),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False, comment="Who uploaded it; system"),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False, comment="Uploaded, instant UTC; system"),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True, comment="Replaced or removed, instant UTC; system"),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True, comment="The file that replaced it; system"),
        sa.CheckConstraint(
            "CASE WHEN enterprise_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END + CASE WHEN mandate_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("attachment_belongs_to_exactly_one_record"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("attachment_sha256_has_64_hex_digits")),
        sa.CheckConstraint("page_count > 0", name=op.f("attachment_has_pages")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("attachment_is_not_empty")),
        sa.CheckConstraint("superseded_by_id <> id", name=op.f("attachment_does_not_supersede_itself")),
        sa.CheckConstraint("superseded_by_id IS NULL OR superseded_at IS NOT NULL", name=op.f("attachment_with_a_successor_is_superseded")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("attachment_enterprise_id_exists")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("attachment_mandate_id_exists")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("attachment_organization_id_exists")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("attachment_project_id_exists")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["attachment.id"], name=op.f("attachment_superseded_by_id_exists")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["ab_user.id"], name=op.f("attachment_uploaded_by_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("attachment_is_found_by_its_key")),
        comment="扫描件: uploaded files by record and slot",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attachment_enterprise_id_slot", "attachment", ["enterprise_id", "slot"], unique=False)
    op.create_index(op.f("ix_attachment_mandate_id"), "attachment", ["mandate_id"], unique=False)
    op.create_index(op.f("ix_attachment_organization_id"), "attachment", ["organization_id"], unique=False)
    op.create_index("ix_attachment_project_id_slot", "attachment", ["project_id", "slot"], unique=False)
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"], unique=False)
    op.create_index(op.f("ix_attachment_superseded_by_id"), "attachment", ["superseded_by_id"], unique=False)
    op.create_index(op.f("ix_attachment_uploaded_by_id"), "attachment", ["uploaded_by_id"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Place in the chain, from 1; worker"),
        sa.Column("event_id", sa.Integer(), nullable=False, comment="Which event it seals; worker"),
        sa.Column("previous_hash", sa.String(length=64), nullable=False, comment="Hash of the link before, hex; worker"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="HMAC-SHA256 of link and event, hex; worker"),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False, comment="Sealed, instant UTC; worker"),
        sa.CheckConstraint("length(hash) = 64", name=op.f("audit_seal_hash_has_64_hex_digits")),
        sa.CheckConstraint("length(previous_hash) = 64", name=op.f("audit_seal_previous_hash_has_64_hex_digits")),
        sa.CheckConstraint("sequence > 0", name=op.f("audit_seal_sequence_counts_from_one")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("audit_seal_event_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_seal_is_found_by_its_key")),
        sa.UniqueConstraint("event_id", name=op.f("audit_seal_event_id_is_unique")),
        sa.UniqueConstraint("hash", name=op.f("audit_seal_hash_is_unique")),
        sa.UniqueConstraint("sequence", name=op.f("audit_seal_sequence_is_unique")),
        comment="Hash chain over the audit events, append-only",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("project_id", sa.Integer(), nullable=False, comment="Whose number; clerk"),
        sa.Column("mandate_id", sa.Integer(), nullable=True, comment="Mandate of the agent; clerk"),
        sa.Column("received_by", sa.String(length=50), nullable=False, comment="领取人; clerk"),
        sa.Column("handed_over_by_id", sa.Integer(), nullable=False, comment="Which clerk; system"),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=False, comment="Handed over, instant UTC; system"),
        sa.ForeignKeyConstraint(["handed_over_by_id"], ["ab_user.id"], name=op.f("hand_over_handed_over_by_id_exists")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("hand_over_mandate_id_exists")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("hand_over_project_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("hand_over_is_found_by_its_key")),
        sa.UniqueConstraint("project_id", name=op.f("hand_over_project_id_is_unique")),
        comment="领取: numbers handed over",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_hand_over_handed_over_at"), "hand_over", ["handed_over_at"], unique=False)
    op.create_index(op.f("ix_hand_over_handed_over_by_id"), "hand_over", ["handed_over_by_id"], unique=False)
    op.create_index(op.f("ix_hand_over_mandate_id"), "hand_over", ["mandate_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="sms, province_push or municipal_push; system"),
        sa.Column("dedup_key", sa.String(length=120), nullable=False, comment="Same key, same message: never queued twice; system"),
        sa.Column("payload", sa.Text(), nullable=False, comment="What is sent, encrypted JSON; system"),
        sa.Column("status", sa.String(length=20), nullable=False, comment="Where it stands; worker"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="Attempts so far, count; worker"),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False, comment="Not before, instant UTC; worker"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True, comment="Held by a worker until, instant UTC; worker"),
        sa.Column("fence", sa.Integer(), nullable=False, comment="Leases so far, count; worker"),
        sa.Column("last_error", sa.String(length=500), nullable=True, comment="Last failure, no personal data; worker"),
        sa.Column("reference", sa.String(length=100), nullable=True, comment="The peer's acknowledgement; peer"),
        sa.Column("organization_id", sa.Integer(), nullable=True, comment="Organization it is about; system"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project it is about; system"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="Enterprise it is about; system"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="Queued, instant UTC; system"),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True, comment="Acknowledged by the peer, instant UTC; worker"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True, comment="Pointless to send after, instant UTC; system"),
        sa.CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name=op.f("outbox_delivered_has_its_instant")),
        sa.CheckConstraint("kind IN ('sms', 'province_push', 'municipal_push')", name=op.f("outbox_kind_is_known")),
        sa.CheckConstraint("status IN ('queued', 'sending', 'delivered', 'failed', 'expired', 'superseded')", name=op.f("outbox_status_is_known")),
        sa.CheckConstraint("attempts >= 0", name=op.f("outbox_attempts_is_a_count")),
        sa.CheckConstraint("fence >= 0", name=op.f("outbox_fence_is_a_count")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("outbox_enterprise_id_exists"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("outbox_organization_id_exists")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("outbox_project_id_exists"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_is_found_by_its_key")),
        sa.UniqueConstraint("dedup_key", name=op.f("outbox_dedup_key_is_unique")),
        comment="Outgoing messages (短信通知) and pushes (报送)",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_enterprise_id"), "outbox", ["enterprise_id"], unique=False)
    op.create_index("ix_outbox_kind_status_created_at", "outbox", ["kind", "status", "created_at"], unique=False)
    op.create_index(op.f("ix_outbox_organization_id"), "outbox", ["organization_id"], unique=False)
    op.create_index(op.f("ix_outbox_project_id"), "outbox", ["project_id"], unique=False)
    op.create_index("ix_outbox_status_next_attempt_at", "outbox", ["status", "next_attempt_at"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="Enterprise record handed in; system"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project record handed in; system"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Which submit of the record, from 1; system"),
        sa.Column("snapshot", sa.Text(), nullable=False, comment="Fields and attachment hashes, encrypted JSON; system"),
        sa.Column("content_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the canonical snapshot, hex; system"),
        sa.Column("rule_version", sa.String(length=20), nullable=False, comment="Version of the rule set; app.domain.fields"),
        sa.Column("declaration_version", sa.String(length=20), nullable=True, comment="Version of the declaration of truth, projects only; applicant"),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False, comment="Who handed it in; system"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False, comment="Handed in, instant UTC; system"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="Decision due, Asia/Shanghai, empty if the calendar was unpublished; system"),
        sa.CheckConstraint(
            "CASE WHEN enterprise_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("submission_is_of_exactly_one_record"),
        ),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("submission_content_hash_has_64_hex_digits")),
        sa.CheckConstraint("sequence > 0", name=op.f("submission_sequence_counts_from_one")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("submission_enterprise_id_exists"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("submission_project_id_exists"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["ab_user.id"], name=op.f("submission_submitted_by_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("submission_is_found_by_its_key")),
        sa.UniqueConstraint("enterprise_id", "sequence", name="submission_sequence_is_unique_per_enterprise"),
        sa.UniqueConstraint("project_id", "sequence", name="submission_sequence_is_unique_per_project"),
        comment="提交快照, immutable",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_submission_submitted_at"), "submission", ["submitted_at"], unique=False)
    op.create_index(op.f("ix_submission_submitted_by_id"), "submission", ["submitted_by_id"], unique=False)
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("organization_id", sa.Integer(), nullable=False, comment="To whom; system"),
        sa.Column("event", sa.String(length=60), nullable=False, comment="What happened, a tag such as project:return; system"),
        sa.Column("text", sa.String(length=500), nullable=False, comment="Text shown, Chinese; notice template"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="Enterprise it is about; system"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project it is about; system"),
        sa.Column("outbox_id", sa.Integer(), nullable=True, comment="The SMS of the same event; system"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="Written, instant UTC; system"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True, comment="First opened, instant UTC; applicant"),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("inbox_message_enterprise_id_exists"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("inbox_message_organization_id_exists")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("inbox_message_outbox_id_exists"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("inbox_message_project_id_exists"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("inbox_message_is_found_by_its_key")),
        comment="站内消息",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inbox_message_enterprise_id"), "inbox_message", ["enterprise_id"], unique=False)
    op.create_index("ix_inbox_message_organization_id_read_at", "inbox_message", ["organization_id", "read_at"], unique=False)
    op.create_index(op.f("ix_inbox_message_outbox_id"), "inbox_message", ["outbox_id"], unique=False)
    op.create_index(op.f("ix_inbox_message_project_id"), "inbox_message", ["project_id"], unique=False)
    op.create_table(
        "originals_check",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("attachment_id", sa.Integer(), nullable=False, comment="Which scan; clerk"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="SHA-256 of the scan then seen, hex; system"),
        sa.Column("project_id", sa.Integer(), nullable=False, comment="For which project; clerk"),
        sa.Column("mandate_id", sa.Integer(), nullable=True, comment="Mandate of the agent who brought it; clerk"),
        sa.Column("result", sa.String(length=20), nullable=False, comment="相符, 不符 or 缺原件, terms.OriginalResult; clerk"),
        sa.Column("note", sa.String(length=500), nullable=True, comment="说明; clerk"),
        sa.Column("checked_by_id", sa.Integer(), nullable=False, comment="Which clerk; system"),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False, comment="Checked, instant UTC; system"),
        sa.CheckConstraint("result IN ('match', 'differs', 'missing')", name=op.f("originals_check_result_is_known")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("originals_check_sha256_has_64_hex_digits")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("originals_check_attachment_id_exists")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["ab_user.id"], name=op.f("originals_check_checked_by_id_exists")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("originals_check_mandate_id_exists")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("originals_check_project_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("originals_check_is_found_by_its_key")),
        comment="原件核验",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_originals_check_attachment_id"), "originals_check", ["attachment_id"], unique=False)
    op.create_index(op.f("ix_originals_check_checked_by_id"), "originals_check", ["checked_by_id"], unique=False)
    op.create_index(op.f("ix_originals_check_mandate_id"), "originals_check", ["mandate_id"], unique=False)
    op.create_index("ix_originals_check_project_id_checked_at", "originals_check", ["project_id", "checked_at"], unique=False)
    op.create_index(op.f("ix_originals_check_sha256"), "originals_check", ["sha256"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("submission_id", sa.Integer(), nullable=False, comment="Snapshot it judged; system"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="Enterprise record judged; system"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project record judged; system"),
        sa.Column("decision", sa.String(length=20), nullable=False, comment="approve or return; reviewer or clerk"),
        sa.Column("stage", sa.String(length=20), nullable=False, comment="review, or counter for a return from there; system"),
        sa.Column("decided_by_id", sa.Integer(), nullable=False, comment="Who decided; system"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False, comment="Decided, instant UTC; system"),
        sa.Column("comment", sa.String(length=2000), nullable=True, comment="审核意见; reviewer or clerk"),
        sa.CheckConstraint("decision IN ('approve', 'return')", name=op.f("review_decision_is_approve_or_return")),
        sa.CheckConstraint("stage IN ('review', 'counter')", name=op.f("review_stage_is_known")),
        sa.CheckConstraint(
            "CASE WHEN enterprise_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("review_is_of_exactly_one_record"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["ab_user.id"], name=op.f("review_decided_by_id_exists")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("review_enterprise_id_exists")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("review_project_id_exists")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("review_submission_id_exists"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("review_is_found_by_its_key")),
        sa.UniqueConstraint("submission_id", name=op.f("review_submission_id_is_unique")),
        comment="审核记录: decisions",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_review_decided_at_decision", "review", ["decided_at", "decision"], unique=False)
    op.create_index(op.f("ix_review_decided_by_id"), "review", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_review_enterprise_id"), "review", ["enterprise_id"], unique=False)
    op.create_index(op.f("ix_review_project_id"), "review", ["project_id"], unique=False)
    op.create_table(
        "number_register",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("number", sa.String(length=16), nullable=False, comment="项目统一编号, 16 digits; system or import"),
        sa.Column("region_code", sa.String(length=6), nullable=False, comment="Digits 1-6, 行政区划代码; DOMAIN §1.1"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="Digits 7-12, day in Asia/Shanghai; DOMAIN §1.1"),
        sa.Column("category_code", sa.String(length=2), nullable=False, comment="Digits 13-14, 项目分类; DOMAIN §1.1"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Digits 15-16, running number of the day; DOMAIN §1.1"),
        sa.Column("project_id", sa.Integer(), nullable=True, comment="Project it was given to; system"),
        sa.Column("organization_id", sa.Integer(), nullable=True, comment="建设单位 it was given to; system"),
        sa.Column("submission_id", sa.Integer(), nullable=True, comment="Snapshot approved with it; system"),
        sa.Column("review_id", sa.Integer(), nullable=True, comment="Decision that gave it; system"),
        sa.Column("origin", sa.String(length=20), nullable=False, comment="issued here or imported; system"),
        sa.Column("status", sa.String(length=20), nullable=False, comment="issued or voided; system"),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False, comment="发号, instant UTC; system or import"),
        sa.Column("issued_by_id", sa.Integer(), nullable=True, comment="Who approved; system"),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True, comment="作废, instant UTC; system"),
        sa.Column("voided_reason", sa.String(length=500), nullable=True, comment="作废原因; administrator"),
        sa.Column("voided_by_id", sa.Integer(), nullable=True, comment="Who voided it; system"),
        sa.CheckConstraint("(status = 'voided') = (voided_at IS NOT NULL)", name=op.f("voided_number_has_its_instant")),
        sa.CheckConstraint(
            "origin = 'imported' OR (project_id IS NOT NULL AND organization_id IS NOT NULL)", name=op.f("number_issued_here_has_its_project_and_organization")
        ),
        sa.CheckConstraint("origin = 'imported' OR sequence BETWEEN 1 AND 99", name=op.f("number_sequence_is_1_to_99")),
        sa.CheckConstraint("origin IN ('issued', 'imported')", name=op.f("number_origin_is_known")),
        sa.CheckConstraint("status <> 'voided' OR voided_reason IS NOT NULL", name=op.f("voided_number_has_a_reason")),
        sa.CheckConstraint("status IN ('issued', 'voided')", name=op.f("number_status_is_known")),
        sa.CheckConstraint("length(number) = 16", name=op.f("number_has_16_digits")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["ab_user.id"], name=op.f("number_register_issued_by_id_exists")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("number_register_organization_id_exists")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("number_register_project_id_exists")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("number_register_review_id_exists")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("number_register_submission_id_exists")),
        sa.ForeignKeyConstraint(["voided_by_id"], ["ab_user.id"], name=op.f("number_register_voided_by_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("number_register_is_found_by_its_key")),
        sa.UniqueConstraint("number", name=op.f("number_register_number_is_unique")),
        sa.UniqueConstraint("region_code", "issued_on", "category_code", "sequence", name="number_is_issued_once_per_place_of_the_day"),
        comment="编号登记簿",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_number_register_issued_by_id"), "number_register", ["issued_by_id"], unique=False)
    op.create_index(op.f("ix_number_register_issued_on"), "number_register", ["issued_on"], unique=False)
    op.create_index(op.f("ix_number_register_organization_id"), "number_register", ["organization_id"], unique=False)
    op.create_index(op.f("ix_number_register_project_id"), "number_register", ["project_id"], unique=False)
    op.create_index(op.f("ix_number_register_review_id"), "number_register", ["review_id"], unique=False)
    op.create_index(op.f("ix_number_register_submission_id"), "number_register", ["submission_id"], unique=False)
    op.create_index(op.f("ix_number_register_voided_by_id"), "number_register", ["voided_by_id"], unique=False)
    op.create_table(
        "return_item",
        sa.Column("id", sa.Integer(), nullable=False, comment="Key, given by the database"),
        sa.Column("review_id", sa.Integer(), nullable=False, comment="The return it stands on; system"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Place on the sheet, from 1; system"),
        sa.Column("target", sa.String(length=60), nullable=False, comment="Input name or scan slot of FIELDS; reviewer or clerk"),
        sa.Column("target_kind", sa.String(length=10), nullable=False, comment="field or slot; system"),
        sa.Column("reason_code", sa.String(length=40), nullable=False, comment="退回原因, return_reason.code; reviewer or clerk"),
        sa.Column("instruction", sa.String(length=500), nullable=False, comment="修改要求; reviewer or clerk"),
        sa.Column("answer", sa.String(length=500), nullable=True, comment="修改说明; applicant"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True, comment="Answered, instant UTC; system"),
        sa.Column("was_visible_before", sa.Boolean(), nullable=False, comment="Could have been asked at an earlier return; system"),
        sa.CheckConstraint("target_kind IN ('field', 'slot')", name=op.f("return_item_target_is_a_field_or_a_slot")),
        sa.CheckConstraint("answer IS NULL OR answered_at IS NOT NULL", name=op.f("return_item_answer_has_its_instant")),
        sa.CheckConstraint("sequence > 0", name=op.f("return_item_sequence_counts_from_one")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("return_item_review_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("return_item_is_found_by_its_key")),
        sa.UniqueConstraint("review_id", "sequence", name="return_item_sequence_is_unique_per_review"),
        comment="退回事项",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_return_item_target_reason_code", "return_item", ["target", "reason_code"], unique=False)
    _add_circular_keys()


def downgrade() -> None:
    _drop_circular_keys()
    op.drop_index("ix_return_item_target_reason_code", table_name="return_item")
    op.drop_table("return_item")
    op.drop_index(op.f("ix_number_register_voided_by_id"), table_name="number_register")
    op.drop_index(op.f("ix_number_register_submission_id"), table_name="number_register")
    op.drop_index(op.f("ix_number_register_review_id"), table_name="number_register")
    op.drop_index(op.f("ix_number_register_project_id"), table_name="number_register")
    op.drop_index(op.f("ix_number_register_organization_id"), table_name="number_register")
    op.drop_index(op.f("ix_number_register_issued_on"), table_name="number_register")
    op.drop_index(op.f("ix_number_register_issued_by_id"), table_name="number_register")
    op.drop_table("number_register")
    op.drop_index(op.f("ix_review_project_id"), table_name="review")
    op.drop_index(op.f("ix_review_enterprise_id"), table_name="review")
    op.drop_index(op.f("ix_review_decided_by_id"), table_name="review")
    op.drop_index("ix_review_decided_at_decision", table_name="review")
    op.drop_table("review")
    op.drop_index(op.f("ix_originals_check_sha256"), table_name="originals_check")
    op.drop_index("ix_originals_check_project_id_checked_at", table_name="originals_check")
    op.drop_index(op.f("ix_originals_check_mandate_id"), table_name="originals_check")
    op.drop_index(op.f("ix_originals_check_checked_by_id"), table_name="originals_check")
    op.drop_index(op.f("ix_originals_check_attachment_id"), table_name="originals_check")
    op.drop_table("originals_check")
    op.drop_index(op.f("ix_inbox_message_project_id"), table_name="inbox_message")
    op.drop_index(op.f("ix_inbox_message_outbox_id"), table_name="inbox_message")
    op.drop_index("ix_inbox_message_organization_id_read_at", table_name="inbox_message")
    op.drop_index(op.f("ix_inbox_message_enterprise_id"), table_name="inbox_message")
    op.drop_table("inbox_message")
    op.drop_index(op.f("ix_submission_submitted_by_id"), table_name="submission")
    op.drop_index(op.f("ix_submission_submitted_at"), table_name="submission")
    op.drop_table("submission")
    op.drop_index("ix_outbox_status_next_attempt_at", table_name="outbox")
    op.drop_index(op.f("ix_outbox_project_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_organization_id"), table_name="outbox")
    op.drop_index("ix_outbox_kind_status_created_at", table_name="outbox")
    op.drop_index(op.f("ix_outbox_enterprise_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_hand_over_mandate_id"), table_name="hand_over")
    op.drop_index(op.f("ix_hand_over_handed_over_by_id"), table_name="hand_over")
    op.drop_index(op.f("ix_hand_over_handed_over_at"), table_name="hand_over")
    op.drop_table("hand_over")
    op.drop_table("audit_seal")
    op.drop_index(op.f("ix_attachment_uploaded_by_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_superseded_by_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_sha256"), table_name="attachment")
    op.drop_index("ix_attachment_project_id_slot", table_name="attachment")
    op.drop_index(op.f("ix_attachment_organization_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_mandate_id"), table_name="attachment")
    op.drop_index("ix_attachment_enterprise_id_slot", table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(
        "project_is_held_by_one_reviewer", table_name="assignment", sqlite_where=sa.text("released_at IS NULL"), postgresql_where=sa.text("released_at IS NULL")
    )
    op.drop_index(op.f("ix_assignment_project_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_enterprise_id"), table_name="assignment")
    op.drop_index("ix_assignment_assignee_id_released_at", table_name="assignment")
    op.drop_index(
        "enterprise_is_held_by_one_reviewer",
        table_name="assignment",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_table("assignment")
    op.drop_index("ix_user_session_user_id_ended_at", table_name="user_session")
    op.drop_index(op.f("ix_user_session_expires_at"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(
        "numbered_approval_document_is_unique",
        table_name="project",
        sqlite_where=sa.text("number IS NOT NULL AND status <> 'voided' AND NOT duplicate_allowed"),
        postgresql_where=sa.text("number IS NOT NULL AND status <> 'voided' AND NOT duplicate_allowed"),
    )
    op.drop_index(op.f("ix_project_submission_id"), table_name="project")
    op.drop_index("ix_project_status_due_on", table_name="project")
    op.drop_index(op.f("ix_project_region_code"), table_name="project")
    op.drop_index("ix_project_organization_id_status", table_name="project")
    op.drop_index(op.f("ix_project_numbered_at"), table_name="project")
    op.drop_index(op.f("ix_project_name"), table_name="project")
    op.drop_index(op.f("ix_project_created_by_id"), table_name="project")
    op.drop_index(op.f("ix_project_contact_mobile_index"), table_name="project")
    op.drop_index("ix_project_bureau_id_status_submitted_at", table_name="project")
    op.drop_index("ix_project_approval_key", table_name="project")
    op.drop_table("project")
    op.drop_index(op.f("ix_mandate_recorded_by_id"), table_name="mandate")
    op.drop_index("ix_mandate_organization_id_valid_to", table_name="mandate")
    op.drop_index(op.f("ix_mandate_agent_mobile_index"), table_name="mandate")
    op.drop_index(op.f("ix_mandate_agent_id_number_index"), table_name="mandate")
    op.drop_table("mandate")
    op.drop_index(op.f("ix_audit_event_organization_id"), table_name="audit_event")
    op.drop_index("ix_audit_event_object_type_object_id", table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_at"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_actor_id"), table_name="audit_event")
    op.drop_index("ix_audit_event_action_at", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index("ix_ab_user_role_role_id", table_name="ab_user_role")
    op.drop_table("ab_user_role")
    op.drop_index("idx_user_id", table_name="ab_user_group")
    op.drop_index("idx_user_group_id", table_name="ab_user_group")
    op.drop_table("ab_user_group")
    op.drop_index("idx_role_id", table_name="ab_permission_view_role")
    op.drop_index("idx_permission_view_id", table_name="ab_permission_view_role")
    op.drop_table("ab_permission_view_role")
    op.drop_index("idx_api_key_user_id", table_name="ab_api_key")
    op.drop_index("idx_api_key_prefix", table_name="ab_api_key")
    op.drop_index("idx_api_key_lookup_hash", table_name="ab_api_key")
    op.drop_table("ab_api_key")
    op.drop_table("region_alias")
    op.drop_index(op.f("ix_enterprise_uscc"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_submission_id"), table_name="enterprise")
    op.drop_index("ix_enterprise_status_due_on", table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_region_code"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_org_code"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_name"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_legal_representative_id_number_index"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_contact_mobile_index"), table_name="enterprise")
    op.drop_index("ix_enterprise_bureau_id_status_submitted_at", table_name="enterprise")
    op.drop_table("enterprise")
    op.drop_index(op.f("ix_contact_bureau_id"), table_name="contact")
    op.drop_table("contact")
    op.drop_index("username_is_unique_in_any_case", table_name="ab_user")
    op.drop_index(op.f("ix_ab_user_organization_id"), table_name="ab_user")
    op.drop_index("ix_ab_user_created_by_fk", table_name="ab_user")
    op.drop_index("ix_ab_user_changed_by_fk", table_name="ab_user")
    op.drop_index(op.f("ix_ab_user_bureau_id"), table_name="ab_user")
    op.drop_table("ab_user")
    op.drop_index("idx_view_menu_id", table_name="ab_permission_view")
    op.drop_index("idx_permission_id", table_name="ab_permission_view")
    op.drop_table("ab_permission_view")
    op.drop_index("idx_group_role_id", table_name="ab_group_role")
    op.drop_index("idx_group_id", table_name="ab_group_role")
    op.drop_table("ab_group_role")
    op.drop_table("return_reason")
    op.drop_index(
        "required_document_for_all_kinds_stands_once",
        table_name="required_document",
        sqlite_where=sa.text("unit_kind IS NULL"),
        postgresql_where=sa.text("unit_kind IS NULL"),
    )
    op.drop_table("required_document")
    op.drop_index(op.f("ix_region_parent_code"), table_name="region")
    op.drop_table("region")
    op.drop_index(op.f("ix_organization_name"), table_name="organization")
    op.drop_index(op.f("ix_organization_contact_mobile_index"), table_name="organization")
    op.drop_table("organization")
    op.drop_table("number_counter")
    op.drop_table("dictionary_entry")
    op.drop_table("calendar_year")
    op.drop_table("calendar_override")
    op.drop_index(op.f("ix_bureau_region_code"), table_name="bureau")
    op.drop_index(op.f("ix_bureau_parent_id"), table_name="bureau")
    op.drop_table("bureau")
    op.drop_table("ab_view_menu")
    op.drop_table("ab_role")
    op.drop_table("ab_register_user")
    op.drop_table("ab_permission")
    op.drop_table("ab_group")
