"""单体 xm_gcdjb_dtxm as the city took it from 2014 to 2017 (W17 §3.4; DOMAIN §2.4), one row per unit work.

The name of the table, PrjNum and fxbm have a source; the other column names are ours, in the manner of fxbm.
"""

from app.domain.exchange.column import Column
from app.domain.terms import N_

UNIT_TABLE = "xm_gcdjb_dtxm"

XM_GCDJB_DTXM: tuple[Column, ...] = (
    Column("PrjNum", N_("项目编号"), "number", True, 20, is_fact=True),
    Column("fxbm", N_("单项编码"), "code", True, 25, is_fact=True),
    Column("fxnbbm", N_("单项内部编号"), "inner_number", True, 50, is_fact=True),
    Column("fxmc", N_("单项名称"), "name", True, 200),
    Column("fxfl", N_("单项项目分类"), "category_code", width=2, dictionary="category_code"),
    Column("fxtz", N_("单项投资"), "investment_10k_cny"),
    Column("fxmj", N_("单项建筑面积"), "size", is_fact=True),  # ㎡; of a road its length in metres
    Column("jsgm", N_("建设规模"), "scale", width=500),
    Column("jglx", N_("结构类型"), "structure_code", width=3, dictionary="structure_code"),
    Column("gcyt", N_("工程用途"), "use_code", width=3, dictionary="use_code"),
    Column("dscs", N_("地上层数"), "floors_above"),
    Column("dxcs", N_("地下层数"), "floors_below"),
    Column("gd", N_("高度"), "height_m"),
    Column("kd", N_("跨度"), "span_m"),
    Column("jhkgrq", N_("计划开工日期"), "planned_start_on", is_date=True),
    Column("jhjgrq", N_("计划竣工日期"), "planned_finish_on", is_date=True),
    Column("UpdateFlag", N_("数据更新标识"), "update_flag", True, 1, is_fact=True),
)
