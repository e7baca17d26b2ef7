"""The demo bureau beyond the promised accounts: people at every bureau, and building organizations of every kind.

Everybody is marked 演示; codes come from GB 11714's private range, mobiles from one block of zeros.
"""

from enum import StrEnum
from typing import NamedTuple

from app.domain.identifiers import org_code_check_character, uscc_check_character
from app.domain.matters import Matter
from app.domain.terms import Role, UnitKind
from app.seeds.data_bureaus import ROOT
from app.seeds.demo_data import STAFF, Person


class Place(NamedTuple):
    """A bureau's name in the accounts, its short name, and how authorities there begin their 文号."""

    account: str
    short: str
    mark: str
    authority: str


PLACES = {
    ROOT: Place("wuxi", "无锡", "锡", "无锡市发展和改革委员会"),
    "320281": Place("jiangyin", "江阴", "澄", "江阴市发展和改革委员会"),
    "320282": Place("yixing", "宜兴", "宜", "宜兴市发展和改革委员会"),
    "320213": Place("liangxi", "梁溪", "梁", "无锡市梁溪区发展和改革委员会"),
    "320205": Place("xishan", "锡山", "锡山", "无锡市锡山区发展和改革委员会"),
    "320206": Place("huishan", "惠山", "惠", "无锡市惠山区发展和改革委员会"),
    "320211": Place("binhu", "滨湖", "滨", "无锡市滨湖区发展和改革委员会"),
    "320214": Place("xinwu", "新吴", "新", "无锡市新吴区发展和改革委员会"),
}
POSTS = (
    ("admin", "管理员", Role.ADMINISTRATOR),
    ("reviewer", "审核员", Role.REVIEWER),
    ("clerk", "窗口员", Role.COUNTER_CLERK),
    ("manager", "统计员", Role.MANAGER),
    ("matter", "事项经办员", Role.MATTER_CLERK),
)


ALL = tuple(Matter)  # a small bureau's one clerk records them all


def _further_staff() -> tuple[Person, ...]:
    """One account per post and bureau, where the promised accounts have none."""
    known = {person.username for person in STAFF}
    everybody = (
        Person(
            f"{post}.{place.account}",
            f"演示{title}（{place.short}）",
            code,
            (role,),
            ALL if role is Role.MATTER_CLERK else (),
        )
        for code, place in PLACES.items()
        for post, title, role in POSTS
    )
    return tuple(person for person in everybody if person.username not in known)


FURTHER_STAFF = _further_staff()


class Fate(StrEnum):
    """How far an organization has come by now."""

    NEVER_SIGNED_IN = "never_signed_in"
    REGISTERED = "registered"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CLAIMED = "claimed"
    RETURNED = "returned"
    APPROVED = "approved"
    VOIDED = "voided"
    UNLOCKED = "unlocked"  # open for correction now
    CORRECTED = "corrected"  # was opened, corrected and approved again
    RELOCKED = "relocked"  # was opened, nothing came, locked itself again


class Unit(NamedTuple):
    """An organization: number in the private range, where it is registered, when it comes (place of the day), why.

    `share` weighs how many projects are its; those of organizations that were opened again end before that.
    """

    n: int
    name: str
    kind: UnitKind
    region: str
    begins: int
    fate: Fate = Fate.APPROVED
    has_uscc: bool = True
    share: int = 0
    rounds: int = 0

    @property
    def org_code(self) -> str:
        return org_code_of(self.n)

    @property
    def uscc(self) -> str:
        """Registered by the kind's authority, at its region (GB 32100)."""
        if not self.has_uscc:
            return ""
        body = f"{_REGISTERED_AS[self.kind]}{self.region}{self.org_code.replace('-', '')}"
        return body + uscc_check_character(body)


def org_code_of(n: int) -> str:
    """The n-th code of the range that GB 11714 keeps for private use."""
    body = f"PDY{n:05d}"
    return f"{body}-{org_code_check_character(body)}"


_E, _G, _I, _A, _O = (
    UnitKind.ENTERPRISE,
    UnitKind.GOVERNMENT,
    UnitKind.INSTITUTION,
    UnitKind.ASSOCIATION,
    UnitKind.OTHER,
)
F = Fate  # keeps a row on one line
_REGISTERED_AS = {_E: "91", _G: "11", _I: "12", _A: "51", _O: "19"}  # GB 32100: authority and kind

