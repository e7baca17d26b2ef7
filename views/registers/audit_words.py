"""The audit trail in words: what was done, to what, by whom in which roles."""

from collections.abc import Callable, Iterable

from flask_babel import gettext as _

from app.domain import tries
from app.domain.rights import VERBS
from app.domain.terms import N_, TERMS, Action, Kind

RECORDS = ("enterprise", "project")
# What was acted on: the tables' own names and, for denials, the resources of the permission matrix.
OBJECTS = {
    "organization": N_("建设单位"), "organizations": N_("建设单位"),
    "enterprise": N_("企业信息"), "enterprises": N_("企业信息"),
    "project": N_("项目登记"), "projects": N_("项目登记"),
    "user": N_("账号"), "users": N_("账号"), "roles": N_("角色"),
    "mandate": N_("法人授权委托书"), "mandates": N_("法人授权委托书"),
    "attachment": N_("扫描件"), "attachments": N_("扫描件"),
    "inbox_message": N_("消息"), "inbox": N_("消息"),
    "calendar_year": N_("日历"), "calendar": N_("日历"), "calendar_override": N_("日历"),
    "review": N_("审核记录"), "reviews": N_("审核记录"),
    "number": N_("编号登记簿"), "numbers": N_("编号登记簿"), "number_register": N_("编号登记簿"),
    "notice": N_("短信通知"), "notices": N_("短信通知"), "outbox": N_("短信通知"),
    "notice_template": N_("通知模板"), "notice_templates": N_("通知模板"),
    "bureau": N_("机构"), "bureaus": N_("机构"), "region": N_("行政区划"), "regions": N_("行政区划"),
    "contact": N_("联系人"), "contacts": N_("联系人"),
    "dictionary_entry": N_("字典"), "dictionaries": N_("字典"),
    "required_document": N_("所需材料"), "required_documents": N_("所需材料"),
    "return_reason": N_("退回原因"), "return_reasons": N_("退回原因"),
    "pending_act": N_("待复核事项"), "pending_acts": N_("待复核事项"),
    "report": N_("报表"), "reports": N_("报表"), "issued_report": N_("报表"),
    "export_job": N_("导出"), "exports": N_("导出"), "imports": N_("导入"), "export": N_("导出"), "import": N_("导入"),
    "audit": N_("审计日志"), "worklist": N_("待办"),
    "workloads": N_("在办情况"), "counter": N_("窗口核验"), "simulator": N_("模拟系统"),
    "matter": N_("事项"), "matters": N_("事项"), "matter_rules": N_("事项设置"), "matter_items": N_("事项材料"),
    "matter_item": N_("事项材料"), "matter_rule": N_("事项设置"),
    "account_request": N_("账号办理"), "account_requests": N_("账号办理"), "calls": N_("来电查询"),
    "api_key": N_("接口密钥"), "api_keys": N_("接口密钥"), "api_projects": N_("接口"), "api_changes": N_("接口"),
    "note": TERMS["note"], "unit_work": N_("单体信息"), "unit_works": N_("单体信息"),
    "push": N_("报送台账"), "pushes": N_("报送台账"), "api_document": N_("接口"),
    "limit": N_("次数限制"), "saved_views": N_("常用视图"), "styleguide": N_("组件与规则"),
}  # fmt: skip
ACTS = {
    **VERBS,
    **{str(action): TERMS[action] for action in Action},
    "hand_in": TERMS["hand_in"], "submit_again": TERMS[Action.SUBMIT], "answer": N_("回应退回事项"),
    "add": N_("新添"), "list": N_("查看列表"), "show": N_("查看"),
    "attach": N_("上传扫描件"), "remove": N_("移除"),
    "check_originals": N_("核验原件"), "hand_over": N_("领取编号"), "read": N_("标为已读"), "publish": N_("发布"),
    "export": N_("导出"), "issue": N_("发布"), "rename": N_("更名"),
    "ask": N_("提请复核"), "withdraw_ask": N_("收回提请"),
    "confirm": N_("复核通过"), "refuse": N_("复核不通过"), "lapse": N_("到期失效"),
    "restore": N_("恢复默认"), "import": N_("导入"),
    "index": N_("查看"), "inspection": N_("核对与打印"), "record": N_("查看"), "mandate": N_("登记授权委托书"),
    "originals": N_("核验原件"), "unlock_form": N_("解锁（人工退回）"), "void_form": N_("作废"),
    "transfer_form": N_("移交"), "take_back_form": N_("收回"), "assign_form": N_("改派"),
    "action": N_("办理"), "action_post": N_("成批办理"),
}  # fmt: skip
WHOLE = {  # acts with a sentence of their own
    "registration:done": N_("注册"),
    "organization:add": N_("代为注册"),
    "organization:edit": N_("修改联系方式"),
    "organization:rename": N_("更名"),
    "account:ask_reset": N_("受理密码重置"),
    "account:ask_reclaim": N_("受理代码认领"),
    "account:ask_rename": N_("提请更名"),
    "account:rename": N_("确认更名"),
    "account:acknowledge": N_("查阅账号业务结果"),
    "account:reset": N_("窗口重置密码"),
    "account:reclaim": N_("代码认领"),
    "account:confirm": N_("确认账号办理"),
    "account:refuse": N_("拒绝账号办理"),
    "account:lapse": N_("账号办理到期失效"),
    "claim:end": N_("认领失效"),
    "call:note": N_("记录来电"),
    "call:resend": N_("重发短信"),
    "call:unlock": N_("解除单位账号锁定"),
    "user:sign_in": N_("登录"),
    "user:sign_out": N_("退出登录"),
    "user:add": N_("新添账号"),
    "user:unlock": N_("解除锁定"),
    "user:end_sessions": N_("结束全部登录"),
    "user:reset_password": N_("重置密码"),
    "password:change": N_("修改密码"),
    "password:send_code": N_("发送验证码"),
    "password:wrong_code": N_("验证码填写错误"),
    "inbox:read": N_("标为已读"),
    "calendar:publish": N_("发布日历"),
    "mandate:add": N_("登记授权委托书"),
    "mandate:revoke": N_("撤销授权委托书"),
    "mandate:warn": N_("提醒委托书到期"),
    "matter:accept": N_("事项受理"),
    "matter:supplement": N_("事项要求补正"),
    "matter:record": N_("事项登记办理结果"),
    "matter:reject": N_("事项不予通过"),
    "matter:close": N_("事项因编号作废而关闭"),
    "unit_work:edit": N_("单体信息保存"),
    "unit_work:remove": N_("单体移除"),
    "unit_work:submit": N_("单体信息提交"),
    "unit_work:approve": N_("单体信息审核通过"),
    "unit_work:return": N_("单体信息退回"),
    "unit_work:unlock": N_("单体信息解锁（人工退回）"),
    "unit_work:void": N_("单体信息作废"),
    "matter:write_back": N_("事项回写"),
    "note:add": N_("写内部备注"),
    "api_key:issue": N_("发给接口密钥"),
    "api_key:revoke": N_("停用接口密钥"),
    "api_key:expires": N_("接口密钥即将到期"),
    "push:replay": N_("重新报送"),
    "push:reconcile": N_("报送对账"),
    **{f"limit:{which}": words for which, words in tries.WORDS.items()},
}
FILES = {"export": N_("导出"), "import": N_("导入")}  # their tags say which list
RECORD, DONE = N_("记录"), N_("办理")  # where an older edition had other tags
RESULTS = {"done": N_("已办"), "refused": N_("已拒绝")}
ROLES = {"system": N_("系统")}


