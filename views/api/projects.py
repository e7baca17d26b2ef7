"""/api/v1/projects: a numbered project as it was last approved, its matters, and what their systems write back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, jsonify
from flask_appbuilder import expose

from app.domain.api import KeyScope, is_matter
from app.domain.clock import SHANGHAI
from app.domain.errors import NotFound
from app.domain.matters import Matter
from app.domain.write_back import read
from app.security.here import now
from app.services import matters, published, write_back
from app.services.published import Published
from models.matter import MatterRecord, ProjectMatter
from views.api.bodies import body
from views.api.door import keyed, known_arguments
from views.base import TrustedApiView, current_actor, db
from views.lookup import state_code

LONGEST = 40  # characters of a number as it is typed


class ProjectApiView(TrustedApiView):
    """`/api/v1/projects/<number>` and its matters."""

    route_base = "/api/v1/projects"
    class_permission_name = "api_projects"

    @expose("/<number>", methods=["GET"])
    @keyed(KeyScope.READ_PROJECTS)
    def show(self, number: str) -> Any:
        known_arguments()
        return jsonify(project_body(published.by_number(db(), current_actor(), number[:LONGEST])))

    @expose("/<number>/matters/<matter>", methods=["GET"])
    @keyed(KeyScope.READ_PROJECTS)
    def matter(self, number: str, matter: str) -> Any:
        known_arguments()
        found = published.find(db(), current_actor(), number[:LONGEST])
        row = _of_project(found, matter)
        return jsonify(matter_body(row, with_records=matters.is_clerk_of(current_actor(), matter)))

    @expose("/<number>/matters/<matter>", methods=["PUT"])
    @keyed(KeyScope.WRITE_MATTERS)
    def write(self, number: str, matter: str) -> Any:
        known_arguments()
        if not is_matter(matter):
            abort(404)
        which = Matter(matter)
        asked = read(which, body())
        outcome = write_back.write(db(), current_actor(), number[:LONGEST], which, asked, now=now())
        row = db().get_one(ProjectMatter, outcome.matter_id)
        return jsonify({**matter_body(row, with_records=True), "changed": outcome.has_changed})


def _of_project(project: Any, matter: str) -> ProjectMatter:
    row = next((one for one in matters.of_project(db(), project) if one.matter == matter), None)
    if row is None:
        raise NotFound(ProjectMatter.__name__)
    return row


def project_body(found: Published) -> Mapping[str, Any]:
    """The project for a program; codes as the data dictionary has them."""
    organization = found.project.organization
    return {
        "number": found.project.number,
        "status": state_code(found.public.status),
        "issued_on": found.public.issued_on.isoformat() if found.public.issued_on else None,
        "version": found.version,
        "builder": {"name": organization.name, "org_code": organization.org_code, "uscc": organization.uscc},
        "province": found.province or None,
        "fields": found.fields,
        "matters": [
            {"matter": row.matter, "status": row.status, "changed_at": instant(row.changed_at)}
            for row in found.matters
        ],
    }  # fmt: skip


def matter_body(row: ProjectMatter, *, with_records: bool) -> dict[str, Any]:
    """One matter; its records only for the systems that handle it, as they name people."""
    return {
        "number": row.project.number,
        "matter": row.matter,
        "status": row.status,
        "words": row.words,
        "changed_at": instant(row.changed_at),
        "version": row.version,
        "records": [_record(record) for record in row.records] if with_records else None,
    }


def _record(record: MatterRecord) -> dict[str, Any]:
    return {
        "number": record.number,
        "inner_number": record.inner_number,
        "recorded_at": instant(record.recorded_at),
        "changed_at": instant(record.changed_at),
        "record": record.entries,
    }


def instant(at: datetime) -> str:
    """An instant as the interface writes it: Shanghai time with its offset, to the second."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
