"""/api/v1/changes: what happened since a cursor, in the order in which it was committed."""

import re
from typing import Any

from flask import abort, jsonify
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.domain.api import KeyScope
from app.domain.errors import Refused
from app.services import changes
from views.api.door import keyed, known_arguments
from views.api.projects import instant
from views.base import TrustedApiView, current_actor, db
from views.errors import answer
from views.words import translate

SINCE = "since"
CURSOR = re.compile(r"0|[1-9][0-9]{0,17}")


class ChangesApiView(TrustedApiView):
    """`/api/v1/changes?since=<cursor>`."""

    route_base = "/api/v1"
    class_permission_name = "api_changes"

    @expose("/changes", methods=["GET"])
    @keyed(KeyScope.READ_CHANGES)
    def changes(self) -> Any:
        since = known_arguments(SINCE).get(SINCE, "0")
        if not CURSOR.fullmatch(since):
            abort(answer(400, _("since 应为上一次回答中的 cursor，第一次不写。")))
        try:
            found = changes.since(db(), current_actor(), int(since))
        except Refused as refusal:
            abort(answer(410, translate(refusal.sentence)))
        told = [
            {
                "cursor": str(change.cursor), "at": instant(change.at), "event": change.event,
                "number": change.number, "matter": change.matter,
            }
            for change in found.changes
        ]  # fmt: skip
        return jsonify(changes=told, cursor=str(found.cursor), has_more=found.has_more)
