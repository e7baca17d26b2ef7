"""What is built in the demo: kinds of works with plausible figures, names that say 演示, faults that are returned."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from app.seeds.demo_world import PLACES, mobile_of

DAY = timedelta(days=1)
BUILDING, MUNICIPAL, OTHER = "01", "02", "99"


class Works(NamedTuple):
    """A kind of works: name after the place, codes, least and most size (㎡ or 米), price of one (万元), scale."""

    name: str
    category: str
    use: str
    nature: str
    least: int
    most: int
    price: float
    scale: str
    is_public: bool = True


_B, _M = BUILDING, MUNICIPAL
WORKS = (
    Works("中学新建工程", _B, "304", "001", 28_000, 52_000, 0.44, "新建教学楼、实验楼、体育馆及地下车库，共 {n} 班。"),
    Works("小学迁建工程", _B, "304", "005", 16_000, 30_000, 0.43, "迁建教学楼、综合楼和运动场，共 {n} 班。"),
    Works("幼儿园扩建工程", _B, "304", "003", 3_000, 7_000, 0.46, "扩建活动楼，增设 {n} 个活动室。"),
    Works("社区卫生服务中心", _B, "304", "001", 4_000, 9_000, 0.58, "门诊、康复用房，床位 {n} 张。"),
    Works("人才公寓", _B, "102", "001", 20_000, 60_000, 0.41, "人才公寓 {n} 幢及配套用房。"),
    Works("安置房二区", _B, "103", "001", 60_000, 140_000, 0.38, "安置住宅 {n} 幢、社区用房和地下车库。"),
    Works("花园住宅小区", _B, "101", "001", 50_000, 160_000, 0.47, "高层住宅 {n} 幢及商业配套。", is_public=False),
    Works("商业广场", _B, "302", "001", 30_000, 90_000, 0.62, "商业楼 {n} 层，地下二层停车库。", is_public=False),
    Works("便民服务大楼", _B, "301", "001", 5_000, 12_000, 0.49, "办公楼 {n} 层及附属用房。"),
    Works("农贸市场改造", _B, "302", "002", 2_500, 6_000, 0.35, "改造交易大厅，摊位 {n} 个。"),
    Works("标准厂房一期", _B, "700", "001", 20_000, 80_000, 0.29, "厂房 {n} 幢，配套动力站房。", is_public=False),
    Works("智能仓储中心", _B, "700", "001", 15_000, 60_000, 0.31, "丙类仓库 {n} 座。", is_public=False),
    Works("公交首末站", _B, "305", "001", 2_000, 5_000, 0.52, "站房及停车场，车位 {n} 个。"),
    Works("文化活动中心", _B, "304", "003", 4_000, 11_000, 0.61, "剧场、图书馆和展厅，座席 {n} 个。"),
    Works("路新建工程", _M, "014", "001", 900, 4_200, 2.6, "城市次干路，双向四车道，路灯 {n} 盏。"),
    Works("大桥改建工程", _M, "015", "002", 120, 640, 14.0, "桥梁全线改建，跨数 {n}。"),
    Works("片区雨污分流改造", _M, "011", "002", 2_000, 9_000, 0.8, "雨污管道及检查井 {n} 座。"),
    Works("给水管网更新", _M, "010", "002", 3_000, 12_000, 0.5, "更换给水管，阀门井 {n} 座。"),
    Works("滨水公园", _M, "016", "001", 800, 3_000, 3.2, "绿地、步道和驳岸，节点 {n} 处。"),
    Works("综合管廊工程", _M, "019", "001", 1_200, 5_000, 8.5, "双舱管廊，通风口 {n} 处。"),
    Works("垃圾转运站", _M, "017", "001", 200, 600, 9.0, "转运车间及道路，压缩设备 {n} 套。"),
    Works("河道整治工程", OTHER, "999", "002", 0, 0, 900.0, "清淤并整修护岸，水闸 {n} 座。"),
    Works("地块场地平整", OTHER, "999", "099", 0, 0, 300.0, "场地平整及围挡，土方分 {n} 区。"),
    Works("旧厂区拆除工程", OTHER, "999", "006", 0, 0, 420.0, "拆除旧厂房 {n} 幢并清运。"),
)
NAMES = (
    "青禾", "云栖", "望山", "听松", "芳草", "明珠", "朝阳", "春晖", "长乐", "锦绣",
    "金穗", "银杏", "梧桐", "香樟", "玉兰", "紫薇", "海棠", "桂花", "白鹭", "映月",
    "临溪", "枫林", "晴川", "映山", "柳岸", "石桥", "稻香", "荷塘", "竹园", "秋实",
)  # fmt: skip
APPROVALS = (("approval", "发改投"), ("approval", "发改复"), ("ratification", "发改核"), ("filing", "行审备"))
AGENTS = ("演示经办人甲", "演示经办人乙", "演示经办人丙", "演示经办人丁")


def names(chance: random.Random) -> list[tuple[str, Works]]:
    """Every place's name with every kind of works, shuffled: no two projects are called alike."""
    found = [(f"演示{place}{works.name}", works) for place in NAMES for works in WORKS]
    chance.shuffle(found)
    return found