def act(tag: str) -> str:
    """What was done, in words; every tag of ours has its own, one of an older edition is told roughly."""
    if tag in WHOLE:
        return _(WHOLE[tag])
    thing, _colon, done = tag.partition(":")
    if tag == f"{Kind.ENTERPRISE}:{Action.SUBMIT}":
        done = "hand_in"
    if thing in FILES and done.partition(":")[0] in OBJECTS:
        return _("%(thing)s：%(act)s", thing=_(FILES[thing]), act=_(OBJECTS[done.partition(":")[0]]))
    if thing not in RECORDS and done == Action.DELETE and thing in OBJECTS:  # a row of a table has no drafts
        return _("%(thing)s：%(act)s", thing=_(OBJECTS[thing]), act=_("删除"))
    if thing in OBJECTS and done in ACTS:
        return _("%(thing)s：%(act)s", thing=_(OBJECTS[thing]), act=_(ACTS[done]))
    return _("%(thing)s：%(act)s", thing=_(OBJECTS.get(thing, RECORD)), act=_(ACTS.get(done, DONE)))


def object_word(kind: str) -> str:
    """What it was done to."""
    return _(OBJECTS.get(kind, RECORD))


def thing(kind: str, key: int | None) -> str:
    """What it was done to, with its key."""
    word = object_word(kind)
    return _("%(thing)s %(key)s 号", thing=word, key=key) if key is not None else word


def roles(held: str) -> str:
    """The roles of that moment."""
    words = [_(TERMS.get(role) or ROLES.get(role) or role) for role in held.split(",") if role]
    return _("、").join(words) or _("未登录")


def chosen_from(found: Iterable[str], word: Callable[[str], str]) -> list[tuple[str, str]]:
    """Choices of a filter: each word once, named by the first of the tags that are told so."""
    words: dict[str, str] = {}
    for tag in found:
        words.setdefault(word(tag), tag)
    return [(tag, text) for text, tag in words.items()]


def alike(tag: str, found: Iterable[str], word: Callable[[str], str]) -> list[str]:
    """All tags that are told as this one is; nothing for a tag that is not among them."""
    found = list(found)
    return [each for each in found if word(each) == word(tag)] if tag in found else []
