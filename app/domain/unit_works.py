"""Unit works (单体): their codes, and their sums beside the project's, which warn and stop nobody (DOMAIN §2.4)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from app.domain.errors import Sentence, say
from app.domain.fields.field import Label
from app.domain.terms import N_

LAST_SEQUENCE = 999
FULL = N_("单体编码已用到 999，请联系系统管理员。")
NONE_YET = N_("还没有单体，请至少添加一个再提交。")
NOT_COMPLETE = N_("单体「%(name)s」还没有填好：%(first)s")
MORE = N_("单体的%(label)s合计 %(sum)s %(unit)s，比项目的 %(total)s %(unit)s 多，请核对。")
LESS = N_("单体的%(label)s合计 %(sum)s %(unit)s，比项目的 %(total)s %(unit)s 少，请核对是否漏填单体。")
# Input, its word, unit and places: what is summed up against the project.
SUMS = (
    ("investment_10k_cny", N_("投资"), N_("万元"), 4),
    ("floor_area_m2", N_("建筑面积"), "㎡", 2),
    ("length_m", N_("长度"), N_("米"), 2),
)


def unit_code(number: str, sequence: int) -> str:
    """单项编码 fxbm: `PrjNum-001`, counted per project from 001 (DOMAIN §1.2)."""
    if not 1 <= sequence <= LAST_SEQUENCE:
        raise ValueError(f"a unit work counts from 1 to {LAST_SEQUENCE}, not {sequence}")
    return f"{number}-{sequence:03}"


def differences(project: Mapping[str, object], units: Iterable[Mapping[str, object]]) -> list[Sentence]:
    """One sentence per sum that is not the project's total; what nobody filled in says nothing."""
    rows = list(units)
    return [
        sentence
        for name, label, unit, places in SUMS
        if (sentence := _difference(project.get(name), [row.get(name) for row in rows], label, unit, places))
    ]


def _difference(total: object, parts: list[object], label: str, unit: str, places: int) -> Sentence | None:
    given = [part for part in parts if isinstance(part, Decimal)]
    if not isinstance(total, Decimal) or not given or total == sum(given):
        return None
    found = sum(given, Decimal(0))
    return say(
        MORE if found > total else LESS, label=Label(label), unit=Label(unit),
        sum=f"{found:.{places}f}", total=f"{total:.{places}f}",
    )  # fmt: skip
