"""Inputs of a unit work (单体信息编辑). The sums against the project are not judged here."""

from decimal import Decimal

from app.domain.fields.across import NotBefore, WithinParent
from app.domain.fields.field import ALWAYS, Field, FieldKind, Table
from app.domain.fields.project import (
    AREA_IS_MISSING,
    AREA_IS_NEEDED,
    FINISH_IS_EARLY,
    IS_BUILDING,
    LENGTH_IS_MISSING,
    LENGTH_IS_NEEDED,
    OTHER,
    USE_IS_OUTSIDE,
)
from app.domain.terms import N_

_UNIT, _SIZE, _SCHEDULE = N_("单体"), N_("规模"), N_("计划工期")
_ZERO = Decimal(0)
K = FieldKind  # keeps a field on one line

UNIT_WORK = Table(
    "unit_work",
    draft_required=("name",),
    fields=(
        Field("name", N_("单体名称"), K.TEXT, _UNIT, "wide", ALWAYS, max_length=200),
        Field("category_code", N_("项目分类"), K.CODE, _UNIT, "third", ALWAYS, dictionary="category_code"),
        Field("use_code", N_("工程用途"), K.CODE, _UNIT, "third", ALWAYS, dictionary="use_code"),
        Field(
            "structure_code", N_("结构体系"), K.CODE, _UNIT, "third", IS_BUILDING,
            dictionary="structure_code", help=N_("房屋建筑工程必填"),
        ),
        Field("seismic_code", N_("抗震设防烈度"), K.CODE, _UNIT, "third", dictionary="seismic_code"),
        Field(
            "investment_10k_cny", N_("单体投资"), K.DECIMAL, _SIZE, "third", digits=15, scale=4,
            minimum=_ZERO, unit=N_("万元"),
        ),
        Field(
            "floor_area_m2", N_("建筑面积"), K.DECIMAL, _SIZE, "third", AREA_IS_NEEDED, digits=15, scale=2,
            above=_ZERO, unit="㎡", when_missing=AREA_IS_MISSING,
        ),
        Field(
            "floor_area_above_m2", N_("地上建筑面积"), K.DECIMAL, _SIZE, "third", digits=15, scale=2,
            minimum=_ZERO, unit="㎡",
        ),
        Field(
            "floor_area_below_m2", N_("地下建筑面积"), K.DECIMAL, _SIZE, "third", digits=15, scale=2,
            minimum=_ZERO, unit="㎡",
        ),
        Field(
            "length_m", N_("长度"), K.DECIMAL, _SIZE, "third", LENGTH_IS_NEEDED, digits=15, scale=2,
            above=_ZERO, unit=N_("米"), when_missing=LENGTH_IS_MISSING,
        ),
        Field("floors_above", N_("地上层数"), K.INTEGER, _SIZE, "third", digits=4, minimum=_ZERO),
        Field("floors_below", N_("地下层数"), K.INTEGER, _SIZE, "third", digits=4, minimum=_ZERO),
        Field(
            "height_m", N_("高度"), K.DECIMAL, _SIZE, "third", digits=15, scale=2, minimum=_ZERO,
            unit=N_("米"),
        ),
        Field(
            "span_m", N_("跨度"), K.DECIMAL, _SIZE, "third", digits=15, scale=2, minimum=_ZERO,
            unit=N_("米"),
        ),
        Field("scale", N_("建设规模"), K.LONG_TEXT, _SIZE, "wide", max_length=500),
        Field("planned_start_on", N_("计划开工日期"), K.DATE, _SCHEDULE, "third"),
        Field("planned_finish_on", N_("计划竣工日期"), K.DATE, _SCHEDULE, "third"),
    ),
    checks=(
        WithinParent("use_code", "use_code", "category_code", OTHER, USE_IS_OUTSIDE),
        NotBefore("planned_start_on", "planned_finish_on", FINISH_IS_EARLY),
    ),
)  # fmt: skip
