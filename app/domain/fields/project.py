"""Inputs of the project record (项目登记) and of the act of submitting it."""

from decimal import Decimal

from app.domain.fields.across import NotBefore, WithinParent
from app.domain.fields.field import ALWAYS, AllOf, AnyOf, Blank, Field, FieldKind, Table, When
from app.domain.terms import N_, TERMS, ApprovalKind

APPROVAL_KINDS = tuple((kind.value, TERMS[kind]) for kind in ApprovalKind)
BUILDING, MUNICIPAL, OTHER = "01", "02", "99"  # 项目分类

IS_BUILDING = When("category_code", (BUILDING,))
IS_MUNICIPAL = When("category_code", (MUNICIPAL,))
AREA_IS_NEEDED = AnyOf((IS_BUILDING, AllOf((IS_MUNICIPAL, Blank("length_m")))))
LENGTH_IS_NEEDED = AllOf((IS_MUNICIPAL, Blank("floor_area_m2")))
AREA_IS_MISSING = N_("请填写总面积；市政工程也可以只填总长度。")
LENGTH_IS_MISSING = N_("市政工程请填写总长度或总面积，至少一项。")
FINISH_IS_EARLY = N_("计划竣工（%(later)s）早于计划开工（%(earlier)s），请改正其中一个。")
USE_IS_OUTSIDE = N_("这个工程用途不属于所选的项目分类，请重新选择其中一个。")
MAKE_THE_DATE_UP = N_("办理前期手续的，可自行编制")

_PROJECT, _CONTACT, _PLACE, _APPROVAL = N_("项目"), N_("经办人"), N_("地点"), N_("立项")
_SCALE, _SCHEDULE, _REMARKS = N_("投资与规模"), N_("计划工期"), N_("备注")
_ZERO = Decimal(0)
K = FieldKind  # keeps a field on one line

