"""The conditions of a list in words, for the sheet that explains an export: headings for columns, words for codes."""

from app.domain.terms import N_
from app.listing import FIND, Condition
from reports.list_columns import ListColumn, ListKind
from reports.list_words import Words

# What each comparison says of a column and a value.
SAID: dict[str, str] = {
    "eq": N_("%(column)s：%(value)s"),
    "neq": N_("%(column)s不是「%(value)s」"),
    "gt": N_("%(column)s大于 %(value)s"),
    "lt": N_("%(column)s小于 %(value)s"),
    "sw": N_("%(column)s以「%(value)s」开头"),
    "ew": N_("%(column)s以「%(value)s」结尾"),
    "ct": N_("%(column)s含「%(value)s」"),
    "nsw": N_("%(column)s不以「%(value)s」开头"),
    "new": N_("%(column)s不以「%(value)s」结尾"),
    "nct": N_("%(column)s不含「%(value)s」"),
    "from": N_("%(column)s自 %(value)s 起"),
    "to": N_("%(column)s至 %(value)s 止"),
}
QUICK = N_("查找「%(value)s」")


def said(kind: ListKind, condition: Condition, words: Words) -> str:
    """One condition as its reader understands it."""
    if condition.operator == FIND:
        return words.say(QUICK) % {"value": condition.value}
    column = column_of(kind, condition.column)
    heading = words.say(column.heading) if column else condition.column
    value = column.say(words)(condition.value) if column and column.say else condition.value
    return words.say(SAID[condition.operator]) % {"column": heading, "value": value}


def column_of(kind: ListKind, name: str) -> ListColumn | None:
    """The export's column behind a column of the list; a path leads to the related row's."""
    last = name.rpartition(".")[2]
    for column in kind.columns:
        source = column.source
        if getattr(source, "key", None) == last and (source.class_ is kind.model) == (last == name):
            return column
    return None
