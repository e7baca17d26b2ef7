"""What bureaus call the columns of their own lists: headings that an import takes besides those of its template."""

from collections.abc import Mapping

# The template's own words come first; of two columns for one input the first counts and the other is named as not read.
PROJECT_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "project_number": ("项目编号", "统一编号", "项目登记编号", "登记编号", "编号", "项目号", "PrjNum"),
    "numbered_on": ("编号日期", "核发日期", "登记日期", "赋码日期", "发号时间", "编号时间"),
    "org_code": (
        "组织机构代码", "建设单位组织机构代码", "统一社会信用代码", "建设单位统一社会信用代码", "社会信用代码",
        "机构代码", "单位代码", "建设单位机构代码",
    ),
    "name": ("工程名称", "项目名", "名称", "PrjName"),
    "category_code": ("项目类别", "分类", "工程分类", "工程类别", "项目类型"),
    "construction_nature_code": ("建设类型", "工程性质"),
    "use_code": ("用途", "项目用途", "工程用途分类"),
    "investment_project_code": ("投资项目代码", "项目代码", "国家代码", "行政审批编号"),
    "is_major": ("重点项目", "是否重点"),
    "contact_name": ("联系人", "经办人姓名", "联系人姓名", "项目联系人"),
    "contact_mobile": (
        "联系电话", "联系人电话", "联系人手机", "手机", "手机号", "手机号码", "经办人电话", "电话", "联系方式",
    ),
    "email": ("电子邮箱", "电子邮件", "邮件", "Email"),
    "region_code": ("属地", "所属地区", "所属区县", "区县", "行政区划", "所在区县", "所在地区", "项目所在地", "区域"),
    "address": ("地点", "项目地址", "建设地点", "建设地址", "工程地点", "地址", "详细地址"),
    "approval_kind": ("立项类型", "审批方式"),
    "approval_level_code": ("批复级别", "审批级别"),
    "approval_document_number": ("批文号", "批准文号", "批复文号", "立项批文号", "立项批复文号", "文号"),
    "approval_authority": ("立项机关", "批复机关", "批复单位", "立项部门", "立项批准机关", "审批机关"),
    "approved_on": ("立项日期", "批复日期", "立项时间", "批复时间", "立项批复时间"),
    "land_permit_number": ("用地规划许可证", "建设用地规划许可证", "用地规划许可证编号", "用地规划许可证号"),
    "planning_permit_number": ("工程规划许可证", "建设工程规划许可证", "工程规划许可证编号", "工程规划许可证号"),
    "investment_10k_cny": ("投资额", "总投资额", "项目总投资", "投资总额", "投资"),
    "funding_nature_code": ("投资性质", "资金性质"),
    "state_funding_percent": ("国有资金出资比例", "国有投资比例"),
    "funding_source": ("资金渠道",),
    "floor_area_m2": ("总建筑面积", "建筑面积", "面积"),
    "length_m": ("长度", "道路长度", "总长"),
    "scale": ("规模", "建设规模及内容", "建设内容"),
    "planned_start_on": ("开工日期", "计划开工", "计划开工时间"),
    "planned_finish_on": ("竣工日期", "计划竣工", "计划竣工时间", "完工日期"),
    "remarks": ("说明", "其他"),
}  # fmt: skip
ORGANIZATION_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "org_code": ("机构代码", "单位代码", "代码", "建设单位代码"),
    "uscc": ("社会信用代码", "信用代码", "统一信用代码"),
    "name": ("建设单位", "建设单位名称", "企业名称", "机构名称", "名称"),
    "unit_kind": ("单位类型", "单位类别", "机构性质", "企业性质"),
    "contact_name": ("联系人姓名", "经办人", "经办人姓名"),
    "contact_mobile": ("联系电话", "手机号", "手机号码", "联系人手机", "联系人电话", "移动电话", "联系方式"),
    "contact_phone": ("电话", "座机", "办公电话", "固话"),
    "email": ("电子邮箱", "电子邮件", "邮件", "Email"),
}
