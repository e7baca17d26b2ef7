"""A numbered project as other systems read it: what was last approved, never what is being changed; nobody's person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.api import told_of_project
from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.scope import criteria
from app.services import approved, lookup, matters
from app.services.journey import push_of
from models.matter import ProjectMatter
from models.project import Project


@dataclass(frozen=True)
class Published:
    """The project with the version that was approved; `version` is None for an imported number."""

    project: Project
    version: int | None
    fields: dict[str, Any]
    public: lookup.Found  # what the public look-up says of the number
    province: str  # where its last push stands, empty when there was none
    matters: list[ProjectMatter]


def by_number(session: Session, actor: Actor, text: str) -> Published:
    """Raises NotFound for a number that was never given, or that is out of this actor's reach."""
    project = find(session, actor, text)
    version = approved.last_approved(session, project)
    public = lookup.by_number(session, str(project.number))
    assert public is not None
    given = approved.told(session, project)
    return Published(
        project=project,
        version=version.sequence if version else None,
        fields={field.name: given.get(field.name) for field in told_of_project()},
        public=public,
        province=push_of(session, project).state,
        matters=list(matters.of_project(session, project)),
    )


def find(session: Session, actor: Actor, text: str) -> Project:
    """The project of a number in any spelling. Raises NotFound."""
    spellings = lookup.spellings(text)
    found = select(Project).where(Project.number.in_(spellings), criteria(actor, Project)).limit(1)
    project: Project | None = session.scalar(found) if spellings else None
    if project is None:
        raise NotFound(Project.__name__)
    return project


def matter_of(session: Session, actor: Actor, text: str, matter: str) -> ProjectMatter:
    """One of its seven, as far as the actor records it. Raises NotFound."""
    project = find(session, actor, text)
    query = select(ProjectMatter).where(ProjectMatter.project_id == project.id, ProjectMatter.matter == matter)
    row: ProjectMatter | None = session.scalar(query.where(criteria(actor, ProjectMatter)))
    if row is None:
        raise NotFound(ProjectMatter.__name__)
    return row
