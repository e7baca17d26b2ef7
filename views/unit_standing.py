"""Where the unit works of a project stand, in words and chips, for every page that shows it."""

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.domain import journey
from app.domain.permissions import may
from app.domain.pushes import STANDINGS
from app.domain.terms import N_, TERMS, Kind, Status
from app.services import unit_filings
from app.services.unit_filings import Standing
from models.project import Project
from views.base import current_actor, db
from views.cells import label
from views.outlooks import time_in_words
from views.sent_words import reworded
from views.words import state, translate

FLOW = {  # where the last push to the municipal flow stands: face and word of its chip
    "queued": ("waiting", N_("待报送市审批系统")),
    "sending": ("waiting", N_("正在报送市审批系统")),
    "delivered": ("received", N_("已进入市审批流程")),
    "failed": ("refused", N_("市审批系统退回")),
    "expired": ("waiting", N_("未送达市审批系统")),
    "waiting": ("waiting", N_("待报送市审批系统")),
    "received": ("received", N_("已进入市审批流程")),
}
NOT_BEGUN = N_("还没有填写。填写并提交后，项目进入市审批流程。")


def state_label(status: str) -> Markup:
    """Where a filing stands."""
    return label(f"state-{status}", state(TERMS[Status(status)]))


def next_of(status: str) -> dict[str, str]:
    """What comes next with the unit works, who has it and how long it may take."""
    step = _next(status)
    is_owner = not current_actor().is_staff
    return {
        "words": _(step.sentence),
        "hand": translate(journey.with_whom(step.hand, is_owner=is_owner)),
        "time": time_in_words(step),
    }


def _next(status: str) -> journey.Next:
    return journey.NEXT[Kind.UNIT_WORK, journey.place_of(Kind.UNIT_WORK, status, journey.Standing())]


def flow_chip(found: Standing | None) -> tuple[Markup | str, str]:
    """Where the municipal flow stands with the project, and why it refused; empty before it was told anything."""
    if found is None or found.push not in FLOW:
        return "", ""
    is_plain = STANDINGS.get(found.push) == found.push_standing
    face, told = FLOW[found.push if is_plain else found.push_standing]
    chip = Markup('<span class="chip push-{}">{}</span>').format(face, _(told))
    return chip, reworded(found.push_error) if face == "refused" else ""


def standing_of(project: Project) -> dict[str, Any] | None:
    """For the project's page: state, the flow's chip, what comes next and the way there."""
    found = unit_filings.standing(db(), project.id)
    edits = may(current_actor().roles, "unit_works", "edit") and project.status == Status.APPROVED
    if found is None and not edits:
        return None
    status = found.status if found else ""
    is_open = edits and status in ("", Status.DRAFT, Status.RETURNED)
    return {
        "status": status or "none",
        "state": state_label(status) if status else "",
        "chip": flow_chip(found)[0],
        "words": _(_next(status).sentence) if status else _(NOT_BEGUN),
        "url": f"/unitworks/edit/{project.id}" if is_open else f"/unitworks/show/{found.filing_id}" if found else "",
        "label": _("单体信息编辑") if is_open else _("查看"),
    }
