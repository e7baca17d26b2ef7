"""项目基本信息 TBProjectInfo as it was in use from 2014 to 2017 (J14, W15, W17; DOMAIN §2.1)."""

from app.domain.exchange.column import Column
from app.domain.terms import N_

PROJECT_TABLE = "TBProjectInfo"

TBPROJECTINFO: tuple[Column, ...] = (
    Column("PrjNum", N_("项目编号"), "number", True, 20, is_fact=True),
    Column("PrjInnerNum", N_("项目内部编号"), "inner_number", True, 50, is_fact=True),
    Column("PrjName", N_("项目名称"), "name", True, 200),
    Column("PrjTypeNum", N_("项目分类"), "category_code", True, 2, dictionary="category_code"),
    Column("BuildCorpName", N_("建设单位名称"), "builder_name", True, 200, is_fact=True),
    Column("BuildCorpCode", N_("建设单位代码"), "builder_code", True, 18, is_fact=True),
    Column("ProvinceNum", N_("省"), "region_code", True, 6, digits=2),
    Column("CityNum", N_("市"), "region_code", True, 6, digits=4),
    Column("CountyNum", N_("区县"), "region_code", True, 6, digits=6),
    Column("PrjApprovalNum", N_("立项文号"), "approval_document_number", width=200),
    Column(
        "PrjApprovalLevelNum", N_("立项级别"), "approval_level_code", width=3, dictionary="approval_level_code"
    ),
    Column("BuldPlanNum", N_("建设用地规划许可证编号"), "land_permit_number", width=100),
    Column("ProjectPlanNum", N_("建设工程规划许可证编号"), "planning_permit_number", width=100),
    Column("AllInvest", N_("总投资"), "investment_10k_cny"),
    Column("AllArea", N_("总面积"), "floor_area_m2"),
    Column("PrjSize", N_("建设规模"), "scale", width=500),
    Column(
        "PrjPropertyNum", N_("建设性质"), "construction_nature_code", True, 3, dictionary="construction_nature_code"
    ),
    Column("PrjFunctionNum", N_("工程用途"), "use_code", True, 3, dictionary="use_code"),
    # O in the table, yet the receiver asks for both (DOMAIN §2.1): ours are the planned ones.
    Column("BDate", N_("计划开工日期"), "planned_start_on", True, is_date=True),
    Column("EDate", N_("计划竣工日期"), "planned_finish_on", True, is_date=True),
    Column("CreateDate", N_("记录登记时间"), "registered_on", True, is_fact=True, is_date=True),
    Column("UpdateFlag", N_("数据更新标识"), "update_flag", True, 1, is_fact=True),
    Column("sbdqbm", N_("上报地区编码"), "region_code", True, 6, digits=4),
)  # fmt: skip