UNITS = (
    Unit(4, "江阴演示港口发展有限公司", _E, "320281", 0, share=5),
    Unit(5, "江阴市演示卫生健康委员会", _G, "320281", 1, share=4),
    Unit(6, "江阴演示高新产业园开发有限公司", _E, "320281", 2, share=5, rounds=1),
    Unit(7, "宜兴市演示水务集团有限公司", _E, "320282", 0, share=3),
    Unit(8, "宜兴市演示陶瓷职业学院", _I, "320282", 6, has_uscc=False, share=2),
    Unit(9, "宜兴市演示街道办事处", _G, "320282", 4, share=2),
    Unit(10, "无锡市梁溪区演示城市更新中心", _I, "320213", 1, share=4),
    Unit(11, "无锡演示老街商业管理有限公司", _E, "320213", 9, share=2, rounds=2),
    Unit(12, "无锡市锡山区演示交通运输局", _G, "320205", 3, has_uscc=False, share=3),
    Unit(13, "无锡演示智造科技有限公司", _E, "320205", 12, share=2),
    Unit(14, "无锡市惠山区演示教育局", _G, "320206", 2, share=3),
    Unit(15, "无锡演示惠民置业有限公司", _E, "320206", 15, has_uscc=False, share=2, rounds=1),
    Unit(16, "无锡市滨湖区演示园林管理所", _I, "320211", 5, share=2),
    Unit(17, "无锡演示湖滨文化旅游有限公司", _E, "320211", 8, share=2),
    Unit(18, "无锡市新吴区演示市政管理处", _I, "320214", 3, share=3),
    Unit(19, "无锡演示微电子产业园有限公司", _E, "320214", 10, share=2),
    Unit(20, "无锡市演示轨道交通建设指挥部", _O, "320200", 4, has_uscc=False, share=2),
    Unit(21, "无锡市演示慈善总会", _A, "320200", 20, share=1),
    Unit(22, "南京演示置业集团有限公司", _E, "320100", 14, share=2),
    Unit(23, "上海演示物流有限公司", _E, "310000", 30, share=1, rounds=1),
    Unit(24, "江阴市演示乡村振兴促进会", _A, "320281", 7, F.UNLOCKED, share=1),
    Unit(25, "宜兴演示农业发展有限公司", _E, "320282", 11, F.RELOCKED, share=1),
    Unit(26, "无锡演示新能源有限公司", _E, "320214", 13, F.CORRECTED, share=1),
    Unit(27, "江阴演示纺织有限公司", _E, "320281", -3, F.CLAIMED),
    Unit(28, "无锡市锡山区演示社区服务协会", _A, "320205", -16, F.RETURNED, rounds=1),
    Unit(29, "无锡演示精密机械有限公司", _E, "320206", -20, F.SUBMITTED, rounds=2),
    Unit(30, "宜兴市演示林场", _I, "320282", -9, F.DRAFT),
    Unit(31, "无锡演示影视文化有限公司", _E, "320211", 60, F.VOIDED),
    Unit(32, "无锡市梁溪区演示养老服务中心", _I, "320213", -12, F.SUBMITTED),
    Unit(33, "江阴演示仓储有限公司", _E, "320281", -2, F.REGISTERED),
    Unit(34, "无锡演示装备制造有限公司", _E, "320214", 100, F.NEVER_SIGNED_IN),
    Unit(35, "宜兴演示环保装备有限公司", _E, "320282", -5, F.SUBMITTED),
)  # fmt: skip


def registration_of(unit: Unit) -> dict[str, object]:
    """What it writes into the registration page."""
    return {
        "org_code": unit.org_code,
        "uscc": unit.uscc,
        "name": unit.name,
        "unit_kind": unit.kind,
        "contact_name": CONTACTS[unit.n % len(CONTACTS)],
        "contact_mobile": mobile_of(unit.n),
    }


def enterprise_of(unit: Unit) -> dict[str, object]:
    """What it writes into its enterprise record."""
    values: dict[str, object] = {
        "region_code": unit.region,
        "address": f"{unit.name.split('演示')[0]}演示大道{unit.n * 7}号",
        "postal_code": "214400" if unit.region == "320281" else "214000",
        "legal_representative": LEGAL[unit.n % len(LEGAL)],
        "legal_representative_id_type": "1",
        "legal_representative_id_number": "320281190001010010",
        "established_on": f"{1998 + unit.n % 20}-0{1 + unit.n % 9}-18",
        "contact_name": CONTACTS[unit.n % len(CONTACTS)],
        "contact_mobile": mobile_of(unit.n),
        "office_phone": f"0510-800000{unit.n:02d}",
    }
    if unit.kind == UnitKind.ENTERPRISE:
        values |= {
            "registration_type_code": ("0159", "0151", "0173", "0160")[unit.n % 4],
            "registered_capital_10k": str(1000 + unit.n * 350),
            "currency_code": "1",
        }
        if not unit.has_uscc:
            values["license_number"] = f"{unit.region}0000{unit.n:05d}"
    return values


def mobile_of(n: int) -> str:
    """A contact's mobile, from the demo's own block."""
    return f"138000000{n % 100:02d}"


CONTACTS = ("演示联系人甲", "演示联系人乙", "演示联系人丙", "演示联系人丁", "演示联系人戊")
LEGAL = ("演示法人甲", "演示法人乙", "演示法人丙")
