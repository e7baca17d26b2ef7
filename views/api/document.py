"""/api/v1/openapi.json: the document of the interface, for whoever has a key or works here."""

from typing import Any

from flask import jsonify, request
from flask_appbuilder import expose

from app.security.keys import caller
from views.api.door import turn_away
from views.api.openapi import document
from views.base import TrustedBaseView, current_actor


class DocumentView(TrustedBaseView):
    """`/api/v1/openapi.json`."""

    route_base = "/api/v1"
    class_permission_name = "api_document"

    @expose("/openapi.json", methods=["GET"])
    def document(self) -> Any:
        has_key = "Authorization" in request.headers
        if (caller() is None) if has_key else not current_actor().is_staff:
            turn_away()
        return jsonify(document())
