"""What an act that needs two people will do, in words: the second person reads it before saying yes."""

from collections.abc import Mapping

from app.domain.terms import N_, Action

EFFECTS: Mapping[Action, tuple[str, ...]] = {
    Action.UNLOCK: (
        N_("开放修改：%(fields)s。"),
        N_("开放到 %(until)s，到期没有修改的自动恢复锁定。"),
        N_("编号 %(number)s 不变；再次审核通过后，向省厅报送更正。"),
        N_("记录转为待修改，短信告知建设单位，改好后须转审核。"),
    ),
    Action.VOID: (
        N_("编号 %(number)s 在编号登记簿中标为作废，留存备查，不再使用。"),
        N_("向省厅报送删除。"),
        N_("记录转为作废，不能再提交；登记查询显示作废；短信告知建设单位。"),
    ),
    Action.ALLOW_DUPLICATE: (
        N_("同一立项已发号 %(repeats)s；审核通过时仍另发一个新号，并按新号报送省厅。"),
        N_("记录仍为待审核，由审核人员审核；现在不告知建设单位。"),
    ),
}
