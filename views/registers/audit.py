"""审计日志: who did what to what, with both sides and its seal; for auditors, read only."""

from collections.abc import Callable
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy.orm import defer, joinedload

from app.domain.identifiers import canonical_login
from app.domain.terms import N_
from app.services import audit, seal
from models.audit import AuditEvent
from models.organization import Organization
from views.base import READ_ONLY, EagerInterface, TrustedModelView, db
from views.cells import label, local_time
from views.lists import ListFilter, between, worded
from views.registers import audit_values
from views.registers import audit_words as words

Criterion = ColumnElement[bool]


def _result(result: str) -> Markup:
    css = "state-approved" if result == "done" else "state-returned"
    return label(css, _(words.RESULTS[result]))


class AuditView(TrustedModelView):
    """The whole trail: an auditor's scope is every bureau."""

    kind = record_kind = "audit"
    route_base = "/audit"
    class_permission_name = "audit"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    datamodel = EagerInterface(
        AuditEvent,
        list_options=(
            joinedload(AuditEvent.organization).load_only(Organization.name),
            defer(AuditEvent.before), defer(AuditEvent.after),
        ),
    )  # fmt: skip
    filter_bar = (
        ListFilter("action", lazy_gettext("操作"), choices=lambda: words.chosen_from(_tags(), words.act)),
        ListFilter("who", lazy_gettext("账号")),
        ListFilter("kind", lazy_gettext("对象"), choices=lambda: words.chosen_from(_kinds(), words.object_word)),
        ListFilter("key", lazy_gettext("对象编号"), "object_id", more=True),
        ListFilter("result", lazy_gettext("结果"), "result", choices=worded(words.RESULTS)),
        *between("", "at", lazy_gettext("日期起"), lazy_gettext("日期止")),
    )
    keyed_columns = frozenset({"object_id", "result"})
    show_template = "registers/audit.html"
    list_title = show_title = lazy_gettext("审计日志")
    base_order = ("at", "desc")
    name_column = "at"
    list_columns = ["at", "actor_name", "actor_roles", "action", "object_type", "organization", "result", "address"]
    show_columns = [*list_columns, "sentence", "request_id"]
    order_columns = ["at"]
    label_columns = {
        "at": lazy_gettext("时间"),
        "actor_name": lazy_gettext("账号"),
        "actor_roles": lazy_gettext("当时角色"),
        "action": lazy_gettext("操作"),
        "object_type": lazy_gettext("对象"),
        "organization": lazy_gettext("建设单位"),
        "result": lazy_gettext("结果"),
        "address": lazy_gettext("网络地址"),
        "sentence": lazy_gettext("原因"),
        "request_id": lazy_gettext("请求编号"),
    }
    column_classes = {"at": "nowrap", "actor_name": "nowrap", "organization": "clip"}
    formatters_columns = {
        "at": local_time,
        "actor_name": lambda name: name if name not in ("", "-") else _("未登录"),
        "actor_roles": words.roles,
        "action": words.act,
        "result": _result,
    }

    def title_of(self, item: AuditEvent) -> str:
        return words.act(item.action)

    def row_status(self, item: AuditEvent) -> str:
        return item.result

    def row_step(self, item: AuditEvent) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def list_scope(self) -> str:
        """How long the chain of seals is: a figure that only grows."""
        return _("已封存 %(count)s 条，封存链由管理命令核对。", count=seal.chain_head(db())[0])

    def narrow(self) -> list[Criterion]:
        return [
            *_told_as(AuditEvent.action, self.asked_word("action"), _tags, words.act),
            *_told_as(AuditEvent.object_type, self.asked_word("kind"), _kinds, words.object_word),
            *_by_person(self.asked_word("who")),
            *_of_some_kind(self.asked_word("key")),
        ]

    def _values(self, items: list[Any]) -> Any:
        for item in items:
            row = {column: getattr(item, column) for column in self.list_columns}
            row["object_type"] = words.thing(item.object_type, item.object_id)
            yield [row[column] for column in self.list_columns]

    def told(self, item: AuditEvent) -> list[tuple[str, str, Any, bool]]:
        """The event's values for its page."""
        return [
            (_("时间"), "at", f"{local_time(item.at)} (UTC+8)", False),
            (_("结果"), "result", _result(item.result), False),
            (_("账号"), "actor_name", self.formatters_columns["actor_name"](item.actor_name), False),
            (_("当时角色"), "actor_roles", words.roles(item.actor_roles), False),
            (_("对象"), "object_type", words.thing(item.object_type, item.object_id), False),
            (_("建设单位"), "organization", item.organization.name if item.organization else None, False),
            (_("网络地址"), "address", item.address, False),
            (_("请求编号"), "request_id", item.request_id, False),
            (_("原因"), "sentence", _(item.sentence) if item.sentence else None, True),
            (_("封存"), "seal", _sealed(item), True),
        ]

    def sides(self, item: AuditEvent) -> list[tuple[str, str, str]]:
        return audit_values.sides(item.object_type, item.before, item.after)


def _tags() -> list[str]:
    return _once("audit_tags", AuditEvent.action)


def _kinds() -> list[str]:
    return _once("audit_kinds", AuditEvent.object_type)


def _once(name: str, column: Any) -> list[str]:
    """What the trail holds, asked once per request."""
    found: list[str] | None = g.get(name)
    return g.setdefault(name, audit.distinct(db(), column)) if found is None else found


def _told_as(
    column: Any, tag: str, held: Callable[[], list[str]], word: Callable[[str], str]
) -> list[ColumnElement[bool]]:
    """All events whose tag reads as the chosen one does: the matrix and the tables name one thing in two ways."""
    return [column.in_(words.alike(tag, held(), word))] if tag else []


def _sealed(item: AuditEvent) -> str:
    if item.seal is None:
        return _("尚未封存，数秒内由系统封存。")
    told = _("第 %(n)s 号封存，%(at)s。", n=item.seal.sequence, at=local_time(item.seal.sealed_at))
    return told + _("注意：这条记录不是由本系统写入的。") if item.seal.is_foreign else told


def _by_person(name: str) -> list[Criterion]:
    """The account as it was then, in the spellings that accounts have."""
    if not name:
        return []
    return [AuditEvent.actor_name.in_({name, name.lower(), canonical_login(name)})]


def _of_some_kind(key: str) -> list[Criterion]:
    """The kinds are named beside a row's key, so that the index on both is used without a chosen kind too."""
    return [AuditEvent.object_type.in_(words.OBJECTS)] if key else []
