"""What each matter's record says (DOMAIN §5): the columns that matter, as inputs of the one rule set."""

from collections.abc import Mapping
from decimal import Decimal

from app.domain.fields.across import Check, CodeIsRight, NotBefore
from app.domain.fields.field import ALWAYS, NEVER, Field, FieldKind, Table
from app.domain.matters import KINDS, Matter
from app.domain.terms import N_

K = FieldKind
_RECORD, _PARTIES = N_("办理结果"), N_("单位和人员")
_ZERO = Decimal(0)
CHOSEN = frozenset({"kind_code", "way_code"})  # from a list, no party's
ENDS_BEFORE = N_("有效期不得早于 %(earlier)s。请核对。")

# 合同类别 and 招标类型, 招标方式 of DOMAIN §2.2, as far as the matters have them.
CONTRACT_KINDS = {
    "100": N_("勘察"), "200": N_("设计"), "301": N_("施工总包"), "302": N_("施工分包"), "303": N_("施工劳务"),
    "400": N_("监理"), "500": N_("设计施工一体化"), "600": N_("工程总承包"), "700": N_("项目管理"),
}  # fmt: skip
TENDER_KINDS = {
    "001": N_("勘察"), "002": N_("设计"), "003": N_("施工"), "004": N_("监理"), "005": N_("设计施工一体化"),
    "006": N_("工程总承包"), "007": N_("项目管理"),
}  # fmt: skip
TENDER_WAYS = (("001", N_("公开招标")), ("002", N_("邀请招标")), ("003", N_("直接委托")), ("099", N_("其他")))


def _text(name: str, label: str, section: str = _PARTIES, *, required: bool = True, **more: object) -> Field:
    given = {"required": ALWAYS} if required else {}
    return Field(name, label, section=section, **{"max_length": 200, **given, **more})  # type: ignore[arg-type]


def _person(name: str, label: str) -> Field:
    return Field(name, label, K.NAME, _PARTIES, "half", ALWAYS, max_length=50)


def _day(name: str, label: str, *, required: bool = True, **more: object) -> Field:
    given = {"required": ALWAYS} if required else {}
    return Field(name, label, K.DATE, _RECORD, "third", **{**given, **more})  # type: ignore[arg-type]


def _amount(name: str, label: str, unit: str, scale: int, *, required: bool = True) -> Field:
    asked = ALWAYS if required else NEVER
    return Field(
        name, label, K.DECIMAL, _RECORD, "third", asked, digits=15, scale=scale, minimum=_ZERO, unit=unit
    )  # fmt: skip


def _code(name: str, label: str, *, required: bool = True) -> Field:
    """组织机构代码 or 统一社会信用代码 of a party; its check characters are judged beside it (`CodeIsRight`)."""
    shape = r"[0-9A-Z]{8}-?[0-9A-Z]|[0-9A-Z]{18}"
    return _text(name, label, required=required, kind=K.SERIAL, max_length=18, pattern=shape,
                 when_wrong=N_("请填写 9 位组织机构代码或 18 位统一社会信用代码，字母大写。"))  # fmt: skip


# The day from which a record holds; nothing holds until a day before it.
BEGINS = (
    "issued_on", "signed_on", "awarded_on", "finished_on", "reported_on", "registered_on",
)  # fmt: skip


def _kind(matter: Matter, words: Mapping[str, str], label: str) -> Field:
    choices = tuple((code, words[code]) for code in KINDS[matter].letters)
    return Field("kind_code", label, K.CHOICE, _RECORD, "third", ALWAYS, choices=choices)


def _table(matter: Matter, *fields: Field) -> Table:
    number = Field(
        "inner_number", KINDS[matter].number_label, K.TEXT, _RECORD, "half", ALWAYS, max_length=50,
        help=N_("原系统中的编号；再次登记同一编号，是更正那一条"),
    )  # fmt: skip
    names = {field.name for field in fields}
    checks: list[Check] = [CodeIsRight(name) for name in names if name.endswith("_code") and name not in CHOSEN]
    checks.sort(key=str)
    if "finishes_on" in names:
        checks.append(NotBefore("starts_on", "finishes_on", N_("竣工日期不能早于开工日期 %(earlier)s。")))
    checks += [NotBefore(name, "valid_until", ENDS_BEFORE) for name in BEGINS if name in names]
    end = _day("valid_until", N_("有效期至"), required=False, help=N_("没有期限的空着"))
    return Table(str(matter), at_once=True, fields=(number, *fields, end), checks=tuple(checks))


