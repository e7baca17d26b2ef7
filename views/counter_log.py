"""窗口日志: a day at the counter on the screen, and as a paper to be filed."""

from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.domain.clock import local_date
from app.papers.blocks import Items, Paper, Prose, Signatures
from app.security.here import now
from app.services import counter_log
from views.base import current_actor, db
from views.cells import local_time
from views.papers import ISSUER, inline_pdf


def page(day: date) -> dict[str, Any]:
    """What the page of the day shows."""
    return {"day": day, "today": local_date(now()), "lines": _lines(day), "local_time": local_time}


def paper(day: date) -> Any:
    """The day as PDF."""
    with force_locale("zh"):
        lines = _lines(day)
        told = [(f"{local_time(line.at)} {line.clerk}", _told(line)) for line in lines]
        who = current_actor().name
        blocks = [
            Items((_("序"), _("时间和窗口人员"), _("办理内容")), told, _("共 %(n)s 项", n=len(told)))
            if told
            else Prose(_("当日没有办理记录。")),
            Signatures([_("窗口负责人："), _("归档日期：")]),
        ]
        footer = _("%(who)s，%(time)s 由一号通生成", who=who, time=local_time(now()))
        return inline_pdf(Paper(_("窗口日志"), ISSUER, footer, blocks, day.isoformat()), f"{_('窗口日志')}-{day}")


def _lines(day: date) -> list[counter_log.Line]:
    return counter_log.of_day(db(), current_actor(), day)


def _told(line: counter_log.Line) -> str:
    parts = (_(line.what), line.unit, line.subject, _("经办人 %(name)s", name=line.agent) if line.agent else "")
    return "；".join(part for part in parts if part)
