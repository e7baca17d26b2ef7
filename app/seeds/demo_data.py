"""The demo bureau's people, organizations and projects: plainly marked 演示, codes from GB 11714's private range."""

from typing import NamedTuple

from app.domain.matters import Matter
from app.domain.terms import Role


class Person(NamedTuple):
    """A demo staff account."""

    username: str
    name: str
    bureau_code: str
    roles: tuple[Role, ...]
    matters: tuple[Matter, ...] = ()


STAFF = (
    Person("admin.wuxi", "演示管理员甲（无锡）", "320200", (Role.ADMINISTRATOR,)),
    Person("admin2.wuxi", "演示管理员乙（无锡）", "320200", (Role.ADMINISTRATOR,)),
    Person("admin.jiangyin", "演示管理员甲（江阴）", "320281", (Role.ADMINISTRATOR,)),
    Person("admin2.jiangyin", "演示管理员乙（江阴）", "320281", (Role.ADMINISTRATOR,)),
    Person("reviewer.jiangyin", "演示审核员甲（江阴）", "320281", (Role.REVIEWER,)),
    Person("reviewer2.jiangyin", "演示审核员乙（江阴）", "320281", (Role.REVIEWER,)),
    Person("clerk.jiangyin", "演示窗口员（江阴）", "320281", (Role.COUNTER_CLERK,)),
    Person("manager.jiangyin", "演示统计员（江阴）", "320281", (Role.MANAGER,)),
    Person("reviewer.liangxi", "演示审核员（梁溪）", "320213", (Role.REVIEWER,)),
    Person("clerk.liangxi", "演示窗口员（梁溪）", "320213", (Role.COUNTER_CLERK,)),
    Person("manager.wuxi", "演示统计员（无锡）", "320200", (Role.MANAGER,)),
    Person("auditor.wuxi", "演示审计员（无锡）", "320200", (Role.AUDITOR,)),
)

APPROVED, UNDER_REVIEW, NEW = "PDY00001-X", "PDY00002-8", "PDY00003-6"

ORGANIZATIONS: tuple[dict[str, object], ...] = (
    {
        "org_code": APPROVED,
        "name": "江阴市演示教育发展中心",
        "unit_kind": "institution",
        "contact_name": "演示联系人甲",
        "contact_mobile": "13800000001",
    },
    {
        "org_code": UNDER_REVIEW,
        "name": "江阴演示城市建设有限公司",
        "unit_kind": "enterprise",
        "contact_name": "演示联系人乙",
        "contact_mobile": "13800000002",
    },
    {
        "org_code": NEW,
        "name": "江阴市演示镇人民政府",
        "unit_kind": "government",
        "contact_name": "演示联系人丙",
        "contact_mobile": "13800000003",
    },
)

ENTERPRISE: dict[str, object] = {
    "region_code": "320281",
    "address": "江阴市演示街道演示路1号",
    "postal_code": "214400",
    "legal_representative": "演示法人",
    "legal_representative_id_type": "1",
    "legal_representative_id_number": "320281190001010010",
    "established_on": "2003-05-12",
    "contact_name": "演示联系人",
    "contact_mobile": "13800000001",
}
COMPANY: dict[str, object] = {
    **ENTERPRISE,
    "registration_type_code": "0159",
    "license_number": "320281000012345",
    "registered_capital_10k": "5000",
    "currency_code": "1",
    "contact_mobile": "13800000002",
}

PROJECT: dict[str, object] = {
    "category_code": "01",
    "construction_nature_code": "001",
    "use_code": "304",
    "region_code": "320281",
    "address": "江阴市演示街道演示路以东、学院路以北",
    "approval_kind": "approval",
    "approval_authority": "江阴市发展和改革委员会",
    "approval_level_code": "004",
    "funding_nature_code": "101",
    "funding_source": "市级财政资金",
    "state_funding_percent": "100",
    "investment_10k_cny": "18650",
    "floor_area_m2": "42300",
    "scale": "新建教学楼、综合楼、体育馆及地下车库，48 班。",
    "contact_name": "演示经办人",
    "contact_mobile": "13800000011",
}

# name, what is different, how far it has come
PROJECTS: tuple[tuple[str, dict[str, object], str], ...] = (
    ("江阴市演示实验中学新建工程", {"approval_document_number": "澄发改投〔2026〕演示001号"}, "handed_over"),
    (
        "演示园区人才公寓",
        {
            "approval_document_number": "澄发改投〔2026〕演示002号",
            "use_code": "102",
            "investment_10k_cny": "15720",
            "floor_area_m2": "36800",
            "scale": "人才公寓 6 幢，320 套。",
        },
        "approved",
    ),
    (
        "江阴市演示实验小学迁建工程",
        {"approval_document_number": "澄发改投〔2026〕演示012号", "construction_nature_code": "005"},
        "checked",
    ),
    (
        "演示大道（滨江路至澄杨路段）改造工程",
        {
            "approval_document_number": "澄发改投〔2026〕演示015号",
            "category_code": "02",
            "construction_nature_code": "002",
            "use_code": "014",
            "investment_10k_cny": "6240.5",
            "floor_area_m2": None,
            "length_m": "2860",
            "scale": "道路全长 2.86 公里，双向四车道。",
        },
        "submitted",
    ),
    (
        "演示镇便民服务中心装修改造工程",
        {
            "approval_document_number": "澄发改投〔2026〕演示018号",
            "construction_nature_code": "002",
            "use_code": "301",
            "investment_10k_cny": "480",
            "floor_area_m2": "3200",
            "scale": "办公楼内部改造 3200 平方米。",
        },
        "returned",
    ),
    (
        "演示变电所周边场地平整工程",
        {
            "approval_document_number": "澄发改投〔2026〕演示021号",
            "category_code": "99",
            "use_code": "999",
            "investment_10k_cny": "310",
            "floor_area_m2": None,
            "scale": "场地平整 1.2 万平方米。",
        },
        "voided",
    ),
    ("演示码头堆场改造项目", {}, "draft"),
)
