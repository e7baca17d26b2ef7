"""Regions of DOMAIN §4: provinces, Jiangsu's cities, and every code that Wuxi has used since the notice."""

from datetime import date
from typing import NamedTuple

BEFORE_OUR_RECORDS = date(1980, 1, 1)
LIANGXI_AND_XINWU_BEGIN = date(2016, 2, 20)  # 国函〔2015〕184号; the old codes stayed in use until that day
OLD_DISTRICTS_END = date(2016, 2, 19)
JIANGSU = "320000"
WUXI = "320200"


class Place(NamedTuple):
    """A region in its time; aliases are pairs of a system and its code there."""

    code: str
    name: str
    parent: str | None
    valid_from: date = BEFORE_OUR_RECORDS
    valid_to: date | None = None
    successor: str | None = None
    is_local: bool = False
    aliases: tuple[tuple[str, str], ...] = ()


PROVINCES = (
    ("110000", "北京市"),
    ("120000", "天津市"),
    ("130000", "河北省"),
    ("140000", "山西省"),
    ("150000", "内蒙古自治区"),
    ("210000", "辽宁省"),
    ("220000", "吉林省"),
    ("230000", "黑龙江省"),
    ("310000", "上海市"),
    ("320000", "江苏省"),
    ("330000", "浙江省"),
    ("340000", "安徽省"),
    ("350000", "福建省"),
    ("360000", "江西省"),
    ("370000", "山东省"),
    ("410000", "河南省"),
    ("420000", "湖北省"),
    ("430000", "湖南省"),
    ("440000", "广东省"),
    ("450000", "广西壮族自治区"),
    ("460000", "海南省"),
    ("500000", "重庆市"),
    ("510000", "四川省"),
    ("520000", "贵州省"),
    ("530000", "云南省"),
    ("540000", "西藏自治区"),
    ("610000", "陕西省"),
    ("620000", "甘肃省"),
    ("630000", "青海省"),
    ("640000", "宁夏回族自治区"),
    ("650000", "新疆维吾尔自治区"),
    ("710000", "台湾省"),
    ("810000", "香港特别行政区"),
    ("820000", "澳门特别行政区"),
)

CITIES_OF_JIANGSU = (
    ("320100", "南京市"),
    ("320200", "无锡市"),
    ("320300", "徐州市"),
    ("320400", "常州市"),
    ("320500", "苏州市"),
    ("320600", "南通市"),
    ("320700", "连云港市"),
    ("320800", "淮安市"),
    ("320900", "盐城市"),
    ("321000", "扬州市"),
    ("321100", "镇江市"),
    ("321200", "泰州市"),
    ("321300", "宿迁市"),
)

DISTRICTS_OF_WUXI = (
    Place("320202", "崇安区", WUXI, valid_to=OLD_DISTRICTS_END, successor="320213"),
    Place("320203", "南长区", WUXI, valid_to=OLD_DISTRICTS_END, successor="320213"),
    Place("320204", "北塘区", WUXI, valid_to=OLD_DISTRICTS_END, successor="320213"),
    Place("320205", "锡山区", WUXI),
    Place("320206", "惠山区", WUXI),
    Place("320211", "滨湖区", WUXI),
    # The province numbers the two new districts its own way; the city kept the old development zone's code.
    Place("320213", "梁溪区", WUXI, LIANGXI_AND_XINWU_BEGIN, aliases=(("province", "320207"),)),
    Place(
        "320214",
        "新吴区",
        WUXI,
        LIANGXI_AND_XINWU_BEGIN,
        aliases=(("municipal", "320291"), ("province", "320208")),
    ),
    Place("320281", "江阴市", WUXI),
    Place("320282", "宜兴市", WUXI),
    Place("320291", "新区", WUXI, valid_to=OLD_DISTRICTS_END, successor="320214", is_local=True),
)

PLACES: tuple[Place, ...] = (
    *(Place(code, name, None) for code, name in PROVINCES),
    *(Place(code, name, JIANGSU) for code, name in CITIES_OF_JIANGSU),
    *DISTRICTS_OF_WUXI,
)
