"""A change of a bureau or a region shows what it reaches before it is saved: waiting cases, accounts, contacts."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from wtforms import HiddenField

from app.domain.errors import Invalid
from app.domain.terms import N_, TERMS, Kind
from app.security.here import now
from app.services import upkeep
from app.services.reached import Reach
from views.base import current_actor, db
from views.reference.kept import KeptView

MOST_NAMES = 20  # shown of each; the count says how many there are
PAGES = {Kind.ENTERPRISE: "/enterprises", Kind.PROJECT: "/projects", Kind.UNIT_WORK: "/unitworks"}
WORDS = {Kind.ENTERPRISE: N_("企业信息"), Kind.PROJECT: TERMS[Kind.PROJECT], Kind.UNIT_WORK: N_("单体信息")}


class NotConfirmed(Exception):
    """The change reaches something and the person has not seen it yet."""

    def __init__(self, reach: Reach) -> None:
        super().__init__(len(reach.cases))
        self.reach = reach


class ShowsReach(KeptView):
    """Mixin of the two: the first post shows what is reached, the second one saves."""

    add_template = edit_template = "pages/reference/reach_form.html"
    more_inputs = {"confirmed": HiddenField()}
    reach_of: Callable[[Any, Mapping[str, Any]], Reach]

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        try:
            return super().add()
        except NotConfirmed as question:
            return self.draw_add(self._asking(self.add_form.refresh(), question.reach))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Any:
        try:
            return super().edit(pk)
        except NotConfirmed as question:
            return self.draw_edit(self._asking(self.edit_form.refresh(), question.reach), self.scoped(pk))

    def create_row(self, values: dict[str, Any]) -> Any:
        self._ask_first(values, None)
        return super().create_row(values)

    def update_row(self, row: Any, values: dict[str, Any], version: int) -> Any:
        if version == upkeep.version_of(self.kept, row):  # else the service says that somebody was faster
            self._ask_first(values, row)
        return super().update_row(row, values, version)

    def _ask_first(self, values: Mapping[str, Any], row: Any) -> None:
        """Raise NotConfirmed when the change reaches something that this form has not shown."""
        try:
            wanted = upkeep.judged(db(), current_actor(), self.kept, values, row, now())
        except Invalid:  # the service says what is wrong with it
            return
        if row is not None and all(wanted[name] == value for name, value in upkeep.values_of(self.kept, row).items()):
            return
        reach = self.reach_of(row, wanted)
        if not reach.is_empty and request.form.get("confirmed") != mark_of(reach):
            raise NotConfirmed(reach)

    def _asking(self, form: Any, reach: Reach) -> Any:
        g.reached = reach
        form.confirmed.data = mark_of(reach)
        return form

    def reached(self) -> dict[str, Any] | None:
        """What is to be confirmed on this page, if anything."""
        reach = g.get("reached")
        if reach is None:
            return None
        cases = [
            {"name": case.name, "kind": WORDS[case.kind], "url": f"{PAGES[case.kind]}/show/{case.record_id}"}
            for case in reach.cases[:MOST_NAMES]
        ]
        counts = {"cases": len(reach.cases), "accounts": len(reach.accounts), "contacts": len(reach.contacts)}
        return {
            "cases": cases, "counts": counts,
            "accounts": [name for _key, name in reach.accounts[:MOST_NAMES]],
            "contacts": [name for _key, name in reach.contacts[:MOST_NAMES]],
        }  # fmt: skip

    def form_buttons(self, item: Any) -> list[dict[str, Any]]:
        label = N_("确认保存") if g.get("reached") else N_("保存")
        return [{"name": "save", "value": "1", "label": label, "css": "btn-primary", "key": "Ctrl S"}]


def mark_of(reach: Reach) -> str:
    """A mark of exactly this, so that a confirmation is of what was shown and of nothing newer."""
    cases = [(str(case.kind), case.record_id) for case in reach.cases]
    return str(upkeep.fingerprint({"cases": cases, "accounts": list(reach.accounts), "contacts": list(reach.contacts)}))
