"""Inputs of the data that administrators keep in order: bureaus, regions, dictionaries, calendar, contacts."""

from decimal import Decimal

from app.domain.fields.account import MATTERS
from app.domain.fields.across import NotBefore
from app.domain.fields.field import ALWAYS, Field, FieldKind, Table
from app.domain.terms import N_, TERMS, Kind, UnitKind

K = FieldKind  # keeps a field on one line
TAG = r"[a-z][a-z0-9_]*"
TAG_HELP = N_("小写英文字母、数字和下划线，保存后不能改")
WORKED, FREE = "worked", "free"
SYSTEMS = {"province_code": "province", "municipal_code": "municipal"}  # input -> region_alias.system

# What each code table holds, in the words of the field that takes its codes.
DICTIONARY_KINDS: tuple[tuple[str, str], ...] = (
    ("category_code", N_("项目分类")),
    ("use_code", N_("工程用途")),
    ("construction_nature_code", N_("建设性质")),
    ("approval_level_code", N_("立项级别")),
    ("funding_nature_code", N_("资金性质")),
    ("structure_code", N_("结构体系")),
    ("seismic_code", N_("抗震设防烈度")),
    ("registration_type_code", N_("企业登记注册类型")),
    ("id_type", N_("证件类型")),
    ("currency_code", N_("币种")),
    ("tender_type", N_("招标类型")),
    ("tender_method", N_("招标方式")),
    ("contract_type", N_("合同类别")),
    ("enterprise_role", N_("参建单位角色")),
    ("data_source", N_("数据来源")),
    ("data_level", N_("数据等级")),
)
PARENT_KINDS = {"use_code": "category_code"}  # whose codes narrow whose
FIXED_KINDS = frozenset({"category_code"})  # a piece of the number; app.domain.number knows its codes
EDITIONS = (("2014", N_("2014 年版")), ("2018", N_("2018 年版")))
RECORD_KINDS = ((Kind.ENTERPRISE.value, TERMS["enterprise_record"]), (Kind.PROJECT.value, TERMS[Kind.PROJECT]))
UNIT_KINDS = tuple((kind.value, TERMS[kind]) for kind in UnitKind)
DAY_KINDS = ((WORKED, N_("上班")), (FREE, N_("放假")))


def _order() -> Field:
    return Field(
        "sort", N_("排列顺序"), K.INTEGER, "", "third", digits=5, minimum=Decimal(0),
        help=N_("小的在前；不填为 0"),
    )  # fmt: skip


def _chinese(most: int = 100) -> Field:
    return Field("label_zh", N_("中文名称"), K.TEXT, "", "half", ALWAYS, max_length=most)


def _english(most: int = 150) -> Field:
    return Field(
        "label_en", N_("英文名称"), K.TEXT, "", "half", ALWAYS, max_length=most, help=N_("英文界面显示这个名称")
    )


BUREAU = Table(
    "bureau",
    at_once=True,
    fields=(
        Field(
            "code", N_("部门代码"), K.DIVISION, "", "third", ALWAYS, help=N_("6 位数字，一般用区划代码，保存后不能改")
        ),
        Field("name", N_("部门名称"), K.TEXT, "", "wide", ALWAYS, max_length=100, min_length=2),
        Field("parent_id", N_("上级部门"), K.BUREAU, help=N_("市级主管部门没有上级")),
        Field(
            "region_code", N_("行政区划"), K.DIVISION, "", "half", ALWAYS, example="320281",
            help=N_("受理这个区划的项目，填现行的 6 位区划代码"),
        ),
        Field("effective_on", N_("统一编号启用日期"), K.DATE, help=N_("此前登记的项目按历史数据导入，保留原编号")),
        Field("requires_originals", N_("审核通过前须原件核验"), K.BOOLEAN),
        _order(),
    ),
)  # fmt: skip

REGION = Table(
    "region",
    at_once=True,
    fields=(
        Field("code", N_("区划代码"), K.DIVISION, "", "third", ALWAYS, help=N_("6 位数字，保存后不能改")),
        Field("name", N_("名称"), K.TEXT, "", "half", ALWAYS, max_length=50, min_length=2),
        Field(
            "parent_code", N_("上级区划代码"), K.DIVISION, "", "third", help=N_("省级没有上级"), example="320200"
        ),
        Field("valid_from", N_("有效期起"), K.DATE, "", "third", ALWAYS),
        Field("valid_to", N_("有效期止"), K.DATE, "", "third", help=N_("现行的不填")),
        Field("successor_code", N_("接续区划代码"), K.DIVISION, "", "third", help=N_("撤并后由哪个区划接续")),
        Field("is_local", N_("本地自定代码"), K.BOOLEAN, "", "half", help=N_("不在国家标准中的代码")),
        Field(
            "province_code", N_("省厅系统代码"), K.SERIAL, "", "third", max_length=20, pattern="[0-9A-Za-z]+",
            help=N_("与本代码不同的才填"),
        ),
        Field(
            "municipal_code", N_("市系统代码"), K.SERIAL, "", "third", max_length=20, pattern="[0-9A-Za-z]+",
            help=N_("与本代码不同的才填"),
        ),
    ),
    checks=(NotBefore("valid_from", "valid_to", N_("有效期止不能早于有效期起（%(earlier)s）。")),),
)  # fmt: skip

