"""How figures of 登记月报 stand on the page: as text with their units' places, as links to their projects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.domain.month import Month
from app.services import report
from models.project import Project
from reports.monthly.compare import Place, Restated
from reports.monthly.definitions import BY_KEY, DEFINITIONS, Definition, Rows
from reports.monthly.figures import Key, Line, Value
from reports.monthly.report import Report
from reports.workbook import Form
from views.forms import label_of, region_name

PLACES = {Form.COUNT: 0, Form.TENTHS: 1, Form.MONEY: 2, Form.AREA: 2}  # lists show money with two (DESIGN §4)
MOST_CHANGES = 60


@dataclass(frozen=True)
class Asked:
    """Which report, and which line of it."""

    month: str
    bureau: str
    edition: str = ""
    region: str = ""
    category: str = ""
    level: str = ""

    @property
    def line(self) -> Key:
        """The line's codes; empty ones stand for all."""
        return self.region, self.category, self.level

    @property
    def back(self) -> str:
        """The report it is about."""
        if self.edition:
            return f"/reports/show/{self.edition}"
        return f"/reports/?{urlencode({'bureau': self.bureau, 'month': self.month})}"


@dataclass(frozen=True)
class Cell:
    """One figure: its text, the address of its projects, and what it would be now if that differs."""

    text: str
    url: str
    was: str  # "old → new", empty where nothing was restated


def drawn(value: Value, form: Form, *, signed: bool = False) -> str:
    """A figure as text; a dash where there is none."""
    if value is None:
        return "—"
    return f"{value:{'+' if signed else ''},.{PLACES[form]}f}"


def lines(made: Report, asked: Asked, restated: Restated | None) -> list[dict[str, Any]]:
    """The table's rows, top to bottom."""
    return [
        {
            "kind": line.kind,
            "place": line.place or "",
            "labels": [_(label) if label else "" for label in made.labels(line)],
            "cells": [_cell(line, definition, asked, restated) for definition in DEFINITIONS],
        }
        for line in made.figures.table()
    ]


def _cell(line: Line, definition: Definition, asked: Asked, restated: Restated | None) -> Cell:
    value = line.value(definition.key)
    differs = restated.of(line, definition.key) if restated else None
    return Cell(
        text=_text(definition, value),
        url=_address(line, definition, asked) if _leads_on(definition, value) else "",
        was=_arrow(definition, differs) if differs else "",
    )


def _leads_on(definition: Definition, value: Value) -> bool:
    """Whether there are projects to list; an average of no days has some, too."""
    return bool(definition.rows and value) or (definition.rows is Rows.DECIDED and value is not None)


def _text(definition: Definition, value: Value) -> str:
    return drawn(value, definition.form, signed=definition.key.endswith("_yoy"))


def _arrow(definition: Definition, differs: tuple[Value, Value]) -> str:
    """Old → new; a line that was not there counted nothing."""
    empty = None if definition.form is Form.TENTHS else 0
    old, new = (_text(definition, empty if value is None else value) for value in differs)
    return f"{old} → {new}"


def _address(line: Line, definition: Definition, asked: Asked) -> str:
    region, category, level = line.key
    report_of = {"edition": asked.edition} if asked.edition else {"bureau": asked.bureau, "month": asked.month}
    wanted = {**report_of, "figure": definition.key, "region": region, "category": category, "level": level}
    return f"/reports/rows?{urlencode({name: value for name, value in wanted.items() if value})}"


def said_month(month: Month, now: datetime) -> str:
    """上月 or 本月 where it is; empty otherwise."""
    last = report.last_month(now)
    return {last: _("上月"), last.later(): _("本月，尚未结束")}.get(month, "")


def changes(made: Report, restated: Restated, moved: Mapping[int, Project]) -> dict[str, Any]:
    """What was restated, in words: cells of single lines, and projects that came or went."""
    cells = [
        (_where(made, key), _(BY_KEY[name].heading), _arrow(BY_KEY[name], differs))
        for (kind, key, name), differs in sorted(restated.cells.items(), key=_in_order)
        if kind == "line"
    ]
    headings: dict[Any, str] = {}
    for definition in DEFINITIONS:
        if definition.rows:
            headings.setdefault(definition.rows, _(definition.heading))
    projects = [
        (headings[rows], word, [moved[key] for key in sorted(ids) if key in moved])
        for word, change in ((_("新计入"), restated.came), (_("不再计入"), restated.went))
        for rows, ids in change.items()
    ]
    return {"count": len(restated.cells), "cells": cells[:MOST_CHANGES], "projects": projects}


def _in_order(change: tuple[Place, object]) -> tuple[Key, int]:
    """By line, then as the columns stand."""
    (_kind, key, name), _differs = change
    return key, list(BY_KEY).index(name)


def where(asked: Asked) -> list[str]:
    """Month and line in words."""
    words = [asked.month] if not asked.edition else []
    words += [region_name(asked.region)] if asked.region else []
    coded = (("category_code", asked.category), ("approval_level_code", asked.level))
    return words + [label_of(kind, code) for kind, code in coded if code]


def _where(made: Report, key: Key) -> str:
    return " · ".join(_(label) for label in made.labels(Line(key, {})) if label)
