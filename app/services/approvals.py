"""One 立项, one number: which live number has it, by its document or by its 国家投资项目代码. Asked here alone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.domain.approval import approval_key
from app.domain.errors import Invalid, Problem, say
from app.domain.terms import N_, Status
from models.project import Project

DOCUMENT, CODE = "approval_document_number", "investment_project_code"
INPUTS = (DOCUMENT, "approval_authority", CODE)  # what the keys are made of
LIVE = (Project.number.is_not(None), Project.status != Status.VOIDED)
TAKEN = {
    DOCUMENT: N_("该立项已发号 %(number)s，请核对文号和批复机关。"),
    CODE: N_("该国家投资项目代码已发号 %(number)s，请核对。"),
}


@dataclass(frozen=True)
class Keys:
    """What one 立项 is known by; either may be missing, and what is missing equals nothing."""

    document: str | None  # project.approval_key
    code: str | None  # project.investment_project_code

    @classmethod
    def of(cls, project: Project) -> "Keys":
        """Those of a record as it stands."""
        return cls(project.approval_key, project.investment_project_code)


NOTHING = Keys(None, None)


@dataclass(frozen=True)
class Holder:
    """A live number of the 立项, and by which input it was recognised."""

    number: str
    by: str


def same_approval(document: Any, code: Any) -> ColumnElement[bool]:
    """Projects with either key, as a criterion; NULL equals nothing."""
    return or_(Project.approval_key == document, Project.investment_project_code == code)


def first_number() -> Any:
    """The first live number of a 立项 beside one record, for a statement that binds record, document_key and code."""
    same = same_approval(bindparam("document_key", type_=String), bindparam("code", type_=String))
    other = Project.id != bindparam("record", type_=Integer)
    return select(func.min(Project.number)).where(same, other, *LIVE).scalar_subquery()


def holders(session: Session, keys: Iterable[Keys]) -> dict[tuple[str, str], str]:
    """The live numbers of these 立项 by input and key, in one statement; whether a repeat was allowed or not."""
    asked = list(keys)
    documents, codes = _named(key.document for key in asked), _named(key.code for key in asked)
    if not documents and not codes:
        return {}
    known = or_(Project.approval_key.in_(documents), Project.investment_project_code.in_(codes))
    query = select(Project.approval_key, Project.investment_project_code, Project.number)
    found: dict[tuple[str, str], str] = {}
    for document, code, number in session.execute(query.where(and_(known, *LIVE)).order_by(Project.number.desc())):
        found |= {(name, key): str(number) for name, key in ((DOCUMENT, document), (CODE, code)) if key}
    return found


def holder(numbers: dict[tuple[str, str], str], keys: Keys) -> Holder | None:
    """Which of the live numbers has one of these keys."""
    for name, key in ((DOCUMENT, keys.document), (CODE, keys.code)):
        if key and (name, key) in numbers:
            return Holder(numbers[name, key], name)
    return None


def keep_apart(session: Session, project: Project, after: Mapping[str, object]) -> None:
    """A numbered project must not take another number's 立项 with these values. Raises Invalid at the input."""
    keys = _keys_with(project, after)
    if project.number is None or project.status == Status.VOIDED or keys == Keys.of(project):
        return
    same = same_approval(keys.document, keys.code)
    query = select(Project.approval_key, Project.number).where(same, Project.id != project.id, *LIVE)
    other = session.execute(query.order_by(Project.number).limit(1)).one_or_none()
    if other is not None:
        by = DOCUMENT if other.approval_key is not None and other.approval_key == keys.document else CODE
        raise Invalid([Problem(by, say(TAKEN[by], number=other.number))])


def _keys_with(project: Project, after: Mapping[str, object]) -> Keys:
    document, authority, code = (after.get(name, getattr(project, name)) for name in INPUTS)
    return Keys(approval_key(cast("str | None", document), cast("str | None", authority)), cast("str | None", code))


def _named(keys: Iterable[str | None]) -> Collection[str]:
    return {key for key in keys if key}
