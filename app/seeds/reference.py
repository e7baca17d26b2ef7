"""Reference data of every database: safe to load at each start, shy of what an administrator edits."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.matters import Matter
from app.seeds.data_bureaus import BUREAUS, CONTACTS, Office
from app.seeds.data_codes import CODES, Code
from app.seeds.data_documents import FILING_PAPERS, RETURN_REASONS, SLOTS
from app.seeds.data_regions import PLACES, Place
from app.seeds.data_use_codes import REGISTRATION_TYPES, USE_CODES
from models import (
    Bureau,
    Contact,
    DictionaryEntry,
    MatterItem,
    MatterRule,
    Region,
    RegionAlias,
    RequiredDocument,
    ReturnReason,
)
from models.engine import begin_write


def load_reference(session: Session) -> Mapping[str, int]:
    """Insert what is missing, change and delete nothing: what is there is the administrator's; commit. Counts rows."""
    begin_write(session)
    done: Counter[str] = Counter()
    _load_dictionary(session, done)
    _load_regions(session, done)
    _load_bureaus(session, done)
    _load_required_documents(session, done)
    _load_return_reasons(session, done)
    _load_matter_rules(session, done)
    _load_matter_items(session, done)
    session.commit()
    return done


def _load_matter_rules(session: Session, done: Counter[str]) -> None:
    """One row per matter; none waits for the province unless the root bureau says so."""
    known = set(session.scalars(select(MatterRule.matter)))
    missing = [matter for matter in Matter if matter not in known]
    for matter in missing:
        session.add(MatterRule(matter=matter, waits_for_province=False))
        done["inserted"] += 1


def _load_matter_items(session: Session, done: Counter[str]) -> None:
    """Only into an empty table: which filing is meant by ④ is each city's to say, and the list its own."""
    if session.scalar(select(MatterItem.id).limit(1)) is not None:
        return
    for place, (zh, en, required) in enumerate(FILING_PAPERS, 1):
        labels = {"label_zh": zh, "label_en": en, "is_required": required, "is_active": True, "sort": place}
        session.add(MatterItem(matter=Matter.PROJECT_FILING, **labels))
        done["inserted"] += 1


def _dictionary_lines() -> Iterable[tuple[str, int, Code, str | None]]:
    for kind, codes in CODES.items():
        yield from ((kind, place, code, None) for place, code in enumerate(codes, 1))
    uses = [(category, code) for category, codes in USE_CODES.items() for code in codes]
    yield from (("use_code", place, code, category) for place, (category, code) in enumerate(uses, 1))
    yield from (("registration_type_code", place, code, None) for place, code in enumerate(REGISTRATION_TYPES, 1))


def _load_dictionary(session: Session, done: Counter[str]) -> None:
    known = {(kind, code) for kind, code in session.execute(select(DictionaryEntry.kind, DictionaryEntry.code))}
    for kind, place, code, parent in _dictionary_lines():
        if (kind, code.code) in known:
            continue
        labels = {"label_zh": code.zh, "label_en": code.en, "parent_code": parent, "edition": code.edition}
        session.add(DictionaryEntry(kind=kind, code=code.code, sort=place, is_active=True, **labels))
        done["inserted"] += 1


def _load_regions(session: Session, done: Counter[str]) -> None:
    """A code whose time an administrator has set otherwise comes back only where it would overlap nothing."""
    known: dict[str, list[Region]] = {}
    for region in session.scalars(select(Region)):
        known.setdefault(region.code, []).append(region)
    for place in PLACES:
        if not any(_overlap(place, region) for region in known.get(place.code, ())):
            session.add(_new_region(place))
            done["inserted"] += 1


def _overlap(place: Place, region: Region) -> bool:
    return place.valid_from <= (region.valid_to or date.max) and region.valid_from <= (place.valid_to or date.max)


def _new_region(place: Place) -> Region:
    return Region(
        code=place.code,
        name=place.name,
        parent_code=place.parent,
        valid_from=place.valid_from,
        valid_to=place.valid_to,
        successor_code=place.successor,
        is_local=place.is_local,
        aliases=[RegionAlias(system=system, code=code) for system, code in place.aliases],
    )


def _load_bureaus(session: Session, done: Counter[str]) -> None:
    """A bureau and its contacts are the administrator's from the moment they exist."""
    known = {bureau.code: bureau for bureau in session.scalars(select(Bureau))}
    for place, office in enumerate(BUREAUS, 1):
        if office.code not in known:
            known[office.code] = _new_bureau(office, place, known)
            session.add(known[office.code])
            done["inserted"] += 1


def _new_bureau(office: Office, place: int, known: Mapping[str, Bureau]) -> Bureau:
    people = [person for person in CONTACTS if person.bureau == office.code]
    return Bureau(
        code=office.code,
        name=office.name,
        parent=known[office.parent] if office.parent else None,
        region_code=office.code,
        effective_on=office.effective_on,
        requires_originals=office.requires_originals,
        sort=place,
        contacts=[
            Contact(person=p.person, phones=p.phones, qq=p.qq, qq_group=p.qq_group, sort=order)
            for order, p in enumerate(people, 1)
        ],
    )


def _load_required_documents(session: Session, done: Counter[str]) -> None:
    """A list of slots that exists is the administrator's, with the slots he took out of it."""
    known = {(row.record_kind, row.unit_kind) for row in session.scalars(select(RequiredDocument))}
    for place, slot in enumerate(SLOTS, 1):
        if (slot.record_kind, slot.unit_kind) in known:
            continue
        session.add(
            RequiredDocument(
                record_kind=slot.record_kind.value,
                unit_kind=slot.unit_kind.value if slot.unit_kind else None,
                slot=slot.slot,
                label_zh=slot.zh,
                label_en=slot.en,
                min_count=slot.fewest,
                max_count=slot.most,
                waived_with_uscc=slot.waived_with_uscc,
                sort=place,
            )
        )
        done["inserted"] += 1


def _load_return_reasons(session: Session, done: Counter[str]) -> None:
    known = set(session.scalars(select(ReturnReason.code)))
    for place, reason in enumerate(RETURN_REASONS, 1):
        if reason.code not in known:
            session.add(
                ReturnReason(code=reason.code, label_zh=reason.zh, label_en=reason.en, sort=place, is_active=True)
            )
            done["inserted"] += 1
