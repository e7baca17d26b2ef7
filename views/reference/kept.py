"""Screens over plain rows, drawn from the rule set: list, show, add and edit for whatever app.services.kept names."""

from collections.abc import Container, Iterator
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from app.domain.errors import Sentence
from app.domain.fields import FieldKind
from app.domain.permissions import root_may
from app.domain.terms import N_
from app.security.here import now, time_limits
from app.services import upkeep
from app.services.kept import Kept
from views.base import TrustedModelView, current_actor, db
from views.forms import RuleForm, word
from views.stamps import stamp
from views.words import in_language

ACTIVE, INACTIVE = N_("启用"), N_("停用")


class RowForm(RuleForm):
    """A form over a row without a count of writes: its version is made of the row's values."""

    kept: Kept

    @classmethod
    def refresh(cls, obj: Any = None) -> "RowForm":
        form = cls()
        form.offer()
        if obj is not None:
            form.fill(upkeep.values_of(cls.kept, obj))
            form.version.data, form.base.data = str(upkeep.version_of(cls.kept, obj)), stamp(form)
        return form


class KeptView(TrustedModelView):
    """List, show, add and edit; subclasses name what they show and say `kept = KEPT[...]`."""

    kept: Kept
    exclude_route_methods = frozenset({"download", "delete", "action", "action_post"})
    at_once = True  # no drafts: the form says so
    defaults: dict[str, Any] = {}
    as_they_are: frozenset[str] = frozenset()  # codes that are the row's own, shown without their word
    column_classes = {"sort": "num", "min_count": "num", "max_count": "num"}
    more_inputs: dict[str, Any] = {}  # of the form, beside those of the rule set
    page_size = 50
    name_column = ""

    # Set-up ---------------------------------------------------------------------------------------------

    def _init_properties(self) -> None:
        table = self.kept.table
        self.add_columns, self.edit_columns, self.show_columns = ([*table.names] for _ in range(3))
        words = {rule.name: lazy_gettext(rule.label) for rule in table}
        self.label_columns = {**words, **(self.label_columns or {})}
        super()._init_properties()

    def _init_forms(self) -> None:
        form = RowForm.of(self.kept.table)
        members = {"version": HiddenField(), "kept": self.kept, **self.more_inputs}
        self.add_form = self.edit_form = type(form.__name__, (form,), members)
        super()._init_forms()

    # Writing --------------------------------------------------------------------------------------------

    def values_of(self, form: Any) -> dict[str, Any]:
        return form.raw()

    def version_of(self, row: Any) -> int:
        return upkeep.version_of(self.kept, row)

    def create_row(self, values: dict[str, Any]) -> Any:
        return upkeep.add(db(), current_actor(), self.kept, values, now=now(), limits=time_limits())

    def update_row(self, row: Any, values: dict[str, Any], version: int) -> Any:
        return upkeep.change(
            db(), current_actor(), self.kept, row.id, values, version, now=now(), limits=time_limits()
        )  # fmt: skip

    def delete_row(self, row: Any) -> None:
        upkeep.remove(db(), current_actor(), self.kept, row.id, now=now(), limits=time_limits())

    def draw_add(self, form: Any) -> Any:
        if not form.is_submitted():
            for name, value in self.defaults.items():
                form[name].data = value
            if "bureau_id" in form:
                form.bureau_id.data = str(current_actor().bureau_id)
        return super().draw_add(form)

    def draw_edit(self, form: Any, row: Any, other: Any = None) -> Any:
        stored = upkeep.values_of(self.kept, row)
        for name in self.kept.fixed:
            form[name].locked, form[name].shown = True, word(form[name].rule, stored[name])
        return super().draw_edit(form, row, other)

    def closed_inputs(self, row: Any) -> Container[str]:
        """Those that stay as they were given."""
        return self.kept.fixed

    # What the pages ask ---------------------------------------------------------------------------------

    def list_scope(self) -> str:
        """Beside the title: why there is no button."""
        if root_may(current_actor().is_root, self.class_permission_name, "edit"):
            return ""
        return gettext("由市级管理员维护，您可以查看。")

    def title_of(self, item: Any) -> str:
        return in_language(item) if self.name_column == "label_zh" else str(getattr(item, self.name_column))

    def row_refusal(self, item: Any, verb: str) -> Sentence | None:
        return upkeep.refusal(current_actor(), self.class_permission_name, verb)

    def _values(self, items: list[Any]) -> Iterator[list[Any]]:
        return ([self.shown(item, column) for column in self.list_columns] for item in items)

    def _get_show_widget(self, pk: Any, item: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        widgets = super()._get_show_widget(pk, item, *args, **kwargs)
        drawn = widgets["show"].template_args
        drawn["value_columns"] = [self.shown(item, column) for column in drawn["include_columns"]]
        return widgets

    def shown(self, item: Any, column: str) -> Any:
        """One value in words."""
        rule = self.kept.table.field(column)
        value = self.kept.read(item)[column] if column in self.kept.beside else getattr(item, column)
        if column in self.as_they_are:
            return value
        if column == "is_active":
            return gettext(ACTIVE if value else INACTIVE)
        return value if rule.kind == FieldKind.INTEGER else word(rule, value)
