"""The views that all others inherit: scoped, POST for every change, one service call per act. They hold no rule."""

from copy import copy
from typing import Any

from flask import abort, g, has_request_context, redirect, url_for
from flask_appbuilder import BaseView, ModelView, expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.validators import Unique
from flask_appbuilder.widgets import RenderTemplateWidget
from wtforms import HiddenField

from app.domain.errors import Sentence
from app.security.actor import current_actor
from app.security.here import db
from views.acting import RunsActions, on_rows
from views.editing import WritesRows
from views.interface import EagerInterface, InScope, OfParent
from views.keyset import Page
from views.list_rows import Drawing
from views.lists import ShowsLists
from views.navigation import RemembersTheWay
from views.query import Asked, apply_filters, asked_of, check_arguments
from views.words import translate

__all__ = [
    "READ_ONLY",
    "EagerInterface",
    "TrustedApiView",
    "TrustedBaseView",
    "TrustedModelView",
    "current_actor",
    "db",
    "on_rows",
    "translate",
]

NO_DOWNLOAD = frozenset({"download"})
READ_ONLY = NO_DOWNLOAD | {"add", "edit", "delete"}


class FilterBar(RenderTemplateWidget):
    """The bar above a list. FAB's own widget also draws every field of a search form that ours does not show."""

    template = "appbuilder/general/widgets/search.html"


class TrustedBaseView(RemembersTheWay, BaseView):
    """A page of our own. Guard each method with @has_access unless the page is public."""


class TrustedApiView(TrustedBaseView):
    """An interface for keys alone: the browser's session is never read here, so there is nothing to forge."""

    key_authenticated = True


