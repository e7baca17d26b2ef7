"""The values that an audit event tells, before and after, each named as the input of that object is."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g
from flask_babel import gettext as _

from app.domain import fields, matters
from app.domain.fields.account import STAFF
from app.domain.fields.account_request import RECLAIM, RESET
from app.domain.fields.api_key import API_KEY
from app.domain.fields.mandate import MANDATE
from app.domain.fields.matter import RECORDS
from app.domain.fields.notice import NOTICE_TEXT
from app.domain.rights import VERBS
from app.domain.terms import N_, TERMS, Status
from app.services import reference
from app.services.kept import KEPT
from views.base import db
from views.forms import label_of, region_name
from views.registers.audit_words import roles
from views.words import is_chinese, state

# The inputs that an act on each kind of object takes, in the order in which a name is looked for.
TABLES: Mapping[str, tuple[fields.Table, ...]] = {
    "project": (fields.PROJECT, fields.PROJECT_IMPORT),
    "enterprise": (fields.ENTERPRISE,),
    "organization": (fields.REGISTRATION, fields.RENAME, fields.CONTACT, fields.ORGANIZATION_IMPORT),
    "unit_work": (fields.UNIT_WORK,),
    "mandate": (MANDATE,),
    "matter": tuple(RECORDS.values()),
    "account_request": (RESET, RECLAIM),
    "user": (STAFF,),
    "api_key": (API_KEY,),
    "notice_template": (NOTICE_TEXT,),
    **{kept.table.name: (kept.table,) for kept in KEPT.values()},
}
RULES: Mapping[str, Mapping[str, fields.Field]] = {
    kind: {field.name: field for table in reversed(tables) for field in table} for kind, tables in TABLES.items()
}
ANY: Mapping[str, fields.Field] = {name: field for rules in reversed(RULES.values()) for name, field in rules.items()}
# Values that are no input.
LABELS = {
    "status": N_("状态"), "reason": N_("原因"), "fields": N_("开放修改的内容"), "until": N_("开放到"),
    "restored": N_("恢复原内容的项"), "correction": N_("更正"),
    "items": N_("退回事项"), "number": N_("项目统一编号"), "bureau": N_("机构"), "username": N_("用户名"),
    "roles": N_("角色"), "received_by": N_("领取人"), "agent_name": N_("受委托人"), "agent_mobile": N_("手机"),
    "agent_id_number": N_("证件号"), "agent_id_type": N_("证件类型"), "agency_name": N_("代理机构"),
    "agency_code": N_("代理机构代码"), "valid_from": N_("委托起"), "valid_to": N_("委托止"),
    "signed_on": N_("签署日期"),
    "form": N_("形式"), "stamps": N_("签章"), "slot": N_("扫描件"), "sha256": N_("文件指纹"), "name": N_("名称"),
    "original_name": N_("文件名"), "privacy_notice_version": N_("个人信息处理说明版本"), "year": N_("年份"),
    "days": N_("天数"), "submission": N_("提交"), "sequence": N_("序号"), "comment": N_("意见"), "rows": N_("行数"),
    "basis": N_("收存和核对的材料"), "account_request": N_("账号办理"), "asked_by": N_("提请人"),
    "holder": N_("原办理人"), "assignee": N_("现办理人"), "claims_ended": N_("结束的认领数"),
    "delivery": N_("一次性密码的交付"), "successor": N_("认领单位"), "note": N_("拒绝的原因"),
    "matter": N_("事项"), "matters": N_("经办的事项"), "inner_number": N_("原系统编号"),
    "received": N_("已收材料数"), "prefix": N_("密钥前缀"), "length": N_("字数"), "code": N_("编码"),
    "key": N_("报送标识"), "attempts": N_("尝试次数"), "delivered_at": N_("对方接收"), "system": N_("报送对象"),
    "missing": N_("对方缺少的编号数"), "unknown": N_("对方多出的编号数"), "failed": N_("没有比成"),
    "act": N_("操作"), "pending_act": N_("待复核事项"), "asked_by_name": N_("提请人姓名"),
    "mandate": N_("法人授权委托书"), "results": N_("核验结果"), "scan": N_("扫描件"), "repeats": N_("重复的编号"),
    "event": N_("通知"), "text": N_("内容"), "snapshots": N_("提交内容的指纹"), "flags": N_("说明"),
    "file": N_("文件指纹"), "stored": N_("已保存"), "only_good": N_("仅导入无误的行"), "sessions": N_("结束的登录数"),
    "scopes": N_("权限范围"), "kind": N_("类型"), "list": N_("列表"), "columns": N_("列"), "conditions": N_("条件"),
    "id": N_("编号"),
}  # fmt: skip
OTHER = N_("其他内容")
OF_ACTS = frozenset({"act"})
OF_FIELDS = frozenset({"fields", "items", "changed"})
MOST = 300  # characters of one value


def sides(kind: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Label, value before and value after, of everything that either side tells of an object of this kind."""
    old, new = _plain(before), _plain(after)
    return [(label(kind, name), value(kind, name, old.get(name)), value(kind, name, new.get(name)))
            for name in dict.fromkeys([*old, *new])]  # fmt: skip


