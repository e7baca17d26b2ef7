"""Where a record stands and what is next, in the reader's words; the home page and the record pages share it."""

from typing import Any

from flask_babel import gettext as _

from app.domain import journey
from app.security.actor import current_actor
from app.security.here import time_limits
from app.services.journey import Outlook
from views.words import translate


def steps_in_words(found: tuple[journey.Step, ...]) -> list[dict[str, str]]:
    """The stepper's steps with their notes."""
    return [
        {"label": step.label, "state": step.state, "note": translate(step.note) if step.note else ""} for step in found
    ]


def time_in_words(step: journey.Next) -> str:
    """How long the step may take, in working days of the settings or in words; empty where no clock runs."""
    if not step.limit:
        return _(step.takes) if step.takes else ""
    days = getattr(time_limits(), step.limit)
    if step.limit == "counter":
        return _("到窗口后 %(days)s 个工作日内", days=days)
    return _("%(days)s 个工作日内", days=days)


def hand_in_words(record: Any, outlook: Outlook) -> str:
    """Who has it, in a sentence."""
    is_owner = current_actor().organization_id == record.organization_id
    bureau = record.bureau.name if record.bureau is not None else ""
    return translate(journey.with_whom(outlook.next.hand, is_owner=is_owner, bureau=bureau))
