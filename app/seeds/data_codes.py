"""Code tables of DOMAIN §2.2, one per field: code, Chinese, English. They know no database."""

from typing import NamedTuple


class Code(NamedTuple):
    """One line of a code table; the edition is that of the standard which brought it."""

    code: str
    zh: str
    en: str
    edition: str = "2014"


NEW = "2018"  # the edition of 建办市〔2018〕81号

CODES: dict[str, tuple[Code, ...]] = {
    "category_code": (
        Code("01", "房屋建筑工程", "Buildings"),
        Code("02", "市政工程", "Municipal works"),
        Code("99", "其他", "Other"),
    ),
    "approval_level_code": (
        Code("001", "部级", "Ministry"),
        Code("002", "省级", "Province"),
        Code("003", "地市级", "City"),
        Code("004", "区县级", "County or district"),
    ),
    "construction_nature_code": (
        Code("001", "新建", "New construction"),
        Code("002", "改建", "Alteration"),
        Code("003", "扩建", "Extension"),
        Code("004", "恢复", "Restoration"),
        Code("005", "迁建", "Relocation"),
        Code("006", "拆除", "Demolition"),
        Code("099", "其他", "Other"),
    ),
    "structure_code": (
        Code("001", "砖混结构", "Brick and concrete"),
        Code("002", "底框结构", "Ground-floor frame"),
        Code("003", "框架结构", "Frame"),
        Code("004", "框架－剪力墙结构", "Frame and shear wall"),
        Code("005", "剪力墙结构", "Shear wall"),
        Code("006", "板柱-剪力墙结构", "Slab-column and shear wall"),
        Code("007", "短肢墙剪力墙结构", "Short-pier shear wall"),
        Code("008", "部分框支剪力墙结构", "Partly frame-supported shear wall"),
        Code("009", "框-筒体结构", "Frame and core tube"),
        Code("010", "筒中筒结构", "Tube in tube"),
        Code("011", "异型柱框架结构", "Frame with special-shaped columns"),
        Code("012", "复杂高层结构", "Complex high-rise"),
        Code("013", "混合结构", "Mixed"),
        Code("014", "钢结构", "Steel"),
        Code("015", "排架结构", "Bent frame"),
        Code("016", "木结构", "Timber", NEW),
        Code("099", "其他", "Other"),
    ),
    "id_type": (
        Code("1", "身份证", "Identity card"),
        Code("2", "军官证", "Military officer's card"),
        Code("3", "护照", "Passport"),
        Code("4", "台湾居民身份证", "Identity card of a Taiwan resident"),
        Code("5", "香港永久性居民身份证", "Hong Kong permanent identity card"),
        Code("6", "警官证", "Police officer's card"),
        Code("9", "其他", "Other"),
    ),
    "tender_type": (
        Code("001", "勘察", "Survey"),
        Code("002", "设计", "Design"),
        Code("003", "施工", "Construction"),
        Code("004", "监理", "Supervision"),
        Code("005", "设计施工一体化", "Design and build"),
        Code("006", "工程总承包", "General contracting (EPC)"),
        Code("007", "项目管理", "Project management"),
        Code("010", "全过程工程咨询", "Whole-process consulting", NEW),
        Code("011", "其他", "Other", NEW),
    ),
    "tender_method": (
        Code("001", "公开招标", "Open tender"),
        Code("002", "邀请招标", "Tender by invitation"),
        Code("003", "直接委托", "Direct award"),
        Code("099", "其他", "Other"),
    ),
    "contract_type": (
        Code("100", "勘察", "Survey"),
        Code("200", "设计", "Design"),
        Code("301", "施工总包", "Main construction contract"),
        Code("302", "施工分包", "Construction subcontract"),
        Code("303", "施工劳务", "Construction labour"),
        Code("304", "专业承包", "Specialist contract"),
        Code("400", "监理", "Supervision"),
        Code("500", "设计施工一体化", "Design and build"),
        Code("600", "工程总承包", "General contracting (EPC)"),
        Code("700", "项目管理", "Project management"),
        Code("800", "全过程工程咨询", "Whole-process consulting", NEW),
        Code("900", "其他", "Other", NEW),
    ),
    "funding_nature_code": (
        Code("100", "国内资金", "Domestic funds", NEW),
        Code("101", "政府财政投资", "Government budget", NEW),
        Code("102", "国有企事业单位投资", "State-owned enterprises and institutions", NEW),
        Code("103", "非国有投资", "Non-state investment", NEW),
        Code("200", "国外资金", "Foreign funds", NEW),
    ),
    "data_source": (
        Code("1", "业务办理", "Handled as a matter", NEW),
        Code("2", "信息登记", "Registered", NEW),
        Code("3", "历史业绩补录", "Entered later from history", NEW),
        Code("4", "共享交换", "Shared by another system", NEW),
    ),
    "data_level": (
        Code("A", "省级审核", "Reviewed by the province", NEW),
        Code("B", "市级审核", "Reviewed by the city", NEW),
        Code("C", "县级审核", "Reviewed by the county or district", NEW),
        Code("D", "主体填报未审核", "Entered by the unit, not reviewed", NEW),
    ),
    "currency_code": (
        Code("1", "人民币", "Chinese yuan", NEW),
        Code("2", "美元", "US dollar", NEW),
        Code("3", "日元", "Japanese yen", NEW),
        Code("4", "欧元", "Euro", NEW),
        Code("5", "港币", "Hong Kong dollar", NEW),
    ),
    "enterprise_role": (
        Code("1", "勘察", "Survey"),
        Code("2", "设计", "Design"),
        Code("3", "施工", "Construction"),
        Code("4", "监理", "Supervision"),
        Code("5", "工程总承包", "General contracting (EPC)"),
        Code("6", "质量检测", "Quality testing"),
        Code("99", "其他", "Other"),
    ),
    "seismic_code": (
        Code("001", "不设防", "None"),
        Code("002", "6度", "Degree 6"),
        Code("003", "7度", "Degree 7"),
        Code("004", "8度", "Degree 8"),
        Code("005", "9度", "Degree 9"),
    ),
}
