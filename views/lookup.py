"""登记查询, open to the public: a number tells project, builder and state."""

from typing import Any

from flask import current_app, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.here import address, db, settings
from app.services import lookup
from views.base import TrustedBaseView
from views.cells import local_day
from views.query import check_arguments

LONGEST = 40


class LookupView(TrustedBaseView):
    """`/lookup/?number=`."""

    route_base = "/lookup"
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        check_arguments()
        asked = request.args.get("number", "").strip()[:LONGEST]
        found = None
        if asked:
            current_app.extensions["yht"].counters.spend(settings().lookup_limit, "lookup", address())
            found = lookup.by_number(db(), asked)
        return self.render_template(
            "pages/lookup.html",
            title=_("登记查询"),
            asked=asked,
            found=found,
            issued=local_day(found.issued_at) if found else "",
        )