class TrustedModelView(ShowsLists, RemembersTheWay, RunsActions, WritesRows, ModelView):
    """Lists and forms over rows in scope.

    Subclasses set `datamodel = EagerInterface(Model, list_options=(selectinload(...),))`, `class_permission_name`,
    `route_base` and their columns. Columns that are not named are not shown, searched, ordered or written.
    Templates also ask, where a view has them: kind, list_tabs(), row_status(item), row_step(item), row_can(item),
    allowed_actions(item), title_of(item), form_buttons(item).
    """

    exclude_route_methods = NO_DOWNLOAD
    base_filters = [["id", InScope, None]]
    unscoped_because = ""  # the reason, on the few views whose rows are everybody's
    small_relations: frozenset[str] = frozenset()  # relations whose rows all fit into a select box

    def row_refusal(self, item: Any, verb: str) -> Sentence | None:
        """Why the page of `edit` is not open on this row; None when it is. Saving is the service's to refuse."""
        return None

    # The rows in reach -------------------------------------------------------------------------

    @property
    def _filters(self) -> Any:
        """A copy per request: FAB keeps one object per view and lets all threads fill it."""
        if not has_request_context():
            return self._filters_prototype
        mine = g.setdefault("view_filters", {})
        if id(self) not in mine:
            mine[id(self)] = copy(self._filters_prototype)
            mine[id(self)].clear_filters()
        return mine[id(self)]

    @_filters.setter
    def _filters(self, prototype: Any) -> None:
        self._filters_prototype = prototype

    def find(self, pk: object) -> Any:
        """The row if it exists and is this person's to see, else None."""
        return self.datamodel.find(pk, self._base_filters)

    def scoped(self, pk: object) -> Any:
        """The row, or 404."""
        return self.find(pk) or abort(404)

    _scoped = scoped

    # Set-up: nothing that was not named ----------------------------------------------------------

    def _init_properties(self) -> None:
        kinds = ("search_columns", "add_columns", "edit_columns", "order_columns", "show_columns")
        fieldsets = {"add_columns": self.add_fieldsets, "edit_columns": self.edit_fieldsets}
        fieldsets["show_columns"] = self.show_fieldsets
        named = {kind: list(getattr(self, kind) or ()) for kind in kinds}
        super()._init_properties()
        for kind in kinds:
            if not fieldsets.get(kind):
                setattr(self, kind, named[kind])
        if not self.show_fieldsets and not self.show_columns:
            self.show_columns = list(self.list_columns)
        self._filters = self.datamodel.get_filters(self.search_columns)

    def _init_forms(self) -> None:
        super()._init_forms()
        for form in (self.add_form, self.edit_form):
            _drop_unique(form)
        if not hasattr(self.edit_form, "version"):
            self.edit_form = type("EditForm", (self.edit_form,), {"version": HiddenField()})

    # Pages -----------------------------------------------------------------------------------------

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        check_arguments()
        return self.render_template(self.list_template, title=self.list_title, widgets=self._list(), view=self)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Any:
        check_arguments()
        item = self.scoped(pk)
        self.update_redirect()
        return self.draw_show(item)

    def draw_show(self, item: Any, **more: Any) -> Any:
        """The page of a row; `more` is for one that comes back because something on it was refused."""
        widgets = self._get_related_views_widgets(item, widgets=self._get_show_widget(item.id, item))
        return self.render_template(
            self.show_template,
            pk=item.id,
            item=item,
            title=self.show_title,
            widgets=widgets,
            related_views=self._open_related_views(),
            view=self,
            **more,
        )

    def url_of(self, method: str, **values: Any) -> str:
        """The address of one of this view's pages."""
        return url_for(f"{self.endpoint}.{method}", **values)

    def list_url(self) -> str:
        """The list, as it was last filtered."""
        return self.last_at(self.url_of("list"))

    def to_list(self) -> Any:
        return redirect(self.list_url())

    def to_row(self, item: Any) -> Any:
        return redirect(self.url_of("show", pk=item.id))

    # Widgets with the rows and the view in them ---------------------------------------------------

    def _list(self, **kwargs: Any) -> dict[str, Any]:
        apply_filters(self._filters)
        asked = self.asked()
        size = asked.page_size or self.page_size
        count, page = self.list_page(asked, size)
        widgets = self._draw_list(self._filters, count, page, size, **kwargs)
        self.update_redirect()
        bar = FilterBar(include_cols=self.search_columns, label_columns=self.label_columns, filters=self._filters)
        return {**widgets, "search": bar}

    def _get_list_widget(self, filters: Any, asked: Asked | None = None, **kwargs: Any) -> dict[str, Any]:
        """The rows of one parent, below its page."""
        asked = asked or Asked()
        size = asked.page_size or self.page_size
        query = self.datamodel.apply_filters(db().query(self.datamodel.obj), self._base_filters)
        query = self.datamodel.apply_filters(query, filters)
        count, page = self.page_of(query, self.order_of(asked), asked, size)
        return self._draw_list(filters, count, page, size, **kwargs)

    def _draw_list(self, filters: Any, count: int, page: Page, size: int, **kwargs: Any) -> dict[str, Any]:
        drawing = Drawing(self, self.list_columns, self.label_columns, self.formatters_columns)
        values = [dict(zip(self.list_columns, v, strict=True)) for v in self._values(page.rows)]
        drawn = self.list_widget(
            label_columns=self.label_columns,
            include_columns=self.list_columns,
            value_columns=values,
            drawn=list(drawing.rows(page.rows, values)),
            order_columns=self.order_columns,
            formatters_columns=self.formatters_columns,
            page=page,
            page_size=size,
            count=count,
            pks=self.datamodel.get_keys(page.rows),
            actions=self.acts_here(),
            filters=filters,
            modelview_name=self.__class__.__name__,
            view=self,
            items=page.rows,
            **kwargs,
        )
        return {"list": drawn}

    def acts_here(self) -> dict[str, Any]:
        """The acts that the bulk bar of this person's list may show."""
        return dict(self.actions)

    def _values(self, items: "list[Any]") -> Any:
        readers = [self.datamodel.reader(column) for column in self.list_columns]
        return ([read(item) for read in readers] for item in items)

    def _get_show_widget(self, pk: Any, item: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._informed(super()._get_show_widget(pk, item, *args, **kwargs), "show", item)

    def _get_add_widget(self, form: Any, *args: Any, item: Any = None, **kwargs: Any) -> dict[str, Any]:
        return self._informed(super()._get_add_widget(form, *args, **kwargs), "add", item)

    def _get_edit_widget(self, form: Any, *args: Any, item: Any = None, **kwargs: Any) -> dict[str, Any]:
        return self._informed(super()._get_edit_widget(form, *args, **kwargs), "edit", item)

    def _informed(self, widgets: dict[str, Any], name: str, item: Any) -> dict[str, Any]:
        widgets[name].template_args.update(view=self, item=item, items=[item] if item is not None else [])
        return widgets

    def _open_related_views(self) -> "list[Any]":
        """The related lists that this person may open by themselves, too."""
        may = self.appbuilder.sm.has_access
        return [view for view in self._related_views if may("can_list", view.class_permission_name)]

    def _get_related_views_widgets(self, item: Any, widgets: dict[str, Any] | None = None, **_: Any) -> dict[str, Any]:
        related = []
        for view in self._open_related_views():
            parent = view.datamodel.get_related_fk(self.datamodel.obj)
            filters = view.datamodel.get_filters().add_filter_related_view(parent, OfParent, item.id)
            asked = asked_of(view.__class__.__name__, view.order_columns)
            related.append(view._get_view_widget(filters=filters, asked=asked))
        return {**(widgets or {}), "related_views": related}


def _drop_unique(form: Any) -> None:
    """FAB's Unique tells what exists outside the scope, in the first reader's language; the database decides."""
    for name in dir(form):
        unbound = getattr(form, name)
        if getattr(unbound, "field_class", None) is not None:
            kept = [rule for rule in unbound.kwargs.get("validators", ()) if not isinstance(rule, Unique)]
            unbound.kwargs["validators"] = kept