PROJECT = Table(
    "project",
    draft_required=("name",),
    fields=(
        Field(
            "name", N_("项目名称"), K.TEXT, _PROJECT, "wide", ALWAYS, max_length=200,
            help=N_("与立项批文上的名称完全一致，不要自行缩写"),
        ),
        Field(
            "category_code", N_("项目分类"), K.CODE, _PROJECT, "third", ALWAYS, dictionary="category_code",
            help=N_("写入编号第 13、14 位，发号后不能更改"),
        ),
        Field(
            "construction_nature_code", N_("建设性质"), K.CODE, _PROJECT, "third", ALWAYS,
            dictionary="construction_nature_code",
        ),
        Field(
            "use_code", N_("工程用途"), K.CODE, _PROJECT, "third", ALWAYS, dictionary="use_code",
            help=N_("可选项随项目分类变化"),
        ),
        Field(
            "investment_project_code", N_("国家投资项目代码"), K.INVESTMENT_CODE, _PROJECT, max_length=24,
            pattern=r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}",
            when_wrong=N_("国家投资项目代码应为 24 位，含连字符，如 2020-320281-47-03-123456。"),
            help=N_("24 位，含连字符；没有可不填"), example="2020-320281-47-03-123456",
        ),
        Field("is_major", N_("是否重点项目"), K.BOOLEAN, _PROJECT, "third"),
        Field("contact_name", N_("经办人"), K.NAME, _CONTACT, "third", ALWAYS, max_length=50),
        Field(
            "contact_mobile", N_("经办人手机"), K.MOBILE, _CONTACT, "third", ALWAYS, max_length=11,
            personal=True, help=N_("审核结果会发短信到这个号码"), example="13800000000",
        ),
        Field("email", N_("邮箱"), K.EMAIL, _CONTACT, "third", max_length=100, example="name@example.cn"),
        Field(
            "region_code", N_("项目属地"), K.REGION, _PLACE, "third", ALWAYS,
            help=N_("区县；决定编号前 6 位和受理单位"),
        ),
        Field("address", N_("项目地点"), K.TEXT, _PLACE, "wide", ALWAYS, max_length=200),
        Field(
            "longitude", N_("经度"), K.DECIMAL, _PLACE, "third", digits=10, scale=7,
            minimum=Decimal(-180), maximum=Decimal(180), unit=N_("度"), example="120.2853120",
        ),
        Field(
            "latitude", N_("纬度"), K.DECIMAL, _PLACE, "third", digits=10, scale=7,
            minimum=Decimal(-90), maximum=Decimal(90), unit=N_("度"), example="31.9203480",
        ),
        Field(
            "approval_kind", N_("立项方式"), K.CHOICE, _APPROVAL, "third", ALWAYS, choices=APPROVAL_KINDS,
        ),
        Field(
            "approval_level_code", N_("立项级别"), K.CODE, _APPROVAL, "third", ALWAYS,
            dictionary="approval_level_code",
        ),
        Field(
            "approval_document_number", N_("立项文号"), K.TEXT, _APPROVAL, "half", ALWAYS, max_length=200,
            help=N_("一个立项只登记一个项目"),
        ),
        Field("approval_authority", N_("立项批复机关"), K.TEXT, _APPROVAL, "half", ALWAYS, max_length=200),
        Field("approved_on", N_("立项批复日期"), K.DATE, _APPROVAL, "third", ALWAYS, not_future=True),
        Field(
            "land_permit_number", N_("建设用地规划许可证编号"), K.TEXT, _APPROVAL, max_length=100,
            help=N_("未取得可不填"),
        ),
        Field(
            "planning_permit_number", N_("建设工程规划许可证编号"), K.TEXT, _APPROVAL, max_length=100,
            help=N_("未取得可不填"),
        ),
        Field(
            "investment_10k_cny", N_("总投资"), K.DECIMAL, _SCALE, "third", ALWAYS, digits=15, scale=4,
            above=_ZERO, unit=N_("万元"), when_missing=N_("请填写总投资，单位是万元。"),
        ),
        Field(
            "funding_nature_code", N_("工程投资性质"), K.CODE, _SCALE, "third", ALWAYS,
            dictionary="funding_nature_code",
        ),
        Field(
            "state_funding_percent", N_("国有资金比例"), K.DECIMAL, _SCALE, "third", digits=5, scale=2,
            minimum=_ZERO, maximum=Decimal(100), unit="%",
        ),
        Field("funding_source", N_("资金来源"), K.TEXT, _SCALE, "wide", max_length=200),
        Field(
            "floor_area_m2", N_("总面积"), K.DECIMAL, _SCALE, "third", AREA_IS_NEEDED, digits=15, scale=2,
            above=_ZERO, unit="㎡", when_missing=AREA_IS_MISSING, help=N_("市政工程可不填，请填总长度"),
        ),
        Field(
            "length_m", N_("总长度"), K.DECIMAL, _SCALE, "third", LENGTH_IS_NEEDED, digits=15, scale=2,
            above=_ZERO, unit=N_("米"), when_missing=LENGTH_IS_MISSING,
        ),
        Field(
            "scale", N_("建设规模"), K.LONG_TEXT, _SCALE, "wide", ALWAYS, max_length=500,
            help=N_("按立项批文填写主要建设内容"),
        ),
        Field(
            "planned_start_on", N_("计划开工日期"), K.DATE, _SCHEDULE, "third", ALWAYS,
            help=MAKE_THE_DATE_UP, when_missing=N_("请填写计划开工日期。办理前期手续的，可自行编制。"),
        ),
        Field(
            "planned_finish_on", N_("计划竣工日期"), K.DATE, _SCHEDULE, "third", ALWAYS,
            help=MAKE_THE_DATE_UP, when_missing=N_("请填写计划竣工日期。办理前期手续的，可自行编制。"),
        ),
        Field("remarks", N_("备注"), K.LONG_TEXT, _REMARKS, "wide", max_length=1000),
    ),
    checks=(
        WithinParent("use_code", "use_code", "category_code", OTHER, USE_IS_OUTSIDE),
        NotBefore("planned_start_on", "planned_finish_on", FINISH_IS_EARLY),
    ),
)  # fmt: skip

# What a further project of the same organization begins with; the rest belongs to one 立项 and is asked anew.
CARRIED_OVER = (
    "category_code", "construction_nature_code", "use_code", "is_major", "contact_name", "contact_mobile", "email",
    "region_code", "address", "longitude", "latitude", "approval_kind", "approval_level_code", "approval_authority",
    "funding_nature_code", "state_funding_percent", "funding_source",
)  # fmt: skip

SUBMISSION = Table(
    "submission",
    at_once=True,
    fields=(
        Field(
            "truthfulness_declared", N_("对资料真实性负责"), K.BOOLEAN, width="wide", required=ALWAYS,
            must_be_true=True, when_wrong=N_("请先勾选对所提供资料真实性负责的声明。"),
        ),
    ),
)  # fmt: skip
