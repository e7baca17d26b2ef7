"""The first page: the entry for the public, an applicant's matters, the day's work for staff."""

from typing import Any

from flask import redirect
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.domain import journey
from app.domain.clock import local_date
from app.domain.permissions import may
from app.domain.terms import N_, TERMS, Action, Kind, Role, Status
from app.domain.workflow import UNLOCK_LASTS
from app.security.here import now, settings
from app.services import desk, overview, snapshot
from models.types import mask_mobile
from views import badges
from views.base import TrustedBaseView, current_actor, db
from views.cells import local_day, local_time
from views.entry import contacts, entry_facts
from views.outlooks import hand_in_words, steps_in_words
from views.registers.audit_words import act
from views.return_words import item_words

# Where the day's work of staff is done, in the order of the buttons on their first page.
WAYS = (("worklist", N_("待办"), "/worklist/"), ("counter", N_("窗口核验"), "/counter/"))
LINKS = {  # beside the next step: a word, and the record's page or one of ours
    journey.Place.DRAFT: (N_("接着填写"), "edit"),
    journey.Place.READY: (N_("核对并提交"), "show"),
    journey.Place.RETURNED: (N_("逐项修改"), "edit"),
    journey.Place.UNLOCKED: (N_("修改"), "edit"),
    journey.Place.UNLOCK_OVER: (N_("查看"), "show"),
    journey.Place.AT_COUNTER: (N_("窗口核验要带什么"), "/help/#counter"),
    journey.Place.NUMBERED: (N_("我的事项"), "/matters/list/"),
    journey.Place.TO_COLLECT: (N_("领取编号要带什么"), "/help/#counter"),
}


class HomeView(TrustedBaseView):
    """`/`."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        self.update_redirect()
        actor = current_actor()
        if actor.user_id is None:
            return self.render_template("console/home.html", **entry_facts())
        if Role.APPLICANT in actor.roles:
            return self._of_applicant()
        if may(actor.roles, "audit", "list") and not may(actor.roles, "projects", "list"):
            return redirect("/audit/list/")
        return self._of_staff()

    def _of_staff(self) -> Any:
        actor, waiting = current_actor(), badges.of_this_request()
        return self.render_template(
            "pages/home_staff.html",
            title=_("首页"),
            desk=desk.of_staff(db(), actor, now=now()),
            ways=[
                {"label": _(label), "url": page, "count": waiting.get(resource)}
                for resource, label, page in WAYS
                if may(actor.roles, resource, "list")
            ],
            tables=desk.AGES,
            act=act,
            address=_address,
            kind_of=snapshot.kind_of,
            time=local_time,
            url=_url,
        )

    def _of_applicant(self) -> Any:
        seen = overview.of_applicant(db(), current_actor(), now=now())
        return self.render_template("pages/home_applicant.html", title=_("首页"), **of_applicant(seen))


def of_applicant(seen: overview.Overview) -> dict[str, Any]:
    """What the page of an organization's own needs beside what is seen."""
    return {
        "seen": seen,
        "over": UNLOCK_LASTS.sentence,
        "begin": _first_deed(seen),
        "add": _add_project(seen),
        "enterprise_steps": steps_in_words(journey.steps(Kind.ENTERPRISE, Status.DRAFT, journey.Standing())),
        "contacts": contacts(),
        "mobile": mask_mobile(seen.organization.contact_mobile),
        "clock": _clock,
        "day": local_day,
        "time": local_time,
        "hand": lambda standing: hand_in_words(standing.record, standing.outlook),
        "item_words": item_words,
        "kind_of": snapshot.kind_of,
        "link": _link,
        "steps": steps_in_words,
        "url": _url,
    }


def _address(row: desk.Waiting, age: desk.Age | None = None) -> str:
    """The list of what is counted, first due first; empty for ages that no list is narrowed by."""
    base = f"/{desk.RESOURCES[row.kind]}/list/?status={row.status}"
    view = "ProjectView" if row.kind == Kind.PROJECT else "EnterpriseView"
    if row.status == Status.SUBMITTED:
        base += f"&_oc_{view}=due_on&_od_{view}=asc"
    if age is None:
        return base
    first, last = desk.due_between(age, local_date(now()))
    bounds = [f"&due_{side}={day}" for side, day in (("from", first), ("to", last)) if day]
    return base + "".join(bounds) if bounds else ""


def _url(record: snapshot.Record, page: str = "show") -> str:
    base = "/projects" if snapshot.kind_of(record) == Kind.PROJECT else "/enterprises"
    return f"{base}/{page}/{record.id}"


def _link(standing: overview.Standing) -> tuple[str, str] | None:
    """The word and address of the next step."""
    if standing.outlook.place not in LINKS:
        return None
    label, page = LINKS[standing.outlook.place]
    return _(label), page if page.startswith("/") else _url(standing.record, page)


def _first_deed(seen: overview.Overview) -> dict[str, str] | None:
    """The one solid button while nothing is returned: begin the enterprise record, or the first project."""
    if seen.returned:
        return None
    if seen.enterprise is None:
        return {
            "title": _("第一步：登记企业信息"), "text": _(journey.NOT_BEGUN.sentence),
            "label": _("填写企业信息"), "url": "/enterprises/add",
        }  # fmt: skip
    if seen.enterprise.status == Status.VOIDED:
        return {
            "title": _("企业信息已作废"), "text": _(journey.NEXT[Kind.ENTERPRISE, journey.Place.VOIDED].sentence),
            "label": _(TERMS[Action.REOPEN]), "url": "/enterprises/add",
        }  # fmt: skip
    if seen.enterprise.status == Status.APPROVED and not seen.project_count:
        return {
            "title": _("下一步：登记第一个项目"),
            "text": _("还没有项目。企业信息已通过，可以登记第一个项目。"),
            "label": _("新添项目信息"), "url": "/projects/add",
        }  # fmt: skip
    return None


def _add_project(seen: overview.Overview) -> dict[str, Any]:
    """新添项目信息, off with its reason until the enterprise record is approved."""
    is_open = seen.enterprise is not None and seen.enterprise.status == Status.APPROVED
    return {
        "name": "add", "label": N_("新添项目信息"), "url": "/projects/add", "icon": "fa-plus",
        "reason": None if is_open else N_("企业信息通过后才能登记项目。"),
    }  # fmt: skip


def _clock(standing: overview.Standing) -> tuple[str, str]:
    """How long it may take, and the class that says how near its end is."""
    step, record = standing.outlook.next, standing.record
    if step.limit == "counter":
        return _("到窗口后 %(days)s 个工作日内核验", days=settings().counter_days), ""
    if not step.limit:
        return (_(step.takes) if step.takes else ""), ""
    if record.clock_waits:
        return _("等待建设单位到窗口核验原件"), ""
    if record.due_on is None:
        return _("审核期限：待公布日历"), ""
    if record.due_on < local_date(now()):
        return _("审核期限 %(day)s 已过，可电话咨询受理机构", day=record.due_on), "due-over"
    return _("审核期限 %(day)s", day=record.due_on), ""
