"""Nothing is stored with a mark that nobody sees, whichever door it came through."""

from sqlalchemy.orm import Session

from app.domain.fields import to_plain
from app.domain.spelling import is_unseen
from app.services import project
from app.services.snapshot import values_of
from tests import builders
from tests.builders import NOW

HIDDEN = "\u200b{}\ufeff\u00ad\u202d"


def hidden(values: dict[str, object]) -> dict[str, object]:
    """The same with unseen marks before and behind each text, and one between each two characters of it."""
    return {
        name: HIDDEN.format("\u2060".join(value)) if isinstance(value, str) and value.strip() else value
        for name, value in values.items()
    }


def stored(row: object) -> dict[str, str]:
    """All texts of a row, personal ones opened."""
    table = type(row).__table__  # type: ignore[attr-defined]
    found = {column.key: getattr(row, column.key) for column in table.columns}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def test_no_door_stores_an_unseen_mark(session: Session, case: builders.Case) -> None:
    draft = builders.draft_project(session, case.applicant)
    plain = {name: value for name, value in to_plain(values_of(draft)).items() if isinstance(value, str)}
    names = {"name": "演示建设单位", "contact_name": "演示联系人", "contact_mobile": builders.MOBILE}

    project.save(session, case.applicant, draft.id, hidden(plain), version=None, now=NOW)
    organization, _ = builders.registered(session, **hidden(names))

    for row in (draft, organization):
        assert {name for name, value in stored(row).items() if any(map(is_unseen, value))} == set()
    assert {name: to_plain(values_of(draft))[name] for name in plain} == plain
    assert {name: getattr(organization, name) for name in names} == names
