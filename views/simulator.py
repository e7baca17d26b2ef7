"""短信模拟 and 省厅模拟: what phones and the province would get. Only the demo profile has these pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.permissions import may
from app.domain.pushes import version_of
from app.domain.terms import N_
from app.outbox import province_box
from app.outbox.parcel import DeliveryFailed
from app.outbox.sms import fetch_simulated_messages
from app.security.here import settings
from views.base import TrustedBaseView, current_actor
from views.cells import local_time
from views.words import translate

NO_GATEWAY = N_("没有设置短信网关（YHT_SMS_URL），短信留在待发队列里。")
NO_PROVINCE = N_("没有设置省厅接口（YHT_PROVINCE_URL），报送留在待报送队列里。")
SHOWN_DIGITS = 4
Answer = TypeVar("Answer")
MODES = {
    "ok": N_("正常接收"), "slow": N_("慢慢回答"), "fail": N_("维护中（503）"), "refuse": N_("退回"),
    "twice": N_("回答两次"), "drop": N_("收下后断线"), "garbage": N_("答非所问"),
}  # fmt: skip
CODES = ("003", "005", "001", "002")


class SmsSimulatorView(TrustedBaseView):
    """/simulator/sms/, for staff: the texts carry other people's one-time codes."""

    route_base = "/simulator/sms"
    default_view = "index"
    class_permission_name = "simulator"
    method_permission_name = {"index": "list"}

    @expose("/")
    @has_access
    def index(self) -> Any:
        messages, trouble = _received()
        return self.render_template("pages/sms_simulator.html", title=_("短信模拟"), messages=messages, trouble=trouble)


class ProvinceSimulatorView(TrustedBaseView):
    """/simulator/province/, for staff; administrators tell it how to behave."""

    route_base = "/simulator/province"
    default_view = "index"
    class_permission_name = "simulator"
    method_permission_name = {"index": "list"}

    @expose("/")
    @has_access
    def index(self) -> Any:
        state, trouble = _province()
        return self.render_template(
            "pages/province_simulator.html", title=_("省厅模拟"), state=state, trouble=trouble, modes=MODES,
            codes=CODES, may_set=may(current_actor().roles, "simulator", "set"),
        )  # fmt: skip

    @expose("/mode", methods=["POST"])
    @has_access
    @permission_name("set")
    def mode(self) -> Any:
        """Set how it behaves; what makes no sense is refused by the box itself."""
        seconds = request.form.get("seconds", "")
        wanted = {"mode": request.form.get("mode", ""), "code": request.form.get("code", CODES[0])}
        try:
            province_box.set_mode(settings(), wanted | ({"seconds": int(seconds)} if seconds.isdecimal() else {}))
            flash(_("已设定。"), "success")
        except DeliveryFailed:
            flash(_("没有设定：请检查所选内容，或模拟器没有运行。"), "danger")
        return redirect("/simulator/province/")


def _province() -> tuple[dict[str, Any] | None, str]:
    """What it has got, or why there is nothing to show."""
    found, trouble = _told(settings().province_url, NO_PROVINCE, lambda: province_box.fetch_register(settings()))
    if found is None:
        return None, trouble
    deliveries = [
        {**one, "at": _local(str(one.get("received_at", ""))), "version": version_of(str(one.get("key", "")))}
        for one in found["deliveries"]
        if isinstance(one, dict)
    ]
    return {**found, "deliveries": deliveries}, ""


def _received() -> tuple[list[dict[str, Any]], str]:
    """The texts, newest first, or why there are none to show."""
    found, trouble = _told(settings().sms_url, NO_GATEWAY, lambda: fetch_simulated_messages(settings()))
    return [_shown(message) for message in found or () if isinstance(message, dict)], trouble


def _told(url: str, unset: str, fetch: Callable[[], Answer]) -> tuple[Answer | None, str]:
    """What a simulated peer tells, or the sentence why it tells nothing."""
    if not url:
        return None, _(unset)
    try:
        return fetch(), ""
    except DeliveryFailed as failure:
        return None, translate(failure.sentence)


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    mobile = str(message.get("mobile", ""))
    return {
        "at": _local(str(message.get("received_at", ""))),
        "mobile": "*" * max(0, len(mobile) - SHOWN_DIGITS) + mobile[-SHOWN_DIGITS:],
        "text": str(message.get("text", "")),
        "times": message.get("times", 1),
    }


def _local(text: str) -> str:
    try:
        return local_time(datetime.fromisoformat(text))
    except ValueError:
        return text
