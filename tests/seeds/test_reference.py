"""Reference data: complete, loaded again without harm, and shy of what an administrator has edited."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.seeds.reference import load_reference
from models import Bureau, Contact, DictionaryEntry, Region, RequiredDocument, ReturnReason
from tests.databases import on_sqlite

KINDS_BY_SIZE = {
    "category_code": 3,
    "approval_level_code": 4,
    "construction_nature_code": 7,
    "use_code": 34,
    "structure_code": 17,
    "id_type": 7,
    "tender_type": 9,
    "tender_method": 4,
    "contract_type": 12,
    "funding_nature_code": 5,
    "data_source": 4,
    "data_level": 4,
    "currency_code": 5,
    "enterprise_role": 7,
    "seismic_code": 5,
    "registration_type_code": 30,
}


def test_every_code_table_is_there_with_all_its_codes(session: Session) -> None:
    counted = session.execute(select(DictionaryEntry.kind, func.count()).group_by(DictionaryEntry.kind))

    assert dict(counted.all()) == KINDS_BY_SIZE


def test_loading_again_changes_nothing(session: Session) -> None:
    done = load_reference(session)

    assert dict(done) == {}


@on_sqlite
def test_a_use_belongs_to_the_category_its_code_tells(session: Session) -> None:
    uses = session.scalars(select(DictionaryEntry).where(DictionaryEntry.kind == "use_code")).all()

    assert {(use.code, use.parent_code) for use in uses} == {
        (use.code, "02" if use.code.startswith("0") else "01") for use in uses
    }


@on_sqlite
def test_a_code_that_an_administrator_reworded_or_switched_off_stays_so(session: Session) -> None:
    entry = session.scalars(select(DictionaryEntry).filter_by(kind="category_code", code="99")).one()
    entry.label_zh, entry.label_en, entry.is_active = "其他工程", "Other works", False
    session.commit()

    load_reference(session)

    assert (entry.label_zh, entry.label_en, entry.is_active) == ("其他工程", "Other works", False)


@on_sqlite
def test_a_region_that_an_administrator_renamed_ended_or_dated_anew_stays_so(session: Session) -> None:
    binhu = session.scalars(select(Region).filter_by(code="320211")).one()
    binhu.name, binhu.valid_from, binhu.valid_to = "滨湖老区", date(2001, 2, 1), date(2026, 1, 31)
    session.commit()

    done = load_reference(session)

    assert dict(done) == {}
    assert (binhu.name, binhu.valid_from, binhu.valid_to) == ("滨湖老区", date(2001, 2, 1), date(2026, 1, 31))


@on_sqlite
def test_what_is_missing_comes_back(session: Session) -> None:
    session.delete(session.scalars(select(DictionaryEntry).filter_by(kind="category_code", code="99")).one())
    session.commit()

    assert dict(load_reference(session)) == {"inserted": 1}


@on_sqlite
def test_what_an_administrator_edited_is_kept(session: Session) -> None:
    jiangyin = session.scalars(select(Bureau).filter_by(code="320281")).one()
    jiangyin.name, jiangyin.requires_originals = "江阴市住建局", False
    jiangyin.contacts[0].phones = "00000000"
    session.scalars(select(ReturnReason).filter_by(code="other")).one().label_zh = "其他原因"
    session.commit()

    load_reference(session)

    assert (jiangyin.name, jiangyin.requires_originals) == ("江阴市住建局", False)
    assert [contact.phones for contact in jiangyin.contacts] == ["00000000"]
    assert session.scalars(select(ReturnReason.label_zh).filter_by(code="other")).one() == "其他原因"


@on_sqlite
def test_a_slot_or_contact_that_was_deleted_does_not_come_back(session: Session) -> None:
    for contact in session.scalars(select(Contact)):
        session.delete(contact)
    session.delete(session.scalars(select(RequiredDocument).filter_by(slot="other")).one())
    session.commit()

    load_reference(session)

    assert session.scalars(select(Contact)).all() == []
    assert session.scalars(select(RequiredDocument).filter_by(slot="other")).all() == []


def _slots(session: Session, unit_kind: str | None, *, with_uscc: bool = False) -> dict[str, tuple[int, int]]:
    rows = session.scalars(select(RequiredDocument).where(RequiredDocument.unit_kind == unit_kind))
    return {row.slot: (row.min_count, row.max_count) for row in rows if not (with_uscc and row.waived_with_uscc)}


SLOTS = {
    "enterprise": ({"org_code_certificate", "business_license"}, {"business_license"}),
    "government": ({"org_code_certificate"}, {"org_code_certificate"}),
    "institution": ({"org_code_certificate", "institution_certificate"}, {"institution_certificate"}),
    "association": ({"org_code_certificate", "association_certificate"}, {"association_certificate"}),
    "other": ({"org_code_certificate"}, {"org_code_certificate"}),
}


@on_sqlite
@pytest.mark.parametrize(("unit_kind", "slots"), SLOTS.items(), ids=SLOTS.keys())
def test_an_enterprise_record_asks_for_the_scans_of_its_kind(
    session: Session, unit_kind: str, slots: tuple[set[str], set[str]]
) -> None:
    asked, asked_with_uscc = slots

    assert set(_slots(session, unit_kind)) == asked
    assert set(_slots(session, unit_kind, with_uscc=True)) == asked_with_uscc


@on_sqlite
def test_a_project_takes_one_to_ten_approvals_and_up_to_ten_others(session: Session) -> None:
    assert _slots(session, None) == {"approval_document": (1, 10), "other": (0, 10)}


def _in_force(session: Session, day: date) -> set[str]:
    ended = (Region.valid_to.is_(None)) | (Region.valid_to >= day)
    rows = select(Region.code).where(Region.parent_code == "320200", Region.valid_from <= day, ended)
    return set(session.scalars(rows))


UNCHANGED = {"320205", "320206", "320211", "320281", "320282"}
OLD = {"320202", "320203", "320204", "320291"}
NEW = {"320213", "320214"}


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        pytest.param(date(2016, 1, 10), UNCHANGED | OLD, id="the notice's day"),
        pytest.param(date(2016, 2, 19), UNCHANGED | OLD, id="last day of the old districts"),
        pytest.param(date(2016, 2, 20), UNCHANGED | NEW, id="first day of the new districts"),
        pytest.param(date(2026, 11, 23), UNCHANGED | NEW, id="ten years on"),
    ],
)
def test_wuxi_has_the_districts_of_the_day(session: Session, day: date, codes: set[str]) -> None:
    assert _in_force(session, day) == codes


@on_sqlite
def test_each_ended_district_names_a_successor_in_force(session: Session) -> None:
    ended = session.scalars(select(Region).where(Region.valid_to.is_not(None))).all()

    assert {region.code: region.successor_code for region in ended} == {
        "320202": "320213",
        "320203": "320213",
        "320204": "320213",
        "320291": "320214",
    }


@on_sqlite
def test_the_province_knows_the_new_districts_by_its_own_codes(session: Session) -> None:
    aliases = session.scalars(select(Region).where(Region.aliases.any()).order_by(Region.code)).all()

    assert {region.code: {alias.system: alias.code for alias in region.aliases} for region in aliases} == {
        "320213": {"province": "320207"},
        "320214": {"municipal": "320291", "province": "320208"},
    }


@on_sqlite
def test_every_region_stands_below_one_that_exists(session: Session) -> None:
    regions = session.scalars(select(Region)).all()
    codes = {region.code for region in regions}

    assert {region.parent_code for region in regions if region.parent_code} <= codes
    assert sum(region.parent_code is None for region in regions) == 34
    assert sum(region.parent_code == "320000" for region in regions) == 13


@on_sqlite
def test_the_bureaus_are_a_tree_below_wuxi_and_jiangyin_began_on_the_notices_day(session: Session) -> None:
    bureaus = {bureau.code: bureau for bureau in session.scalars(select(Bureau))}

    assert {code for code, bureau in bureaus.items() if bureau.parent is None} == {"320200"}
    assert {child.code for child in bureaus["320200"].children} == set(bureaus) - {"320200"}
    assert bureaus["320281"].effective_on == date(2016, 1, 10)
    assert [code for code, bureau in bureaus.items() if bureau.requires_originals] == ["320281"]


@on_sqlite
def test_the_published_contacts_are_those_of_the_notice(session: Session) -> None:
    contacts = session.scalars(select(Contact).order_by(Contact.id)).all()

    assert [(c.bureau.code, c.person, c.phones, c.qq, c.qq_group) for c in contacts] == [
        ("320200", "高洋", "81822714、68783364", "335855289", "115399101"),
        ("320281", "张潇", "86071119", "335855289", "115399101"),
    ]


@on_sqlite
def test_there_are_ready_reasons_for_a_return(session: Session) -> None:
    codes = set(session.scalars(select(ReturnReason.code)))

    assert len(codes) >= 12
    assert {"original_differs", "original_missing", "other"} <= codes
