"""What the counter's tests share: a desk with its project, and how its pages are read."""

import re
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.services import originals
from models.project import Project
from tests.app_fixtures import ConsoleClient
from tests.builders import (
    OTHER_ID_NUMBER,
)

LETTER = {
    "mandate_form": "own_staff",
    "agent_name": "演示经办人丁",
    "agent_id_type": "1",
    "agent_id_number": OTHER_ID_NUMBER,
    "agent_mobile": "13800000000",
    "valid_from": "2026-11-01",
    "valid_to": "2027-04-30",
    "signed_on": "2026-10-30",
    "stamps": ["legal_representative", "unit_seal", "agent"],
}
Form = dict[str, Any]


def marks(session: Session, project: Project, result: str = "match") -> Form:
    return {f"originals-{scan.id}": result for scan in originals.scans_to_check(session, project)}


def page(client: ConsoleClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def blamed(text: str) -> set[str]:
    """Inputs that have a sentence beside them."""
    return set(re.findall(r'<p class="error-text"[^>]*data-error-for="([^"]+)"', text))


def is_ticked(text: str, name: str, value: str) -> bool:
    return bool(re.search(rf'name="{name}" value="{value}" checked', text))


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))
