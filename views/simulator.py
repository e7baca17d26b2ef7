"""短信模拟, 省厅模拟 and 市审批模拟: what phones and other systems would get. Only the demo profile has these pages."""

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
NO_CITY = N_("没有设置市审批系统接口（YHT_MUNICIPAL_URL），报送留在待报送队列里。")
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


class ReceiverView(TrustedBaseView):
    """A simulated receiver of pushes, for staff; administrators tell it how to behave."""

    default_view = "index"
    class_permission_name = "simulator"
    method_permission_name = {"index": "list"}
    setting: str  # its address
    word: str
    note: str  # that nothing here is real
    unset: str

    @expose("/")
    @has_access
    def index(self) -> Any:
        state, trouble = self._state()
        return self.render_template(
            "pages/receiver_simulator.html", title=_(self.word), note=_(self.note), state=state, trouble=trouble,
            modes=MODES, codes=CODES, may_set=may(current_actor().roles, "simulator", "set"),
            mode_url=f"{self.route_base}/mode",
        )  # fmt: skip

    @expose("/mode", methods=["POST"])
    @has_access
    @permission_name("set")
    def mode(self) -> Any:
        """Set how it behaves; what makes no sense is refused by the box itself."""
        seconds = request.form.get("seconds", "")
        wanted = {"mode": request.form.get("mode", ""), "code": request.form.get("code", CODES[0])}
        wanted |= {"seconds": int(seconds)} if seconds.isdecimal() else {}  # type: ignore[dict-item]
        try:
            province_box.set_mode(settings(), self._url(), wanted)
            flash(_("已设定。"), "success")
        except DeliveryFailed:
            flash(_("没有设定：请检查所选内容，或模拟器没有运行。"), "danger")
        return redirect(f"{self.route_base}/")

    def _url(self) -> str:
        return str(getattr(settings(), self.setting))

    def _state(self) -> tuple[dict[str, Any] | None, str]:
        """What it has got, or why there is nothing to show."""
        url = self._url()
        found, trouble = _told(url, self.unset, lambda: province_box.fetch_register(settings(), url))
        if found is None:
            return None, trouble
        return {**found, "deliveries": [_delivery(one) for one in found["deliveries"] if isinstance(one, dict)]}, ""


class ProvinceSimulatorView(ReceiverView):
    """/simulator/province/."""

    route_base = "/simulator/province"
    setting, word, unset = "province_url", N_("省厅模拟"), NO_PROVINCE
    note = N_("这是模拟：演示环境不向真的省厅报送。它保存收到的内容，也可以让它出错，看系统怎样应对。")


class MunicipalSimulatorView(ReceiverView):
    """/simulator/municipal/."""

    route_base = "/simulator/municipal"
    setting, word, unset = "municipal_url", N_("市审批模拟"), NO_CITY
    note = N_("这是模拟：演示环境不向真的市审批系统报送。项目先到，单体随后；也可以让它出错，看系统怎样应对。")


def _delivery(one: dict[str, Any]) -> dict[str, Any]:
    """One row that came in: of a project, or of a unit work."""
    row = one.get("row") or {}
    version = version_of(str(one.get("key", "")).partition("/")[0])
    name = row.get("PrjName") or row.get("fxmc") or ""
    return {**one, "at": _local(str(one.get("received_at", ""))), "version": version, "name": name}


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