def _contract(matter: Matter) -> Table:
    return _table(
        matter,
        _kind(matter, CONTRACT_KINDS, N_("合同类别")),
        _text("contract_number", N_("合同编号"), _RECORD, max_length=100),
        _amount("amount_10k_cny", N_("合同金额"), N_("万元"), 4),
        _day("signed_on", N_("签订日期"), not_future=True),
        _text("awarding_unit", N_("发包单位")),
        _code("awarding_code", N_("发包单位代码")),
        _text("contractor", N_("承包单位")),
        _code("contractor_code", N_("承包单位代码")),
        _person("leader", N_("项目负责人")),
    )


RECORDS: Mapping[Matter, Table] = {
    Matter.SURVEY_DESIGN_CONTRACT: _contract(Matter.SURVEY_DESIGN_CONTRACT),
    Matter.DRAWING_REVIEW: _table(
        Matter.DRAWING_REVIEW,
        _day("finished_on", N_("审查完成日期"), not_future=True),
        Field("passed_at_first", N_("一次审查通过"), K.BOOLEAN, _RECORD, "third"),
        Field("violations", N_("违反强条数"), K.INTEGER, _RECORD, "third", ALWAYS, digits=4, minimum=_ZERO),
        _text("agency", N_("审查机构")),
        _code("agency_code", N_("审查机构代码")),
        _text("surveyor", N_("勘察单位")),
        _text("designer", N_("设计单位")),
    ),
    Matter.TENDER: _table(
        Matter.TENDER,
        _kind(Matter.TENDER, TENDER_KINDS, N_("招标类型")),
        Field("way_code", N_("招标方式"), K.CHOICE, _RECORD, "third", ALWAYS, choices=TENDER_WAYS),
        _day("awarded_on", N_("中标日期"), not_future=True),
        _amount("amount_10k_cny", N_("中标金额"), N_("万元"), 4),
        _amount("floor_area_m2", N_("面积"), "㎡", 2, required=False),
        _text("agency", N_("招标代理机构"), required=False),
        _code("agency_code", N_("招标代理机构代码"), required=False),
        _text("winner", N_("中标单位")),
        _code("winner_code", N_("中标单位代码")),
    ),
    Matter.PROJECT_FILING: _contract(Matter.PROJECT_FILING),
    Matter.SAFETY_SUPERVISION: _table(
        Matter.SAFETY_SUPERVISION,
        _day("reported_on", N_("报监日期"), not_future=True),
        _day("starts_on", N_("开工日期")),
        _day("finishes_on", N_("竣工日期")),
        _amount("cost_10k_cny", N_("工程造价"), N_("万元"), 4),
        _amount("floor_area_m2", N_("面积"), "㎡", 2, required=False),
        _text("agency", N_("监督机构")),
        _text("contractor", N_("总包单位")),
        _code("contractor_code", N_("总包单位代码")),
        _text("safety_licence", N_("安全生产许可证号"), max_length=50),
        _person("constructor", N_("注册建造师")),
        _text("safety_officers", N_("安全员"), help=N_("至少一人，多人用顿号分开")),
    ),
    Matter.QUALITY_SUPERVISION: _table(
        Matter.QUALITY_SUPERVISION,
        _day("registered_on", N_("登记日期"), not_future=True),
        _amount("cost_10k_cny", N_("工程造价"), N_("万元"), 4),
        _amount("floor_area_m2", N_("面积"), "㎡", 2, required=False),
        _amount("length_m", N_("道路长度"), N_("米"), 2, required=False),
        _text("agency", N_("监督机构")),
        _text("contractor", N_("施工单位")),
        _code("contractor_code", N_("施工单位代码")),
        _text("supervisor", N_("监理单位"), required=False),
    ),
    Matter.CONSTRUCTION_PERMIT: _table(
        Matter.CONSTRUCTION_PERMIT,
        _day("issued_on", N_("发证日期"), not_future=True),
        _amount("floor_area_m2", N_("面积"), "㎡", 2, required=False),
        _text("contract_record", N_("合同备案编码"), _RECORD, max_length=50),
        _text("surveyor", N_("勘察单位")),
        _code("surveyor_code", N_("勘察单位代码")),
        _text("designer", N_("设计单位")),
        _code("designer_code", N_("设计单位代码")),
        _text("contractor", N_("施工单位")),
        _code("contractor_code", N_("施工单位代码")),
        _text("supervisor", N_("监理单位")),
        _code("supervisor_code", N_("监理单位代码")),
        _person("project_manager", N_("项目经理")),
        _person("chief_supervisor", N_("总监理工程师")),
    ),
}
