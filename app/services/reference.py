"""Reference data as the rules read it: dictionaries, regions, bureaus, required scans, return reasons."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.fields import CodeTables, Named, RegionPeriod
from app.domain.terms import Kind
from app.services.reference_tables import Office, Reason, tables
from app.services.snapshot import Record, kind_of
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.region import Region, RegionAlias


@dataclass(frozen=True)
class Slot:
    """A place for scans in a record: how many it needs and takes."""

    slot: str
    label: str
    label_en: str
    min_count: int
    max_count: int

    @property
    def named(self) -> Named:
        """The label as a word inside a sentence."""
        return Named(self.label, self.label_en)


def code_tables(session: Session) -> CodeTables:
    """The active dictionary entries and the regions with their validity, as the rule set reads them."""
    known = tables(session)
    entries: dict[str, dict[str, str | None]] = {}
    for entry in known.entries:
        if entry.is_active:
            entries.setdefault(entry.kind, {})[entry.code] = entry.parent_code
    return CodeTables(entries, tuple(RegionPeriod(d.code, d.valid_from, d.valid_to) for d in known.districts))


def office_of_region(session: Session, region_code: str | None) -> Office | None:
    """The bureau that handles projects of a region, for a page or a rule."""
    return next((o for o in tables(session).offices if region_code and o.region_code == region_code), None)


def bureau_of_region(session: Session, region_code: str | None) -> Bureau | None:
    """The bureau that handles projects of a region."""
    if not region_code:
        return None
    return session.scalar(select(Bureau).where(Bureau.region_code == region_code))


def bureaus(session: Session) -> frozenset[int]:
    """The keys of all bureaus."""
    return frozenset(office.id for office in tables(session).offices)


def bureaus_below(session: Session, bureau_id: int) -> frozenset[int]:
    """The bureau and all below it; a tree that is looped ends too."""
    parents = {office.id: office.parent_id for office in tables(session).offices}
    found, more = frozenset[int](), frozenset({bureau_id})
    while more:
        found |= more
        more = frozenset(child for child, parent in parents.items() if parent in more) - found
    return found


def reach(session: Session) -> frozenset[tuple[int, int]]:
    """Each bureau paired with itself and with every bureau below it."""
    parents = {office.id: office.parent_id for office in tables(session).offices}
    pairs = set()
    for bureau in parents:
        above: int | None = bureau
        while above is not None and (above, bureau) not in pairs:  # a tree that is looped ends too
            pairs.add((above, bureau))
            above = parents.get(above)
    return frozenset(pairs)


def bureaus_over(session: Session, region_code: str | None) -> list[int]:
    """The region's bureau and those above it."""
    bureau, found = bureau_of_region(session, region_code), []
    while bureau is not None and bureau.id not in found:
        found.append(bureau.id)
        bureau = session.get(Bureau, bureau.parent_id) if bureau.parent_id else None
    return found


def bureau_of_enterprise(session: Session, region_code: str | None) -> Bureau | None:
    """The bureau that reviews an enterprise: that of its region, or the root one for those from elsewhere."""
    if not region_code:
        return None
    root = select(Bureau).where(Bureau.parent_id.is_(None))
    return bureau_of_region(session, region_code) or session.scalar(root)


def region_is_in_force(session: Session, code: str, day: date) -> bool:
    """Is the code valid on the day, and does a bureau take projects of it?"""
    periods = [d for d in tables(session).districts if d.code == code]
    return any(d.is_in_force(day) for d in periods) and office_of_region(session, code) is not None


def successor_of_region(session: Session, code: str) -> str | None:
    """The name of the district that has an abolished one's projects now, if one is named."""
    former, latest = aliased(Region), Region.valid_from.desc()
    query = select(Region.name).join(former, former.successor_code == Region.code).where(former.code == code)
    return session.scalar(query.order_by(former.valid_from.desc(), latest).limit(1))


def region_codes(session: Session, system: str) -> dict[str, str]:
    """Our region codes and another system's, where they differ (行政区划, 别名)."""
    query = select(Region.code, RegionAlias.code).join(RegionAlias.region).where(RegionAlias.system == system)
    return {row[0]: row[1] for row in session.execute(query)}


def slots_of(session: Session, record: Record) -> list[Slot]:
    """The scans that a record takes; with a unified code some papers of an organization are waived."""
    if isinstance(record, Enterprise):
        return slots_for(session, Kind.ENTERPRISE, record.unit_kind, has_uscc=bool(record.uscc))
    return slots_for(session, kind_of(record))


def slots_for(session: Session, kind: Kind, unit_kind: str | None = None, *, has_uscc: bool = False) -> list[Slot]:
    """The scans by record kind and unit kind, in the order of the form."""
    return [
        Slot(d.slot, d.label_zh, d.label_en, 0 if d.waived_with_uscc and has_uscc else d.min_count, d.max_count)
        for d in tables(session).documents
        if d.record_kind == kind and d.unit_kind in (None, unit_kind)
    ]


def return_reasons(session: Session) -> list[Reason]:
    """The bank of return reasons that may be chosen."""
    return [reason for reason in tables(session).reasons if reason.is_active]


def reason_words(session: Session, *, english: bool) -> dict[str, str]:
    """The word of every return reason, also of those that are no longer offered."""
    return {row.code: row.label_en if english else row.label_zh for row in tables(session).reasons}
