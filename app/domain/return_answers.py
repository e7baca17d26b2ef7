"""What to do about each reason for which a record comes back (退回原因), for the applicants' help."""

from collections.abc import Mapping

from app.domain.terms import N_

OTHERWISE = N_("按退回单上写明的要求修改；不明白的请打退回单上的咨询电话。")
ANSWERS: Mapping[str, str] = {
    "not_filled": N_("打开「逐项修改」，补填标出的内容。确实没有的，按提示写明。"),
    "wrong_format": N_("按输入框下面的格式重新填写；粘贴的内容注意全角字符和空格。"),
    "differs_from_document": N_("对照批文或证照逐字核对；批文本身有误的，先请批复机关更正。"),
    "wrong_classification": N_("按批文写明的建设内容重新选择；拿不准的先电话咨询受理机构。"),
    "wrong_region": N_("选择项目所在地的区县；属地改了，受理机构随之改变。"),
    "wrong_figure": N_("金额以万元、面积以平方米填写，与批文一致；注意小数点。"),
    "wrong_date": N_("核对批复日期和计划日期；竣工不能早于开工，办理前期手续的可自行编制。"),
    "missing_scan": N_("在「扫描件」一栏上传缺少的材料，只收 PDF。"),
    "illegible_scan": N_("重新扫描，文字和印章要看得清；不要用手机斜拍。"),
    "incomplete_scan": N_("按原件的全部页数重新扫描成一个 PDF 上传。"),
    "wrong_scan": N_("换成该栏要求的材料；换下的文件不再计入。"),
    "expired_document": N_("先向发证或批复机关办理延期或换证，再上传新的文件。"),
    "repeated_approval": N_("同一立项只有一个编号，请用已有的编号办理；确属不同项目的，向受理机构说明。"),
    "original_differs": N_("按原件重新扫描上传，再带原件到窗口；企业证照需先由管理员退回。"),
    "original_missing": N_("带上缺少的原件，由委托书上的经办人再到窗口核验。"),
    "other": OTHERWISE,
}


def answer_to(code: str) -> str:
    """What to do about the reason; a reason that a bureau added of its own is explained on its return sheet."""
    return ANSWERS.get(code, OTHERWISE)
