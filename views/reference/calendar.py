"""工作日历: days that differ from the published ones, and the years; first it is shown whose due dates would move."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g, make_response, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField

from app.domain.calendar import NOT_PUBLISHED
from app.domain.clock import local_date
from app.domain.fields.upkeep import CALENDAR_YEAR, DAY_KINDS
from app.domain.terms import N_
from app.security.here import now, time_limits
from app.services import calendar, upkeep
from app.services.due_dates import Move
from app.services.kept import KEPT
from models.calendar import CalendarOverride
from views.base import EagerInterface, current_actor, db
from views.editing import NOT_SAVED, attempt, tell_saved
from views.forms import RuleForm
from views.reference.kept import KeptView

MOST_MOVES = 50  # shown; the count says how many there are
YEAR_FORM = type("YearForm", (RuleForm.of(CALENDAR_YEAR),), {"confirmed": HiddenField()})
YEARS_AHEAD = 2


class NotConfirmed(Exception):
    """Due dates would move and the person has not seen it yet."""

    def __init__(self, moves: list[Move]) -> None:
        super().__init__(len(moves))
        self.moves = moves


class CalendarView(KeptView):
    """/calendar: overrides as a list; every change shows its effect before it is saved."""

    kept = KEPT["calendar"]
    record_kind = "calendar"
    route_base = "/calendar"
    class_permission_name = "calendar"
    exclude_route_methods = frozenset({"download", "action", "action_post"})
    datamodel = EagerInterface(CalendarOverride)
    list_template = "pages/reference/calendar.html"
    add_template = edit_template = "pages/reference/calendar_form.html"
    more_inputs = {"confirmed": HiddenField()}
    list_title = show_title = lazy_gettext("工作日历")
    add_title, edit_title = lazy_gettext("新添日历调整"), lazy_gettext("编辑日历调整")
    base_order = ("day", "desc")
    name_column = "day"
    list_columns = ["day", "is_working_day", "reason"]
    search_columns = ["day", "is_working_day", "reason"]
    order_columns = ["day"]

    def list_filters(self) -> list[dict[str, Any]]:
        kinds = tuple(zip(("y", "n"), (label for _kind, label in DAY_KINDS), strict=True))
        return [
            {"name": "_flt_0_day", "label": N_("日期"), "type": "date"},
            {"name": "_flt_0_is_working_day", "label": N_("这一天"), "choices": kinds},
            {"name": "_flt_2_reason", "label": N_("依据")},
        ]

    def years(self) -> list[dict[str, Any]]:
        """The years around this one, with how many days of each are worked, or 待公布日历."""
        in_force, this_year = calendar.in_force(db()), local_date(now()).year
        years = []
        for year in range(this_year - 1, this_year + YEARS_AHEAD + 1):
            days = in_force.working_days_between(date(year - 1, 12, 31), date(year, 12, 31))
            said = _("%(days)s 个工作日", days=days) if days is not None else _(NOT_PUBLISHED)
            years.append({"year": year, "said": said, "published": days is not None})
        return years

    def may_publish(self) -> bool:
        return bool(self.appbuilder.sm.has_access("can_publish", self.class_permission_name))

    # Days -------------------------------------------------------------------------------------------------

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        try:
            return super().add()
        except NotConfirmed as question:
            return self.draw_add(self._asking(self.add_form.refresh(), question.moves))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Any:
        try:
            return super().edit(pk)
        except NotConfirmed as question:
            return self.draw_edit(self._asking(self.edit_form.refresh(), question.moves), self.scoped(pk))

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Any:
        row = self.scoped(pk)
        moves = self._unseen({row.day: None})
        if not moves:
            return super().delete(pk)
        return self.render_template(
            "pages/reference/calendar_delete.html", title=_("删除日历调整"), view=self, item=row,
            effect=effect(moves),
        )  # fmt: skip

    def create_row(self, values: dict[str, Any]) -> Any:
        self._ask_first(values, None)
        return super().create_row(values)

    def update_row(self, row: Any, values: dict[str, Any], version: int) -> Any:
        self._ask_first(values, row.day)
        return super().update_row(row, values, version)

    def _ask_first(self, values: Mapping[str, Any], former: date | None) -> None:
        """Raise NotConfirmed when the change moves due dates that this form has not shown."""
        day = upkeep.day_of(values, local_date(now()))
        if day is None:  # the service says what is wrong with it
            return
        moves = self._unseen({**({former: None} if former else {}), day[0]: day[1]})
        if moves:
            raise NotConfirmed(moves)

    def _unseen(self, changes: Mapping[date, bool | None], year: int | None = None) -> list[Move]:
        """What would move, unless the form says that just this was shown."""
        moves = calendar.effect_of(db(), changes, year, limits=time_limits())
        return [] if request.form.get("confirmed") == mark_of(moves) else moves

    def _asking(self, form: Any, moves: list[Move]) -> Any:
        """The form again, with what would move above it and the mark that the next post brings back."""
        g.calendar_effect = effect(moves)
        form.confirmed.data = g.calendar_effect["confirmed"]
        return form

    def effect(self) -> dict[str, Any] | None:
        """What is to be confirmed on this page, if anything."""
        return g.get("calendar_effect")

    def form_buttons(self, item: Any) -> list[dict[str, Any]]:
        label = N_("确认保存") if self.effect() else N_("保存")
        return [{"name": "save", "value": "1", "label": label, "css": "btn-primary", "key": "Ctrl S"}]

    # Years ------------------------------------------------------------------------------------------------

    @expose("/publish", methods=["GET", "POST"])
    @has_access
    @permission_name("publish")
    def publish(self) -> Any:
        form = YEAR_FORM()
        form.offer()
        if request.method == "GET":
            wanted = request.args.get("year", "")
            form.year.data = wanted if wanted.isdigit() and len(wanted) == 4 else ""
            return self._year_page(form, 200)
        try:
            count = attempt(form, lambda: self._publish(form.raw()))
        except NotConfirmed as question:
            return self._year_page(self._asking(form, question.moves), 200)
        if count is None:
            return self._year_page(form, NOT_SAVED)
        tell_saved(_("已公布。%(count)s 件待公布日历的办理期限已算出。", count=count))
        return self.to_list()

    def _publish(self, raw: Mapping[str, object]) -> int:
        plan = calendar.plan_of(raw, local_date(now()))
        moves = self._unseen(plan.days, plan.year)
        if moves:
            raise NotConfirmed(moves)
        return calendar.publish_year(
            db(), current_actor(), plan.year, plan.days, plan.reason, now=now(), limits=time_limits()
        )

    def _year_page(self, form: Any, code: int) -> Any:
        page = self.render_template("pages/reference/calendar_year.html", title=_("公布年度日历"), form=form, view=self)
        return make_response(page, code)


def effect(moves: list[Move]) -> dict[str, Any]:
    """The moves as a page shows them."""
    return {"moves": moves[:MOST_MOVES], "move_count": len(moves), "confirmed": mark_of(moves)}


def mark_of(moves: list[Move]) -> str:
    """A mark of exactly these moves, so that a confirmation is of what was shown and of nothing newer."""
    return str(upkeep.fingerprint({f"{move.kind}-{move.record_id}": str(move.after) for move in moves}))
