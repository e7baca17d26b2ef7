"""短信模拟: what phones would get. The application has this page in the demo profile alone."""

from datetime import datetime
from typing import Any

from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.domain.terms import N_
from app.outbox.parcel import DeliveryFailed
from app.outbox.sms import fetch_simulated_messages
from app.security.here import settings
from views.base import TrustedBaseView
from views.cells import local_time
from views.words import translate

NO_GATEWAY = N_("没有设置短信网关（YHT_SMS_URL），短信留在待发队列里。")
SHOWN_DIGITS = 4


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


def _received() -> tuple[list[dict[str, Any]], str]:
    """The texts, newest first, or why there are none to show."""
    if not settings().sms_url:
        return [], _(NO_GATEWAY)
    try:
        found = fetch_simulated_messages(settings())
    except DeliveryFailed as failure:
        return [], translate(failure.sentence)
    return [_shown(message) for message in found if isinstance(message, dict)], ""


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
