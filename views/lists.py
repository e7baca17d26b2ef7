"""The list side of every view: what the address asks for, as plain data, as a query and as one page of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Query, undefer

from app import listing
from app.domain.terms import TERMS, Role, Status
from app.listing import COUNT_CAP, Condition
from app.scope import counting, criteria, hidden
from app.security.actor import current_actor
from app.security.here import db
from app.services import saved_views
from models.search_gram import SearchGram
from models.sorting import ordered_by
from models.sqlite_hint import by_index
from views import keyset
from views.query import Asked, asked_conditions, asked_of
from views.words import state

LONGEST_FIND = 100
TAB_CAP = 1_001  # a tab counts no further and says 1,000+
TABS = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.APPROVED, Status.VOIDED)


@dataclass(frozen=True)
class ListFilter:
    """One input of the filter bar: a select of a small code set, a text or a day."""

    name: str  # in the address
    label: Any
    column: str = ""  # of the model, or relation.attribute; none: the view's narrow() asks the address itself
    operator: str = "eq"  # one of listing.OPERATORS
    choices: Callable[[], Sequence[tuple[str, str]]] | None = None
    more: bool = False  # folded away until asked for

    @property
    def type(self) -> str:
        return "date" if self.operator in {"from", "to"} else "text"


class ShowsLists:
    """Mixin: a list narrowed by its tab, its quick search and its filter bar, ordered and paged by keys.

    `search_hint` says what the quick search finds, for models that app.listing.FINDERS knows.
    """

    search_hint: Any = ""
    filter_bar: tuple[ListFilter, ...] = ()
    has_tabs = False
    keyed_columns: frozenset[str] = frozenset()  # looked up by index in any order: the index goes on in the list's

    # What is asked ------------------------------------------------------------------------------------

    def asked_filters(self) -> list[Condition]:
        """The conditions of this request's address, as plain data: tab, quick search, filters."""
        view: Any = self
        args, asked = request.args, []
        if self.has_tabs and args.get("status") in set(Status):
            asked.append(Condition("status", "eq", args["status"]))
        query = args.get("q", "").strip()[:LONGEST_FIND]
        if self.search_hint and query:
            asked.append(Condition("q", listing.FIND, query))
        bar = [(each, args.get(each.name, "").strip()) for each in self.filter_bar]
        asked += [Condition(each.column, each.operator, value) for each, value in bar if value and each.column]
        return asked + asked_conditions(view._filters)

    def asked_rows(self) -> "Query[Any]":
        """The rows of the list as the address asks: in scope, narrowed and ordered, without a page."""
        conditions = self.asked_filters()
        query, order = self.narrowed(conditions, self.order_of(self.asked(), conditions))
        return order.whole(query)

    def asked(self) -> Asked:
        view: Any = self
        return asked_of(view.__class__.__name__, view.order_columns)

    def narrowed(self, conditions: Sequence[Condition], order: keyset.Order) -> "tuple[Query[Any], keyset.Order]":
        """The rows in scope under these conditions, and the order to read them in."""
        view: Any = self
        model, rest = view.datamodel.obj, list(conditions)
        query = view.datamodel.apply_filters(db().query(model), view._base_filters)
        quick = next((condition for condition in rest if condition.operator == listing.FIND), None)
        along = listing.along_grams(db(), model, quick.value) if quick and order.is_by_key else None
        if quick and along:
            rest.remove(quick)
            query, order = query.join(SearchGram, along[0]), replace(order, column=along[1], key=along[1])
        by_index = order.is_by_key and not along and Role.APPLICANT not in current_actor().roles
        narrowing = [
            listing.criterion(db(), model, each, by_index=by_index or each.column in self.keyed_columns)
            for each in rest
        ]
        return query.filter(*narrowing, *self.narrow()), order

    def asked_word(self, name: str) -> str:
        """One word of the address, for narrow()."""
        return request.args.get(name, "").strip()[:LONGEST_FIND]

    def narrow(self) -> "Iterable[Any]":
        """Further criteria that the view makes of the address."""
        return ()

    def order_of(self, asked: Asked, conditions: Sequence[Condition] = ()) -> keyset.Order:
        """The order asked for; else by the days that are asked for, newest first; else the list's own."""
        view: Any = self
        days = [c.column for c in conditions if c.operator in {"from", "to"}]
        if asked.order_column:
            name, direction = asked.order_column, asked.order_direction
        elif days:
            name, direction = days[0], "desc"
        else:
            name, direction = view.base_order or ("id", "desc")
        column = ordered_by(view.datamodel.obj, name)
        return keyset.Order(name, column, view.datamodel.get_pk(), direction == "desc")

    # What the page shows ---------------------------------------------------------------------------------

    def list_page(self, asked: Asked, size: int) -> tuple[int, keyset.Page]:
        """How many there are, capped, and the page."""
        conditions = self.asked_filters()
        query, order = self.narrowed(conditions, self.order_of(asked, conditions))
        if self.has_tabs and not conditions:
            return self.page_of(query, order, asked, size, count=self._count_of_all())
        if self.has_tabs and [(one.column, one.operator) for one in conditions] == [("status", "eq")]:
            counted = self.tab_counts().get(conditions[0].value, TAB_CAP)
            if counted < TAB_CAP:  # the tab has counted the same rows to their end
                return self.page_of(query, order, asked, size, count=counted)
        return self.page_of(query, order, asked, size, keys=self._found_keys(conditions))

    def _found_keys(self, conditions: Sequence[Condition]) -> Any:
        """The keys of a list narrowed by its quick search alone, where they need no row to be read."""
        view: Any = self
        model = view.datamodel.obj
        unseen = hidden(current_actor(), model)
        if unseen is None or len(conditions) != 1 or conditions[0].operator != listing.FIND or list(self.narrow()):
            return None
        return listing.found_keys(model, conditions[0].value, unseen)

    def page_of(
        self,
        query: "Query[Any]",
        order: keyset.Order,
        asked: Asked,
        size: int,
        *,
        count: int | None = None,
        keys: Any = None,
    ) -> tuple[int, keyset.Page]:
        """The page of these rows, and their count, which is not asked for where one page holds them all.

        `keys` are theirs where something cheaper than the rows' own query gives them.
        """
        view: Any = self
        rows = query.options(*view.datamodel.list_options)
        if not order.is_by_key:
            rows = rows.options(undefer(order.column))  # the tokens of the pages beside it say its value
        page = keyset.read(rows, order, size, after=asked.after, before=asked.before)
        if count is None and not page.before and not page.after:
            count = len(page.rows)
        if count is None:
            keys = query.with_entities(view.datamodel.get_pk()) if keys is None else keys
            count = listing.capped_count(db(), keys)
        return count, page

    def tab_counts(self) -> dict[str, int]:
        """How many of each state are in scope, each capped: one statement, once per request."""
        view: Any = self
        if "tab_counts" not in g:
            model, actor = view.datamodel.obj, current_actor()
            counts_of_all = _counts(model, by_index(criteria(actor, model)), counting(actor, model), TAB_CAP, COUNT_CAP)
            counted = db().execute(counts_of_all).one()._asdict()
            g.count_of_all, g.tab_counts = counted.pop("all"), counted
        counts: dict[str, int] = g.tab_counts
        return counts

    def _count_of_all(self) -> int:
        """How many there are in all states, capped: counted along with the tabs."""
        self.tab_counts()
        count: int = g.count_of_all
        return count

    def list_tabs(self) -> list[dict[str, Any]]:
        """All, and one tab per state. Narrowed lists keep their conditions and do without counts of other rows."""
        if not self.has_tabs:
            return []
        chosen = request.args.get("status", "")
        is_narrowed = any(condition.column != "status" for condition in self.asked_filters())
        counts = {} if is_narrowed else self.tab_counts()
        is_capped = max(counts.values(), default=0) >= TAB_CAP
        every = None if is_narrowed else TAB_CAP if is_capped else sum(counts.values())
        tabs = [{"label": _("全部"), "status": None, "count": every, "active": not chosen, "due": False}]
        for status in TABS:
            if is_narrowed or counts[status] or chosen == status:
                tab = {"label": state(self.status_word(status)), "status": str(status), "active": chosen == status}
                tabs.append({**tab, "count": counts.get(status), "due": status == Status.RETURNED})
        return [{**tab, "cap": TAB_CAP - 1 if is_capped else COUNT_CAP - 1} for tab in tabs]

    def status_word(self, status: Status) -> str:
        return TERMS[status]

    def saved_views(self) -> list[dict[str, Any]]:
        """What this person calls their ways of seeing this list, the one that stands now marked."""
        if "saved_views" not in g:
            here = self.conditions_here()
            g.saved_views = [
                {
                    "name": each.name, "url": f"{request.path}?{each.conditions}", "active": each.conditions == here,
                    "remove": f"/saved_views/delete/{each.id}",
                }
                for each in saved_views.of_page(db(), current_actor(), request.path)
            ]  # fmt: skip
        found: list[dict[str, Any]] = g.saved_views
        return found

    def conditions_here(self) -> str:
        """The conditions and the order of this page, as a view of the list keeps them."""
        return saved_views.conditions_of(request.args.items(multi=True))

    def list_filters(self) -> list[dict[str, Any]]:
        """The filter bar for the template, with its choices in the reader's language."""
        return [
            {
                "name": each.name, "label": each.label, "type": each.type, "more": each.more,
                "choices": list(each.choices()) if each.choices else None,
                "value": request.args.get(each.name, ""),
            }
            for each in self.filter_bar
        ]  # fmt: skip


@lru_cache(maxsize=512)
def _counts(model: type[Any], scope: Any, scope_of_all: Any, cap: int, cap_of_all: int) -> Any:
    """The statement of the tabs; criteria of one reach are one object, so it is put together once for them."""
    keys = select(model.id)
    tabs = (listing.counted(keys.where(scope, model.status == status), cap).label(status) for status in TABS)
    return select(listing.counted(keys.where(scope_of_all), cap_of_all).label("all"), *tabs)


def between(name: str, column: str, first: Any, last: Any, *, more: bool = False) -> tuple[ListFilter, ListFilter]:
    """Two days, from and to; a list with one kind of day needs no name for it."""
    prefix = f"{name}_" if name else ""
    return (
        ListFilter(f"{prefix}from", first, column, "from", more=more),
        ListFilter(f"{prefix}to", last, column, "to", more=more),
    )


def worded(words: Mapping[str, str]) -> Callable[[], list[tuple[str, str]]]:
    """Codes and their words of a table that is fixed in the code, for a select of a filter bar."""
    return lambda: [(code, _(word)) for code, word in words.items()]
