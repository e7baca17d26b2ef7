"""One value at a time: what is empty, what is taken, and the sentence for what is not."""

import math
from datetime import date, datetime
from decimal import Decimal

import pytest

from app.domain.fields import ENTERPRISE, PROJECT, REGISTRATION, SUBMISSION, UNIT_WORK, clean

TABLES = {table.name: table for table in (REGISTRATION, ENTERPRISE, PROJECT, UNIT_WORK, SUBMISSION)}


def short(value):
    """A test id without surrogates and ten thousand digits."""
    return ascii(value)[1:31] if isinstance(value, str) else type(value).__name__


@pytest.fixture
def read(codes, today):
    """The cleaned value of one field, or its problem's sentence."""

    def _read(table_name, field, raw):
        cleaned = clean(TABLES[table_name], {field: raw}, codes=codes, today=today)
        said = {problem.field: str(problem.sentence) for problem in cleaned.problems}
        return said.get(field, cleaned.values.get(field))

    return _read


@pytest.mark.parametrize(
    "raw", [None, "", " ", "\u3000", "\t\r\n", "无", " 无 ", "无数据", "/", "\u3000/", "／"], ids=ascii
)
@pytest.mark.parametrize("field", ["address", "planned_start_on", "investment_10k_cny", "use_code", "contact_mobile"])
def test_nothing_and_what_stands_for_nothing_are_empty(read, field, raw):
    assert read("project", field, raw) is None


