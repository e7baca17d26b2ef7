"""The permission matrix in words, for the page that shows who may do what."""

from collections.abc import Iterator
from typing import NamedTuple

from app.domain.permissions import PERMISSIONS, READING, ROOT_ONLY
from app.domain.terms import N_, TERMS, Action, Role

RESOURCES: dict[str, str] = {
    "account_requests": N_("账号办理"),
    "api_keys": N_("接口密钥"),
    "attachments": N_("扫描件"),
    "audit": N_("审计记录"),
    "bureaus": N_("主管部门"),
    "calendar": N_("工作日历"),
    "calls": N_("来电查询"),
    "contacts": N_("联系人"),
    "counter": N_("窗口核验"),
    "dictionaries": N_("数据字典"),
    "enterprises": N_("企业信息"),
    "exports": N_("导出文件"),
    "imports": N_("历史数据导入"),
    "inbox": N_("消息"),
    "mandates": N_("授权委托书"),
    "matter_items": N_("事项材料"),
    "matter_rules": N_("事项设置"),
    "matters": N_("事项"),
    "notice_templates": N_("通知模板"),
    "notices": N_("短信通知"),
    "numbers": N_("编号登记簿"),
    "organizations": N_("建设单位"),
    "pending_acts": N_("待复核"),
    "projects": N_("项目信息"),
    "pushes": N_("报送台账"),
    "regions": N_("行政区划"),
    "reports": N_("统计报表"),
    "required_documents": N_("附件要求"),
    "return_reasons": N_("退回原因"),
    "reviews": N_("审核记录"),
    "roles": N_("角色"),
    "saved_views": N_("常用视图"),
    "simulator": N_("模拟系统"),
    "styleguide": N_("组件与规则"),
    "unit_works": N_("单体信息"),
    "users": N_("用户"),
    "workloads": N_("在办情况"),
    "worklist": N_("待办"),
}
VERBS: dict[str, str] = {
    "list": N_("列表"),
    "show": N_("查看"),
    "add": N_("新添"),
    "edit": N_("编辑"),
    "delete": N_("删除"),
    "remove": N_("移除"),
    "check": N_("核验"),
    "hand_over": TERMS["hand_over"],
    "submit": TERMS[Action.SUBMIT],
    "withdraw": TERMS[Action.WITHDRAW],
    "claim": TERMS[Action.CLAIM],
    "release": TERMS[Action.RELEASE],
    "take_back": TERMS[Action.TAKE_BACK],
    "assign": TERMS[Action.ASSIGN],
    "approve": TERMS[Action.APPROVE],
    "return": TERMS[Action.RETURN],
    "transfer": TERMS[Action.TRANSFER],
    "unlock": TERMS[Action.UNLOCK],
    "void": TERMS[Action.VOID],
    "reopen": TERMS[Action.REOPEN],
    "allow_duplicate": TERMS[Action.ALLOW_DUPLICATE],
    "export": N_("导出"),
    "issue": N_("发布"),
    "publish": N_("公布"),
    "confirm": N_("同意"),
    "refuse": N_("不同意"),
    "rename": N_("更名"),
    "record": N_("登记"),
    "replay": N_("重新报送"),
    "resend": N_("重发短信"),
    "set": N_("设定"),
    "revoke": N_("停用"),
    "note": TERMS["note"],
    "unit_works": N_("单体信息编辑"),
}


class Line(NamedTuple):
    """One resource of a role: its word, the words of what may be done, and of those what only the root bureau does."""

    resource: str
    word: str
    everywhere: tuple[str, ...]
    at_the_root: tuple[str, ...]


def lines_of(role: Role) -> Iterator[Line]:
    """What the role may open, in the order of the matrix."""
    for resource, verbs in PERMISSIONS[role].items():
        order = [verb for verb in VERBS if verb in verbs]
        bound = [verb for verb in order if resource in ROOT_ONLY and verb not in READING]
        everywhere = tuple(VERBS[verb] for verb in order if verb not in bound)
        yield Line(resource, RESOURCES[resource], everywhere, tuple(VERBS[verb] for verb in bound))