def project_of(
    name: str, works: Works, region: str, serial: int, day: date, chance: random.Random
) -> dict[str, object]:
    """What the organization writes into the form, right in every line."""
    place = PLACES[region]
    size = chance.randrange(works.least, works.most, 10) if works.most else 0
    price = Decimal(str(works.price)) * (size or chance.randrange(1, 9)) * chance.randrange(88, 112) / 100
    kind, mark = APPROVALS[chance.randrange(2) if works.is_public else 2 + chance.randrange(2)]
    approved = day - chance.randrange(12, 90) * DAY
    starts = day + chance.randrange(45, 160) * DAY
    values: dict[str, object] = {
        "name": name,
        "category_code": works.category,
        "construction_nature_code": works.nature,
        "use_code": works.use,
        "region_code": region,
        "address": f"{place.short}演示街道{name[2:4]}路以东、演示大道以北",
        "approval_kind": kind,
        "approval_level_code": "003" if place.short == "无锡" else "004",
        "approval_document_number": f"{place.mark}{mark}〔{approved.year}〕演示{serial:03d}号",
        "approval_authority": place.authority,
        "approved_on": approved,
        "investment_10k_cny": price.quantize(Decimal("0.01")),
        "floor_area_m2": size if works.category == BUILDING else None,
        "length_m": size if works.category == MUNICIPAL else None,
        "scale": works.scale.format(n=chance.randrange(3, 48)),
        "is_major": chance.random() < 0.08,
        "planned_start_on": starts,
        "planned_finish_on": starts + chance.randrange(240, 900) * DAY,
        "contact_name": chance.choice(AGENTS),
        "contact_mobile": mobile_of(40 + serial % 60),
    }
    return values | _funding(works, chance)


def _funding(works: Works, chance: random.Random) -> dict[str, object]:
    if not works.is_public:
        return {"funding_nature_code": "103", "funding_source": "企业自筹"}
    if chance.random() < 0.3:
        return {"funding_nature_code": "102", "funding_source": "国有企业自筹", "state_funding_percent": "100"}
    return {"funding_nature_code": "101", "funding_source": "财政资金", "state_funding_percent": "100"}


class Fault(NamedTuple):
    """Something a reviewer finds: an input or a scan, a reason of the bank, what to do."""

    target: str
    reason: str
    instruction: str


FAULTS = (
    Fault("investment_10k_cny", "differs_from_document", "总投资与批文不一致，请按批文核对后改正。"),
    Fault("approval_document", "incomplete_scan", "批文缺第 2 页，请补扫后重新上传。"),
    Fault("scale", "not_filled", "请按批文写明主要建设内容和规模。"),
    Fault("address", "wrong_format", "项目地点请写明四至。"),
    Fault("approved_on", "wrong_date", "批复日期应为批文的落款日期，请改正。"),
    Fault("approval_document", "illegible_scan", "批文印章处看不清，请重新扫描。"),
    Fault("planned_finish_on", "wrong_date", "计划竣工日期与批文工期不符，请改正。"),
    Fault("approval_authority", "wrong_format", "批复机关请写全称，与批文落款一致。"),
)


def with_faults(values: Mapping[str, object], faults: list[Fault]) -> dict[str, object]:
    """The form as it was first handed in: valid, but wrong in these lines."""
    wrong = dict(values)
    for fault in faults:
        right = values.get(fault.target)
        if isinstance(right, Decimal):
            wrong[fault.target] = (right * Decimal("1.1")).quantize(Decimal("0.01"))
        elif isinstance(right, date):
            wrong[fault.target] = right + 3 * DAY
        elif isinstance(right, str):
            wrong[fault.target] = right[: len(right) // 2]
    return wrong