DICTIONARY_ENTRY = Table(
    "dictionary_entry",
    at_once=True,
    fields=(
        Field(
            "kind", N_("字典"), K.CHOICE, "", "half", ALWAYS, choices=DICTIONARY_KINDS, help=N_("保存后不能改")
        ),
        Field(
            "code", N_("代码"), K.SERIAL, "", "third", ALWAYS, max_length=20, pattern="[0-9A-Za-z]+",
            when_wrong=N_("代码只能用数字和字母。"), help=N_("保存后不能改；不再使用的请停用"),
        ),
        _chinese(),
        _english(),
        Field(
            "parent_code", N_("所属代码"), K.SERIAL, "", "third", max_length=20, pattern="[0-9A-Za-z]+",
            help=N_("工程用途填所属的项目分类代码，其他不填"),
        ),
        Field("is_active", N_("启用"), K.BOOLEAN, "", "third", help=N_("停用后不再供选择，已有记录不变")),
        Field("edition", N_("标准版本"), K.CHOICE, "", "third", ALWAYS, choices=EDITIONS),
        _order(),
    ),
)  # fmt: skip

REQUIRED_DOCUMENT = Table(
    "required_document",
    at_once=True,
    fields=(
        Field(
            "record_kind", N_("用于"), K.CHOICE, "", "half", ALWAYS, choices=RECORD_KINDS, help=N_("保存后不能改")
        ),
        Field(
            "unit_kind", N_("单位性质"), K.CHOICE, "", "half", choices=UNIT_KINDS,
            help=N_("不选为全部单位；保存后不能改"),
        ),
        Field(
            "slot", N_("标识"), K.SERIAL, "", "half", ALWAYS, max_length=40, pattern=TAG, when_wrong=TAG_HELP,
            help=TAG_HELP, example="business_license",
        ),
        _chinese(),
        _english(),
        Field(
            "min_count", N_("最少份数"), K.INTEGER, "", "third", ALWAYS, digits=2, minimum=Decimal(0),
            help=N_("0 为可以不交"),
        ),
        Field("max_count", N_("最多份数"), K.INTEGER, "", "third", ALWAYS, digits=2, minimum=Decimal(1)),
        Field("waived_with_uscc", N_("有统一社会信用代码的不需要"), K.BOOLEAN),
        _order(),
    ),
)  # fmt: skip

RETURN_REASON = Table(
    "return_reason",
    at_once=True,
    fields=(
        Field(
            "code", N_("标识"), K.SERIAL, "", "half", ALWAYS, max_length=40, pattern=TAG, when_wrong=TAG_HELP,
            help=TAG_HELP, example="wrong_date",
        ),
        _chinese(),
        _english(),
        Field("is_active", N_("启用"), K.BOOLEAN, "", "third", help=N_("停用后审核人员不再看到，已有记录不变")),
        _order(),
    ),
)  # fmt: skip

CONTACT = Table(
    "contact",
    at_once=True,
    fields=(
        Field("bureau_id", N_("部门"), K.BUREAU, "", "half", ALWAYS),
        Field("person", N_("联系人"), K.NAME, "", "half", ALWAYS, max_length=50, min_length=2),
        Field("phones", N_("联系电话"), K.PHONE, "", "wide", ALWAYS, max_length=200, help=N_("多个电话用顿号分开")),
        Field(
            "counter_address", N_("窗口地址"), K.TEXT, "", "wide", max_length=200,
            help=N_("印在一次性告知单上"),
        ),
        Field("counter_hours", N_("窗口工作时间"), K.TEXT, "", "wide", max_length=100, help=N_("印在一次性告知单上")),
        Field("qq", N_("QQ"), K.SERIAL, "", "third", max_length=20, pattern="[1-9][0-9]{4,}"),
        Field("qq_group", N_("QQ 群号"), K.SERIAL, "", "third", max_length=20, pattern="[1-9][0-9]{4,}"),
        _order(),
    ),
)  # fmt: skip

_REASON = Field(
    "reason", N_("依据"), K.TEXT, "", "wide", ALWAYS, max_length=200, help=N_("通知的名称和文号，逐日说明中可见")
)

CALENDAR_DAY = Table(
    "calendar_override",
    at_once=True,
    fields=(
        Field("day", N_("日期"), K.DATE, "", "third", ALWAYS),
        Field("is_working_day", N_("这一天"), K.CHOICE, "", "third", ALWAYS, choices=DAY_KINDS),
        _REASON,
    ),
)

CALENDAR_YEAR = Table(
    "calendar_year",
    at_once=True,
    fields=(
        Field(
            "year", N_("年份"), K.INTEGER, "", "third", ALWAYS, digits=4, minimum=Decimal(2004),
            maximum=Decimal(2100),
        ),
        _REASON,
        Field(
            "days_off", N_("放假日"), K.LONG_TEXT, "", "wide", ALWAYS, max_length=2000,
            help=N_("每行一天或一段，周六周日本来休息的可不写"), example="2027-02-05 ~ 2027-02-11",
        ),
        Field(
            "made_up_days", N_("调休上班日"), K.LONG_TEXT, "", "wide", max_length=1000,
            help=N_("每行一天"), example="2027-02-14",
        ),
    ),
)  # fmt: skip

MATTER_RULE = Table(
    "matter_rule",
    at_once=True,
    fields=(
        Field("matter", N_("事项"), K.CHOICE, "", "half", ALWAYS, choices=MATTERS),
        Field(
            "waits_for_province", N_("省厅接收后才能办理"), K.BOOLEAN, "", "half",
            help=N_("选中的，项目报送被省厅接收以前不能受理和登记"),
        ),
    ),
)  # fmt: skip

MATTER_ITEM = Table(
    "matter_item",
    at_once=True,
    fields=(
        Field("matter", N_("事项"), K.CHOICE, "", "half", ALWAYS, choices=MATTERS),
        _chinese(),
        _english(),
        Field("is_required", N_("必需"), K.BOOLEAN, "", "third", help=N_("不选的，有则提供")),
        Field("is_active", N_("启用"), K.BOOLEAN, "", "third", help=N_("停用后不再要求，已收的记录不变")),
        _order(),
    ),
)  # fmt: skip
