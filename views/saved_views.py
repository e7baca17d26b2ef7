"""常用视图: saving the conditions of the list at hand under a name, and forgetting them."""

from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.domain.errors import Invalid, Refused
from app.security.here import db, now
from app.services import saved_views
from views.base import TrustedBaseView, current_actor
from views.interface import as_key
from views.lists import ShowsLists
from views.words import translate


class SavedViewView(TrustedBaseView):
    """/saved_views/ has no page of its own: the lists show what is saved."""

    route_base = "/saved_views"
    class_permission_name = "saved_views"

    @expose("/add", methods=["POST"])
    @has_access
    def add(self) -> Any:
        page, conditions = request.form.get("page", ""), request.form.get("conditions", "")
        if page not in self._pages():
            abort(400)
        wanted = saved_views.conditions_of(parse_qsl(conditions[: 2 * saved_views.LONGEST_CONDITIONS]))
        try:
            row = saved_views.save(db(), current_actor(), page, request.form.get("name", ""), wanted, now=now())
            flash(_("已存为常用视图「%(name)s」。", name=row.name), "success")
        except Invalid as invalid:
            flash(" ".join(translate(problem.sentence) for problem in invalid.problems), "danger")
        except Refused as refusal:
            flash(translate(refusal.sentence), "danger")
        return redirect(f"{page}?{wanted}")

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Any:
        page = saved_views.delete(db(), current_actor(), as_key(pk) or 0)
        flash(_("已删除。"), "success")
        return redirect(self.last_at(page))

    def _pages(self) -> set[str]:
        """The addresses of the lists that this person may open."""
        views = (view for view in self.appbuilder.baseviews if isinstance(view, ShowsLists))
        may = self.appbuilder.sm.has_access
        return {f"{view.route_base}/list/" for view in views if may("can_list", view.class_permission_name)}
