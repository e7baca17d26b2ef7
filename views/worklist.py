"""The worklist (待办): what waits for a decision, in the order in which it should be taken up."""

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.domain.clock import local_date
from app.domain.permissions import may, root_may
from app.domain.terms import Action, Kind
from app.security.here import now, time_limits
from app.services import calendar, unit_filings, worklist
from app.services.desk import RESOURCES
from app.services.worklist import Asked, Holder, Task
from views.base import TrustedBaseView, current_actor, db
from views.cells import local_time
from views.interface import as_key
from views.query import check_arguments
from views.words import translate

TABS = ((Holder.ALL, "all"), (Holder.MINE, "mine"), (Holder.NOBODY, "unclaimed"))


class WorklistView(TrustedBaseView):
    """One queue across enterprises and projects."""

    route_base = "/worklist"
    default_view = "list"
    class_permission_name = "worklist"

    @expose("/", methods=["GET"])
    @has_access
    def list(self) -> Any:
        """The queue; its filters stand in the address."""
        check_arguments()
        asked = _asked()
        queue = worklist.queue(db(), current_actor(), asked, now=now())
        self.update_redirect()
        return self.render_template(
            "pages/worklist.html",
            title=_("待办"),
            asked=asked,
            queue=queue,
            tabs=_tabs(queue.counts, asked),
            today=local_date(now()),
            limit=worklist.LIMIT,
            missing_years=_missing_years(),
            filings=_filings(),
            address=_address,
            action_address=_action_address,
            local_time=local_time,
            say=translate,
        )

    @expose("/next", methods=["GET"])
    @has_access
    @permission_name("list")
    def next(self) -> Any:
        """On to the next one that this person may decide; the queue itself after the last one."""
        kind, key = request.args.get("kind", ""), as_key(request.args.get("id", ""))
        tasks = worklist.queue(db(), current_actor(), Asked(), now=now()).tasks
        rest = [task for task in tasks if task.can_decide and (task.kind, task.record_id) != (kind, key)]
        at_hand = next((n for n, task in enumerate(tasks) if (task.kind, task.record_id) == (kind, key)), -1)
        onward = next((task for task in tasks[at_hand + 1 :] if task in rest), rest[0] if rest else None)
        if onward is None:
            flash(_("没有下一件待办了。"), "success")
            return redirect(f"{self.route_base}/")
        return redirect(_address(onward))


def _missing_years() -> "list[int]":
    """For those who keep the calendar: the years whose publication somebody's due date waits for."""
    actor = current_actor()
    if not (may(actor.roles, "calendar", "publish") and root_may(actor.is_root, "calendar", "publish")):
        return []
    return calendar.missing_years(db(), limits=time_limits())


def _filings() -> "list[dict[str, Any]]":
    """Unit works that wait to be looked through: nobody claims them, so they stand by themselves."""
    today, days = local_date(now()), calendar.in_force(db())
    found = []
    for filing in unit_filings.queue(db(), current_actor()):
        due, urgency = worklist.due_words(filing.due_on, today, days)
        found.append({"row": filing, "due": due, "urgency": urgency})
    return found


def _asked() -> Asked:
    """The filters of the address; what is not offered is no filter."""
    holder, kind = request.args.get("holder", ""), request.args.get("kind", "")
    return Asked(
        holder=Holder(holder) if holder in set(Holder) else Holder.ALL,
        kind=Kind(kind) if kind in RESOURCES else None,
        text=request.args.get("q", "").strip()[: worklist.TEXT_LIMIT],
    )


def _tabs(counts: worklist.Counts, asked: Asked) -> "list[dict[str, Any]]":
    words = {Holder.ALL: _("全部待办"), Holder.MINE: _("我的"), Holder.NOBODY: _("未认领")}
    return [
        {"holder": holder, "label": words[holder], "count": getattr(counts, name), "active": holder == asked.holder}
        for holder, name in TABS
    ]


def _address(task: Task) -> str:
    """The review page, or the record for those who may not decide."""
    base = RESOURCES[task.kind]
    page = "approve" if may(current_actor().roles, base, Action.APPROVE) else "show"
    return f"/{base}/{page}/{task.record_id}"


def _action_address(task: Task, action: str) -> str:
    return f"/{RESOURCES[task.kind]}/action/{action}/{task.record_id}"
