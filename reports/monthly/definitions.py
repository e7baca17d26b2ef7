"""What each figure of 登记月报 means: the one list that sheet, screen and documents print. It counts nothing."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.terms import N_
from reports.workbook import Form

DEFINITION_VERSION = "3"  # goes up with every change of meaning; frozen editions name theirs


class Rows(StrEnum):
    """Which projects stand behind a figure."""

    REGISTERED = "registered"
    APPROVED = "approved"
    PENDING = "pending"
    RETURNED = "returned"
    RETURNED_ONCE = "returned_once"
    DECIDED = "decided"
    OVERDUE = "overdue"
    ISSUED = "issued"
    PUSH_DONE = "push_done"
    PUSH_FAILED = "push_failed"


@dataclass(frozen=True)
class Definition:
    """One column: heading, exact meaning, form of its values, and the projects behind it."""

    key: str
    heading: str
    meaning: str
    form: Form = Form.COUNT
    rows: Rows | None = None
    width: int = 9


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "registered",
        N_("登记数"),
        N_("当月第一次提交审核的项目数。撤回、作废的仍计入；从未提交的草稿和补录的历史项目不计。"),
        rows=Rows.REGISTERED,
    ),
    Definition(
        "approved",
        N_("通过数"),
        N_("当月有审核通过决定的项目数，同一项目只计一次；解锁修改后再次通过的也计入。"),
        rows=Rows.APPROVED,
    ),
    Definition(
        "pending",
        N_("在审数"),
        N_(
            "月末（次月一日零时，未完的月份为生成时刻）由受理机构审核、尚未作出决定的项目数。等待建设单位到窗口核验原件、待修改、已撤回和已作废的不计。"
        ),
        rows=Rows.PENDING,
    ),
    Definition(
        "returns",
        N_("退回次数"),
        N_("当月作出的退回决定数，含窗口核验时的退回；一个项目退回两次计两次。"),
        rows=Rows.RETURNED,
    ),
    Definition(
        "return_rate",
        N_("退回率(%)"),
        N_("第一次决定在当月作出的项目中，截至月末至少被退回一次的项目所占的比例；没有这样的项目时留空。"),
        Form.TENTHS,
        Rows.RETURNED_ONCE,
    ),
    Definition(
        "average_days",
        N_("平均审核工作日"),
        N_(
            "当月每个决定（通过或退回）从提交到决定的工作日数的平均值，从提交次日起算，当天决定计零日；"
            "单位补正的时间不计，跨未公布日历年份的不计。"
        ),
        Form.TENTHS,
        Rows.DECIDED,
    ),
    Definition(
        "overdue",
        N_("逾期数"),
        N_(
            "月末在审的项目中，审核期限已过的项目数。等待核验原件和修改的时间不计入期限；年度日历未公布、期限待定的不计。"
        ),
        rows=Rows.OVERDUE,
    ),
    Definition(
        "issued",
        N_("发号数"),
        N_("当月本系统发出的项目统一编号数；以后作废的仍计入，补录的历史编号不计。"),
        rows=Rows.ISSUED,
    ),
    Definition(
        "investment",
        N_("总投资(万元)"),
        N_("当月发号项目的总投资之和，按生成时的登记内容；未填按零计。"),
        Form.MONEY,
        Rows.ISSUED,
        16,
    ),
    Definition(
        "floor_area",
        N_("总面积(㎡)"),
        N_("当月发号项目的总面积之和，按生成时的登记内容；未填按零计。"),
        Form.AREA,
        Rows.ISSUED,
        14,
    ),
    Definition(
        "push_done",
        N_("报省成功"),
        N_("当月有报送第一次被省厅接收的项目数，同一项目只计一次；重新报送不改变所在月份。"),
        rows=Rows.PUSH_DONE,
    ),
    Definition(
        "push_failed",
        N_("报省失败"),
        N_("当月进入报送、到生成时停在失败状态的项目数，同一项目只计一次；此前已被接收或已由后次报送代替的不计。"),
        rows=Rows.PUSH_FAILED,
    ),
    Definition("registered_ytd", N_("本年登记数"), N_("当年一月一日至月末的登记数。")),
    Definition("approved_ytd", N_("本年通过数"), N_("当年一月一日至月末的通过数，同一项目只计一次。")),
    Definition("issued_ytd", N_("本年发号数"), N_("当年一月一日至月末的发号数。")),
    Definition(
        "investment_ytd",
        N_("本年总投资(万元)"),
        N_("当年一月一日至月末发号项目的总投资之和。"),
        Form.MONEY,
        width=17,
    ),
    Definition(
        "registered_yoy",
        N_("登记数同比(%)"),
        N_("当月登记数比去年同月增减的百分比；去年同月为零时留空。"),
        Form.TENTHS,
    ),
    Definition(
        "approved_yoy",
        N_("通过数同比(%)"),
        N_("当月通过数比去年同月增减的百分比；去年同月为零时留空。"),
        Form.TENTHS,
    ),
    Definition(
        "issued_yoy",
        N_("发号数同比(%)"),
        N_("当月发号数比去年同月增减的百分比；去年同月为零时留空。"),
        Form.TENTHS,
    ),
    Definition(
        "investment_yoy",
        N_("总投资同比(%)"),
        N_("当月总投资比去年同月增减的百分比；去年同月为零时留空。"),
        Form.TENTHS,
    ),
)
BY_KEY = {definition.key: definition for definition in DEFINITIONS}

# What holds for all columns.
GENERAL: tuple[str, ...] = (
    N_("时间按北京时间划分：当月一日零时起，到次月一日零时前为止。"),
    N_("范围是本局和下级机构受理的项目；区划、项目分类和立项级别按生成时的登记内容归类。"),
    N_("各数由提交、决定、撤回、作废和发号的记录得出，不随项目今天的状态变化。"),
    N_("小计和合计的比率、平均值由其下各行的项目合并计算，不是各行的平均。"),
)
