"""How single values stand in lists and records: states as labels, instants as local time, money with its places."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import g, get_template_attribute
from markupsafe import Markup

from app.domain.clock import SHANGHAI
from views.forms import label_of

_NUMBER = '<span class="prjnum" data-number="%s"><b>%s</b><b>%s</b><b>%s</b><b>%s</b></span>'


def local_time(instant: datetime | None) -> str:
    """Date and minute in Shanghai."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if instant else ""


def local_day(instant: datetime | date | None) -> str:
    """The day in Shanghai."""
    if isinstance(instant, datetime):
        return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d")
    return instant.isoformat() if instant else ""


def told_name(project: Any) -> str:
    """What others are told that the project is called; nothing for a number without one."""
    return project.told_name if project is not None else ""


def money(value: Decimal | None) -> str:
    """万元 with two decimals, as lists show it (DESIGN §4)."""
    return f"{value:,.2f}" if value is not None else ""


def coded(kind: str) -> Any:
    """A formatter that says a code in words."""
    return lambda code: label_of(kind, code) if code else ""


def project_state(status: str) -> Markup:
    """The state label; an approved project has its number, so it reads 已发号."""
    return _label(status, "project", "x" if status == "approved" else None)


def enterprise_state(status: str) -> Markup:
    """The state label of an enterprise record."""
    return _label(status, "enterprise", None)


def label(css: str, words: str) -> Markup:
    """Where something stands, in a word; `css` is the class of its colour and sign."""
    return Markup('<span class="label {}">{}</span>').format(css, words)


def number(digits: str | None) -> Markup | str:
    """The sixteen digits in their four segments; an old number as it is. As the macro prjnum, for many rows."""
    if not digits or len(digits) != 16 or not digits.isdecimal():
        return _macro("prjnum")(digits) if digits else ""
    return Markup(_NUMBER % (digits, digits[:6], digits[6:12], digits[12:14], digits[14:]))  # noqa: S704 - digits only


def _label(status: str, kind: str, digits: str | None) -> Markup:
    """Drawn once per page and state."""
    drawn: dict[tuple[str, str], Markup] = g.setdefault("state_labels", {})
    if (status, kind) not in drawn:
        drawn[status, kind] = Markup(_macro("state_label")(status, kind, digits))  # noqa: S704 - the macro escapes
    return drawn[status, kind]


def _macro(name: str) -> Any:
    return get_template_attribute("console/components.html", name)
