"""短信通知: what was sent to whom about what, and whether it arrived; never a code, never a whole number."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import defer, joinedload

from app.domain.notices import COVERED, NOTICES, OCCASIONS, SECRETS, has_code
from app.domain.terms import N_
from app.outbox.parcel import Channel
from app.services.notify import wording
from models.enterprise import Enterprise
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project
from models.types import DecryptionError, mask_mobile
from views.base import READ_ONLY, EagerInterface, TrustedModelView, db
from views.cells import label, local_time
from views.interface import as_key
from views.lists import ListFilter, between, worded
from views.sent_words import reworded

STATES = {
    "queued": N_("待发送"), "sending": N_("发送中"), "delivered": N_("已送达"), "failed": N_("失败"),
    "expired": N_("已过期"), "superseded": N_("已被代替"),
}  # fmt: skip
OTHER = N_("其他")
LABELS = {"delivered": "state-approved", "failed": "state-returned", "expired": "state-returned"}
DIGITS = re.compile(r"(?<![0-9A-Za-z-])[0-9]{6,8}(?![0-9A-Za-z-])")  # one-time codes; our numbers are longer
PHONES = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])")


def event_word(key: str) -> str:
    """The event in words, from the key that every message carries: sms:<event>:<occurrence>."""
    return _(OCCASIONS.get(_event_of(key), OTHER))


def _event_of(key: str) -> str:
    return ":".join(key.split(":")[1:3])


def _events() -> list[tuple[str, str]]:
    """How the keys of each event's messages begin, and its word."""
    return [(f"{Channel.SMS}:{event}:", _(OCCASIONS[event])) for event, notice in NOTICES.items() if notice.by_sms]


def state_label(status: str) -> Markup:
    """Where the message stands."""
    return label(LABELS.get(status, "state-draft"), _(STATES[status]))


def sent(item: Outbox) -> tuple[str, str]:
    """Text and number as they may be read: codes covered, numbers masked; nothing when the key is gone.

    Of an event that carries a code it is the wording in force, never what was sent: no pattern finds every code.
    """
    try:
        payload = item.payload or {}
    except DecryptionError:
        return _("（内容无法显示）"), ""
    event, text = _event_of(item.dedup_key), str(payload.get("text", ""))
    if has_code(event):
        text = wording(db(), event) % {"name": item.organization.name, **dict.fromkeys(SECRETS, COVERED)}
    text = PHONES.sub(lambda found: mask_mobile(found[0]), text)
    return DIGITS.sub(COVERED, text), mask_mobile(str(payload.get("mobile", "")))


class NoticeView(TrustedModelView):
    """Text messages about organizations in scope."""

    kind = record_kind = "notice"
    route_base = "/notices"
    class_permission_name = "notices"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    datamodel = EagerInterface(
        Outbox,
        list_options=(
            defer(Outbox.payload),
            joinedload(Outbox.organization).load_only(Organization.name),
            joinedload(Outbox.project).load_only(Project.name, Project.version),
            joinedload(Outbox.enterprise).load_only(Enterprise.name, Enterprise.version),
        ),
    )
    filter_bar = (
        ListFilter("event", lazy_gettext("事项"), "dedup_key", "sw", choices=_events),
        ListFilter("status", lazy_gettext("状态"), "status", choices=lambda: worded(STATES)()[:-1]),
        *between("", "created_at", lazy_gettext("日期起"), lazy_gettext("日期止")),
    )
    keyed_columns = frozenset({"status"})
    show_template = "registers/notice.html"
    list_title = show_title = lazy_gettext("短信通知")
    base_order = ("created_at", "desc")
    name_column = "dedup_key"
    list_columns = [
        "created_at", "dedup_key", "organization", "project", "status", "attempts", "delivered_at", "last_error",
    ]  # fmt: skip
    show_columns = list_columns
    order_columns = ["created_at"]
    label_columns = {
        "created_at": lazy_gettext("时间"),
        "dedup_key": lazy_gettext("事项"),
        "organization": lazy_gettext("建设单位"),
        "project": lazy_gettext("项目"),
        "status": lazy_gettext("状态"),
        "attempts": lazy_gettext("尝试次数"),
        "delivered_at": lazy_gettext("送达"),
        "last_error": lazy_gettext("最近一次失败"),
    }
    column_classes = {"created_at": "nowrap", "delivered_at": "nowrap", "organization": "clip", "attempts": "num"}
    formatters_columns = {
        "created_at": local_time,
        "dedup_key": event_word,
        "status": state_label,
        "delivered_at": local_time,
        "last_error": reworded,
    }

    def find(self, pk: object) -> Any:
        """A text message in scope, still closed; what goes to other systems is not a notice."""
        query = db().query(Outbox).options(defer(Outbox.payload))
        query = query.filter(Outbox.id == as_key(pk), Outbox.kind == Channel.SMS)
        return self.datamodel.apply_filters(query, self._base_filters).one_or_none()

    def title_of(self, item: Outbox) -> str:
        return event_word(item.dedup_key)

    def row_status(self, item: Outbox) -> str:
        return item.status

    def row_step(self, item: Outbox) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def narrow(self) -> list[Any]:
        """What goes to other systems is not a notice."""
        return [Outbox.kind == Channel.SMS]

    def told(self, item: Outbox) -> list[tuple[str, str, Any, bool]]:
        """The message for its page: text and number masked."""
        text, mobile = sent(item)
        return [
            (_("时间"), "created_at", local_time(item.created_at), False),
            (_("状态"), "status", state_label(item.status), False),
            (_("接收手机"), "mobile", mobile, False),
            (_("尝试次数"), "attempts", item.attempts, False),
            (_("送达"), "delivered_at", local_time(item.delivered_at), False),
            (_("有效期至"), "expires_at", local_time(item.expires_at), False),
            (_("内容"), "text", text, True),
            (_("最近一次失败"), "last_error", reworded(item.last_error) or None, True),
        ]

    def about(self, item: Outbox) -> list[tuple[str, str]]:
        """Addresses and names of what it was about, as far as this person may open them."""
        organization = [(f"/organizations/show/{item.organization_id}", item.organization.name)]
        records = ((item.project, "projects"), (item.enterprise, "enterprises"))
        return organization + [(f"/{base}/show/{row.id}", row.name) for row, base in records if row is not None]
