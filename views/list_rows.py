"""The rows of a list made ready to be printed: values in words, links and acts, each thing said once per page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

NUMBER_IN_A_LIST = (int, float, Decimal)
NAME_HERE = "\0"  # in no name


@dataclass
class Row:
    """What the template prints of one row: its opening tag, the box to tick it, its cells and its next step."""

    pk: Any
    item: Any
    name: str  # as it is read aloud, no two of a page alike
    opening: Markup
    tick: Markup
    cells: Markup
    step: Any = None
    link: Markup | None = None  # the step, where it is no more than a page to go to
    asks: bool = False


class Drawing:
    """Draws the rows of one view's page; what is the same for all of them is asked once."""

    def __init__(self, view: Any, columns: Sequence[str], labels: Mapping[str, Any], formatters: Mapping[str, Any]):
        self.view, self.columns = view, columns
        self.labels = {column: str(labels.get(column, "")) for column in columns}
        self.formatters = formatters or {}
        self.form = f'form="bulk-{type(view).__name__}"'
        self.css = getattr(view, "column_classes", {})
        self.name_column = getattr(view, "name_column", None) or next(iter(columns), None)
        self.show = f"{view.route_base}/show/" if _may_show(view) else None
        self.empty = Markup('<span class="muted" aria-label="{}">—</span>').format(_("未填"))
        self.openings: dict[tuple[str, bool], str] = {}
        self.words: dict[str, str] = {}

    def rows(self, items: Sequence[Any], values: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
        pick, seen = _("选择 %(name)s", name=NAME_HERE), Counter[str]()
        for item, given in zip(items, values, strict=True):
            name = self._name_of(item, given)
            seen[name] += 1
            yield self._row(item, given, pick, name if seen[name] == 1 else f"{name} ({seen[name]})")

    def _row(self, item: Any, given: Mapping[str, Any], pick: str, name: str) -> Row:
        view = self.view
        step = self._step(view.row_step(item), name) if hasattr(view, "row_step") else None
        return Row(
            item.id,
            item,
            name,
            opening=_safe(self._tr(item)),
            tick=_safe(self._tick(item, name, pick)),
            cells=_safe("".join([self._cell(column, given[column], item) for column in self.columns])),
            step=step,
            link=_safe(_link(step)) if step and not step["is_post"] else None,
            asks=hasattr(view, "row_refusal"),
        )

    # Parts of a row, as plain strings whose values are escaped: joining those is cheap.

    def _tr(self, item: Any) -> str:
        """The opening tag, with what the script asks of a row: its key, its state and what may be done."""
        view = self.view
        state = view.row_status(item) if hasattr(view, "row_status") else getattr(item, "status", None)
        said = f' data-status="{escape(state)}"' if state else ""
        can = f' data-can="{escape(" ".join(view.row_can(item)))}"' if hasattr(view, "row_can") else ""
        return f'<tr data-id="{item.id}"{said}{can}>'

    def _name_of(self, item: Any, given: Mapping[str, Any]) -> str:
        """What the row is called where its boxes and buttons are read aloud."""
        return str(self.view.title_of(item) if hasattr(self.view, "title_of") else given[self.name_column])

    def _tick(self, item: Any, name: str, pick: str) -> str:
        """The box for acts on many rows, and beside it the version that the reader saw."""
        view = self.view
        seen = view.seen_of(item) if hasattr(view, "seen_of") else None
        said = f'aria-label="{escape(pick.replace(NAME_HERE, name))}" {self.form}'
        box = f'<input type="checkbox" class="action_check" name="rowid" value="{item.id}" {said}>'
        version = f'<input type="hidden" name="seen-{item.id}" value="{escape(seen)}" {self.form}>' if seen else ""
        return f"<td>{box}{version}</td>"

    def _cell(self, column: str, value: Any, item: Any) -> str:
        formatter = self.formatters.get(column)
        value = formatter(value) if formatter else value
        is_number = isinstance(value, NUMBER_IN_A_LIST) and not isinstance(value, bool) and column not in self.css
        key = (column, is_number and column != self.name_column)
        if key not in self.openings:
            self.openings[key] = str(self._opening(*key))
        shown = self._name(value, item) if column == self.name_column else escape(self.shown(value))
        return f"{self._titled(self.openings[key], column, value)}{shown}</td>"

    def _titled(self, opening: str, column: str, value: Any) -> str:
        """What may be cut short with three dots says the whole of it in its title."""
        if "clip" not in self.css.get(column, "") or not value or isinstance(value, Markup):
            return opening
        return f'{opening[:-1]} title="{escape(value)}">'

    def _opening(self, column: str, is_number: bool) -> Markup:
        named = column in (self.name_column, self.columns[0])
        label = Markup(' data-label="{}"').format(self.labels[column]) if not named else ""
        css = f"{self.css.get(column, '')}{' num' if is_number else ''}"
        return Markup('<td class="{}" data-field="{}"{}>').format(css, column, label)

    def _name(self, value: Any, item: Any) -> str:
        shown = str(escape(self.shown(value)))
        if self.show:
            shown = f'<a class="name" href="{self.show}{item.id}" data-open>{shown}</a>'
        sub = f'<span class="sub">{escape(self.view.row_sub(item))}</span>' if hasattr(self.view, "row_sub") else ""
        return shown + sub

    def shown(self, value: Any) -> Any:
        """As the macro of the same name: nothing is a dash, yes and no are words, several stand in a row."""
        if value is None or value == "":
            return self.empty
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, list | tuple | set | frozenset):
            return escape(_("、")).join(value) if value else self.empty
        return value

    def _step(self, step: Any, name: str) -> Any:
        """The one next step with its word in the reader's language, and the name it has for those who hear it."""
        if not step:
            return None
        step = dict(step) if isinstance(step, Mapping) else {"label": step[0], "url": step[1]}
        label = str(step["label"])
        if label not in self.words:
            self.words[label] = _(label) if label and "%" not in label else label
        spoken = named(self.words[label], name)
        return {
            **step,
            "label": self.words[label],
            "spoken": spoken,
            "is_post": step.get("method", "get").lower() == "post",
        }


def named(label: str, name: str) -> str:
    """What a button says to those who hear it: its word, and what it is about."""
    return _("%(act)s：%(name)s", act=label, name=name)


def _link(step: Mapping[str, Any]) -> str:
    return f'<a href="{escape(step["url"])}" aria-label="{escape(step["spoken"])}">{escape(step["label"])}</a>'


def _safe(html: str) -> Markup:
    """For the template; every value in it is escaped."""
    return Markup(html)  # noqa: S704


def _may_show(view: Any) -> bool:
    permission = f"can_{view.method_permission_name.get('show', 'show')}"
    may: bool = permission in view.base_permissions and view.appbuilder.sm.has_access(
        permission, view.class_permission_name
    )
    return may