def _plain(values: Any) -> Mapping[str, Any]:
    return values if isinstance(values, Mapping) else {}


def label(kind: str, name: str) -> str:
    """The word of a value: of that object's input, of a scan, of a day, or what the trail itself calls it."""
    rule = RULES.get(kind, {}).get(name)
    if rule is not None:
        return _(rule.label)
    if name in LABELS:
        return _(LABELS[name])
    if name in ANY:
        return _(ANY[name].label)
    if name in _scans():
        return _scans()[name]
    if name.isdecimal():
        return _("%(thing)s %(key)s 号", thing=_("扫描件"), key=name)
    return name if name[:4].isdecimal() else _(OTHER)


def _scans() -> dict[str, str]:
    """The word of every scan that is or was asked for, by its slot."""
    if "scan_words" not in g:
        english = not is_chinese()
        found = reference.tables(db()).documents
        g.scan_words = {each.slot: each.label_en if english else each.label_zh for each in found}
    words: dict[str, str] = g.scan_words
    return words


def value(kind: str, name: str, kept: Any) -> str:
    """A value of the trail in words; personal ones were masked when they were written."""
    if kept is None or kept == "":
        return ""
    if isinstance(kept, bool):
        return _("是") if kept else _("否")
    if isinstance(kept, Mapping):
        parts = (f"{label(kind, str(key))}{_('：')}{value(kind, str(key), part)}" for key, part in kept.items())
        return _("；").join(parts)[:MOST]
    if isinstance(kept, list):
        return _("、").join(_listed(kind, name, kept))[:MOST]
    return _word(kind, name, str(kept))[:MOST]


def _listed(kind: str, name: str, kept: Iterable[Any]) -> list[str]:
    if name in OF_FIELDS:
        return [label(kind, str(entry)) for entry in kept]
    if name == "roles":
        return [roles(str(entry)) for entry in kept]
    return [value(kind, name, entry) for entry in kept]


def _word(kind: str, name: str, kept: str) -> str:
    if name == "status":
        return _status(kind, kept)
    if name in OF_ACTS and (kept in TERMS or kept in VERBS):
        return _(TERMS.get(kept) or VERBS[kept])
    if name == "matter" and kept in matters.KINDS:
        return _(matters.KINDS[matters.Matter(kept)].word)
    rule = RULES.get(kind, {}).get(name) or ANY.get(name)
    return _coded(rule, kept) if rule is not None else _(TERMS.get(kept, kept))


def _status(kind: str, kept: str) -> str:
    if kind == "matter" and kept in set(matters.MatterStatus):
        return _(matters.STATUS_WORDS[matters.MatterStatus(kept)])
    return state(TERMS[kept]) if kept in set(Status) else kept


def _coded(rule: fields.Field, kept: str) -> str:
    if rule.choices:
        return _(dict(rule.choices).get(kept, kept))
    if rule.kind == fields.FieldKind.CODE:
        return label_of(rule.dictionary or rule.name, kept)
    if rule.kind in (fields.FieldKind.REGION, fields.FieldKind.DIVISION):
        return region_name(kept)
    return kept