@pytest.mark.parametrize(
    ("table", "field", "raw", "value"),
    [
        ("project", "name", "  演示大道\u3000改造工程 ", "演示大道\u3000改造工程"),
        ("project", "name", "Cafe\u0301 演示楼", "Café 演示楼"),
        ("project", "name", "𠮷林㙟演示·工程", "𠮷林㙟演示·工程"),
        ("project", "name", "<b>演示</b>=1+1", "<b>演示</b>=1+1"),
        ("project", "name", "演示\u200b工程", "演示工程"),
        ("project", "name", "\ufeff演示\u00ad", "演示"),
        ("project", "name", "演示\n工程", "演示 工程"),
        ("project", "name", "\u202d演示\u202c", "演示"),
        ("project", "name", "演示⼯程⻔\u00a0楼", "演示工程门 楼"),
        ("project", "name", "字\u200b" * 200, "字" * 200),
        ("project", "contact_name", "阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("project", "contact_name", "演示\u3000经办人", "演示经办人"),
        ("project", "name", 2026, "2026"),
        ("project", "name", "字" * 200, "字" * 200),
        ("project", "scale", "第一行\r\n第二行\t列", "第一行\n第二行 列"),
        ("project", "category_code", "01", "01"),
        ("project", "region_code", "320281", "320281"),
        ("project", "approval_kind", "filing", "filing"),
        ("project", "planned_start_on", "2026-03-01", date(2026, 3, 1)),
        ("project", "planned_start_on", "2028-02-29", date(2028, 2, 29)),
        ("project", "planned_start_on", date(2026, 3, 1), date(2026, 3, 1)),
        ("project", "planned_start_on", "2026/03/01", date(2026, 3, 1)),
        ("project", "planned_start_on", "2026-3-1", date(2026, 3, 1)),
        ("project", "planned_start_on", "20260301", date(2026, 3, 1)),
        ("project", "planned_start_on", "２０２６．３．１", date(2026, 3, 1)),
        ("project", "planned_start_on", "2026 年 3 月 1 日", date(2026, 3, 1)),
        ("project", "planned_start_on", "2026–03–01", date(2026, 3, 1)),
        ("project", "planned_start_on", "2026-03-01T00:00", date(2026, 3, 1)),
        ("project", "planned_start_on", "2026/3/1 0:00:00", date(2026, 3, 1)),
        ("project", "planned_start_on", datetime(2026, 3, 1, 9, 30), date(2026, 3, 1)),
        ("project", "planned_start_on", "1900-01-01", date(1900, 1, 1)),
        ("project", "planned_start_on", "2100-12-31", date(2100, 12, 31)),
        ("project", "approved_on", "2026-11-23", date(2026, 11, 23)),
        ("project", "investment_10k_cny", "6240.5", Decimal("6240.5000")),
        ("project", "investment_10k_cny", "62,405.5", Decimal("62405.5000")),
        ("project", "investment_10k_cny", "６２４０５。５", Decimal("62405.5000")),
        ("project", "investment_10k_cny", "\u200b62 405\u00a0", Decimal("62405.0000")),
        ("project", "longitude", "－１２０．２８", Decimal("-120.2800000")),
        ("project", "investment_10k_cny", "0.0001", Decimal("0.0001")),
        ("project", "investment_10k_cny", "99999999999.9999", Decimal("99999999999.9999")),
        ("project", "investment_10k_cny", "1.50000", Decimal("1.5000")),
        ("project", "investment_10k_cny", 0.1 + 0.2, Decimal("0.3000")),
        ("project", "investment_10k_cny", 5000, Decimal("5000.0000")),
        ("project", "state_funding_percent", "0", Decimal("0.00")),
        ("project", "state_funding_percent", "-0", Decimal("0.00")),
        ("project", "state_funding_percent", "100", Decimal("100.00")),
        ("project", "longitude", "120.285312", Decimal("120.2853120")),
        ("project", "is_major", "", False),
        ("project", "is_major", "on", True),
        ("project", "is_major", "是", True),
        ("project", "is_major", False, False),
        ("project", "investment_project_code", "2020-320281-47-03-123456", "2020-320281-47-03-123456"),
        ("project", "investment_project_code", "2020－320281－47－03－123456", "2020-320281-47-03-123456"),
        ("project", "investment_project_code", "2020 320281 47 03 123456", "2020-320281-47-03-123456"),
        ("project", "investment_project_code", "20203202814703123456", "2020-320281-47-03-123456"),
        ("project", "email", "name@example.cn", "name@example.cn"),
        ("project", "email", "ｎａｍｅ＠example。cn\u200b", "name@example.cn"),
        ("unit_work", "floors_above", "18", 18),
        ("unit_work", "floors_below", 0, 0),
        ("enterprise", "office_phone", "0510－86071119 转 3", "0510-86071119 转 3"),
        ("enterprise", "office_phone", "0510–86071119", "0510-86071119"),
        ("enterprise", "office_phone", "\u202d0510 一 86071119\u202c", "0510-86071119"),
        ("enterprise", "office_phone", "（0510）86071119", "(0510)86071119"),
        ("enterprise", "website", "www.example.cn", "www.example.cn"),
        ("enterprise", "website", "https://example.cn:8443/a?b=1", "https://example.cn:8443/a?b=1"),
        ("enterprise", "region_code", "110105", "110105"),
        ("enterprise", "postal_code", "214400", "214400"),
        ("enterprise", "postal_code", "２１４４００", "214400"),
        ("enterprise", "postal_code", " 214 400\u200e", "214400"),
        ("enterprise", "legal_representative_id_number", "11010519491231002x", "11010519491231002X"),
        ("registration", "uscc", "9144 0300 7152 6726 xg", "9144030071526726XG"),
    ],
    ids=short,
)  # fmt: skip
def test_value_is_taken(read, table, field, raw, value):
    taken = read(table, field, raw)

    assert taken == value
    assert type(taken) is type(value)
    assert str(taken) == str(value)


@pytest.mark.parametrize(
    ("table", "field", "raw", "says"),
    [
        ("project", "name", "字" * 201, "项目名称最多 200 字，现有 201 字。"),
        ("registration", "name", "江", "单位名称至少 2 字。"),
        ("project", "name", "演示\u202e工程", "看不见的符号（U+202E）"),
        ("project", "name", "演示\x00工程", "看不见的符号（U+0000）"),
        ("project", "name", "演\ue000示", "自造字（U+E000）"),
        ("project", "name", "演\U000f0000示", "自造字（U+F0000）"),
        ("project", "name", "演\ud800示", "无法识别（U+D800）"),
        ("project", "name", "演\ufffd示", "无法识别（U+FFFD）"),
        ("project", "name", "演\uffff示", "无法识别（U+FFFF）"),
        ("project", "scale", "第一行\x07", "看不见的符号（U+0007）"),
        ("project", "name", ["演示"], "请按文字填写"),
        ("project", "name", {"a": 1}, "请按文字填写"),
        ("project", "name", True, "请按文字填写"),
        ("project", "name", 10**5000, "请按文字填写"),
        ("project", "category_code", "03", "项目分类请从列表中选择。"),
        ("project", "category_code", "1", "请从列表中选择"),
        ("project", "category_code", ["01"], "请按文字填写"),
        ("project", "approval_kind", "审批", "立项方式请从列表中选择。"),
        ("project", "region_code", "320202", "现行的区县"),
        ("project", "region_code", "999999", "现行的区县"),
        ("project", "region_code", "320200", "请选到区县"),
        ("project", "planned_start_on", "2016-02-30", "没有 2016-02-30 这一天"),
        ("project", "name", "演示\U000e0100工程", "第 3 个字符是看不见的符号（U+E0100）"),
        ("project", "name", "演示\ufe0f工程", "看不见的符号（U+FE0F）"),
        ("project", "name", "演示😀工程", "第 3 个字符「😀」（U+1F600）无法打印"),
        ("project", "name", "演示ع工程", "无法打印"),
        ("project", "name", "演示\u0378工程", "无法打印"),
        ("project", "planned_start_on", "01/03/2026", "如 2026-03-01"),
        ("project", "planned_start_on", "2026-03-01T16:00:00Z", "如 2026-03-01"),
        ("project", "planned_start_on", "2026-W10-1", "如 2026-03-01"),
        ("project", "planned_start_on", 46000, "如 2026-03-01"),
        ("project", "planned_start_on", "0001-01-01", "1900 至 2100"),
        ("project", "planned_start_on", "9999-12-31", "1900 至 2100"),
        ("project", "planned_start_on", date(1899, 12, 31), "1900 至 2100"),
        ("project", "approved_on", "2026-11-24", "不能晚于今天（2026-11-23）"),
        ("project", "investment_10k_cny", "0", "总投资应大于 0。"),
        ("project", "investment_10k_cny", "-5", "总投资应大于 0。"),
        ("project", "investment_10k_cny", "1.00001", "总投资最多 4 位小数。"),
        ("project", "investment_10k_cny", "100000000000", "整数部分最多 11 位，请确认单位是万元"),
        ("project", "investment_10k_cny", "62,40", "请填写数字"),
        ("project", "investment_10k_cny", "12 5", "请填写数字"),
        ("project", "investment_10k_cny", "NaN", "单位是万元，不用写"),
        ("project", "investment_10k_cny", "Infinity", "请填写数字"),
        ("project", "investment_10k_cny", "1e5", "请填写数字"),
        ("project", "investment_10k_cny", "0x10", "请填写数字"),
        ("project", "investment_10k_cny", "1_000", "请填写数字"),
        ("project", "investment_10k_cny", "٣", "请填写数字"),
        ("project", "investment_10k_cny", "6240万元", "请填写数字"),
        ("project", "investment_10k_cny", "9" * 10_000, "请填写数字"),
        ("project", "investment_10k_cny", math.nan, "请填写数字"),
        ("project", "investment_10k_cny", math.inf, "请填写数字"),
        ("project", "investment_10k_cny", Decimal("sNaN"), "请填写数字"),
        ("project", "investment_10k_cny", Decimal("1e999999999"), "整数部分最多"),
        ("project", "investment_10k_cny", Decimal("1e-999999999"), "最多 4 位小数"),
        ("project", "investment_10k_cny", 10**400, "整数部分最多"),
        ("project", "investment_10k_cny", True, "请填写数字"),
        ("project", "investment_10k_cny", [1], "请填写数字"),
        ("project", "state_funding_percent", "100.01", "国有资金比例不能大于 100。"),
        ("project", "state_funding_percent", "-0.01", "国有资金比例不能小于 0。"),
        ("project", "longitude", "181", "经度不能大于 180。"),
        ("project", "latitude", "120.2853", "纬度不能大于 90。"),
        ("project", "longitude", "120.28531201", "最多 7 位小数"),
        ("project", "floor_area_m2", "0", "总面积应大于 0。"),
        ("project", "is_major", "也许", "请选择是或否"),
        ("project", "investment_project_code", "2020-320281-47-03-12345", "应为 24 位"),
        ("project", "email", "name@example", "邮箱格式不对"),
        ("project", "email", "name@example.cn, b@example.cn", "邮箱格式不对"),
        ("project", "contact_mobile", "19412345678", "号段"),
        ("unit_work", "floors_above", "18.5", "地上层数请填写整数。"),
        ("unit_work", "floors_above", "-1", "不能小于 0"),
        ("enterprise", "region_code", "32028", "6 位区划代码"),
        ("enterprise", "postal_code", "2144000", "6 位数字"),
        ("enterprise", "office_phone", "打电话", "请填写电话号码"),
        ("enterprise", "website", "javascript:alert(1)", "网址格式不对"),
        ("enterprise", "established_on", "2026-11-24", "不能晚于今天"),
        ("registration", "org_code", "71526726x", "「71526726-X」"),
        ("registration", "org_code", "71526726-1", "校验位不符"),
        ("registration", "uscc", "91440300I922038216", "没有字母 I"),
        ("registration", "unit_kind", "企业", "请从列表中选择"),
        ("registration", "privacy_consent", False, "同意后再注册"),
        ("registration", "privacy_consent", "maybe", "请选择是或否"),
        ("submission", "truthfulness_declared", "", "真实性"),
    ],
    ids=short,
)  # fmt: skip
def test_value_is_refused_with_a_sentence(read, table, field, raw, says):
    refused = read(table, field, raw)

    assert isinstance(refused, str)
    assert says in refused


def test_every_declared_submission_passes(read):
    assert read("submission", "truthfulness_declared", "1") is True
