"""The kinds of data that administrators keep in order: their inputs, what is fixed, what must hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.fields import Table
from app.domain.fields.upkeep import (
    BUREAU,
    CALENDAR_DAY,
    CONTACT,
    DICTIONARY_ENTRY,
    FREE,
    MATTER_ITEM,
    MATTER_RULE,
    REGION,
    REQUIRED_DOCUMENT,
    RETURN_REASON,
    SYSTEMS,
    WORKED,
)
from app.services import upkeep_checks as must
from app.services.upkeep_checks import Check
from models.bureau import Bureau, Contact
from models.calendar import CalendarOverride
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.matter_rule import MatterItem, MatterRule
from models.region import Region, RegionAlias


@dataclass(frozen=True)
class Kept:
    """One kind of data: its inputs, what cannot change once it is saved, what must hold, and what stands only once."""

    resource: str
    model: type[Any]
    table: Table
    fixed: frozenset[str] = frozenset()
    unique: tuple[str, ...] = ()  # the last one of them takes the sentence
    checks: tuple[Check, ...] = ()
    beside: frozenset[str] = frozenset()  # inputs that are no column as they stand; `read` and `write` know them
    read: Callable[[Any], dict[str, object]] = lambda row: {}
    write: Callable[[Any, Mapping[str, Any]], None] = lambda row, values: None
    moves_due_dates: bool = False
    moves_claims: bool = False


# What is no column --------------------------------------------------------------------------------------


def _aliases(row: Region) -> dict[str, object]:
    known = {alias.system: alias.code for alias in row.aliases}
    return {name: known.get(system) for name, system in SYSTEMS.items()}


def _set_aliases(row: Region, values: Mapping[str, Any]) -> None:
    """Other systems' codes; a system that no input speaks of keeps its own."""
    known = {alias.system: alias for alias in row.aliases}
    for name, system in SYSTEMS.items():
        code, alias = values[name], known.get(system)
        if alias is not None and code is None:
            row.aliases.remove(alias)
        elif alias is not None:
            alias.code = code
        elif code is not None:
            row.aliases.append(RegionAlias(system=system, code=code))


def _day_kind(row: CalendarOverride) -> dict[str, object]:
    return {"is_working_day": WORKED if row.is_working_day else FREE}


def _set_day_kind(row: CalendarOverride, values: Mapping[str, Any]) -> None:
    row.is_working_day = values["is_working_day"] == WORKED


KEPT: dict[str, Kept] = {
    kept.resource: kept
    for kept in (
        Kept(
            "bureaus", Bureau, BUREAU, fixed=frozenset({"code"}), unique=("code",),
            checks=(must.bureau_has_its_place, must.bureau_works_on_a_region_in_force), moves_claims=True,
        ),
        Kept(
            "regions", Region, REGION, fixed=frozenset({"code"}),
            beside=frozenset(SYSTEMS), read=_aliases, write=_set_aliases,
            checks=(
                must.region_periods_are_apart, must.region_stands_below_another,
                must.region_successor_is_another, must.region_in_use_goes_on,
            ),
        ),
        Kept(
            "dictionaries", DictionaryEntry, DICTIONARY_ENTRY, fixed=frozenset({"kind", "code"}),
            unique=("kind", "code"),
            checks=(
                must.code_may_be_added, must.code_belongs_to_one_that_exists, must.code_is_not_the_last,
            ),
        ),
        Kept(
            "required_documents", RequiredDocument, REQUIRED_DOCUMENT,
            fixed=frozenset({"record_kind", "unit_kind", "slot"}), unique=("record_kind", "unit_kind", "slot"),
            checks=(must.document_is_asked_of_the_right_record, must.document_counts_are_a_range),
        ),
        Kept(
            "return_reasons", ReturnReason, RETURN_REASON, fixed=frozenset({"code"}), unique=("code",),
            checks=(must.reason_is_not_the_last,),
        ),
        Kept("matter_items", MatterItem, MATTER_ITEM, fixed=frozenset({"matter"}), unique=("matter", "label_zh")),
        Kept("contacts", Contact, CONTACT, checks=(must.bureau_is_in_reach,)),
        Kept(
            "calendar", CalendarOverride, CALENDAR_DAY, unique=("day",),
            beside=frozenset({"is_working_day"}), read=_day_kind, write=_set_day_kind, moves_due_dates=True,
        ),
    )
}  # fmt: skip
MATTER_RULES = Kept("matter_rules", MatterRule, MATTER_RULE, fixed=frozenset({"matter"}))  # seven, none more or less
