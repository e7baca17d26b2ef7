"""The letter of authority: taken in when it holds today, refused at the input that is wrong."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.terms import MandateForm, Role
from app.services import mandate, verify
from app.storage import FileStorage, ScanLimits
from models.attachment import Attachment
from models.audit import AuditEvent
from models.mandate import Mandate
from models.types import blind_index
from tests.builders import DAY, NOW, OTHER_ID_NUMBER, Case, a_case, mandate_of, staff
from tests.pdfs import scan_pdf

TODAY = date(2026, 11, 23)
OWN = frozenset({"legal_representative", "unit_seal", "agent"})
AGENCY = OWN | {"agency_seal"}
LETTER = {
    "mandate_form": "own_staff",
    "agent_name": "演示经办人丁",
    "agent_id_type": "1",
    "agent_id_number": OTHER_ID_NUMBER,
    "agent_mobile": "13800000000",
    "valid_from": "2026-11-01",
    "valid_to": "2027-04-30",
    "signed_on": "2026-10-30",
}
AGENT_ELSEWHERE = {"agency_name": "演示招标代理有限公司", "agency_code": "PDY00009-5"}
BY_AGENCY = {**LETTER, **AGENT_ELSEWHERE, "mandate_form": "tender_agency"}

Raw, Stamps = dict[str, str], frozenset[str]
Record = Callable[..., Mandate]


@pytest.fixture
def case(session: Session) -> Case:
    return a_case(session)


@pytest.fixture
def record(session: Session, case: Case, tmp_path: Path) -> Record:
    """Hand the letter in at the counter."""

    def hand_in(raw: Raw, stamps: Stamps = OWN, content: bytes | None = scan_pdf(), **by: object) -> Mandate:
        actor, owner = by.get("actor", case.clerk), case.organization.id
        scan = (io.BytesIO(content), "委托书.pdf") if content else None
        return mandate.add(
            session, actor, FileStorage(tmp_path), owner, raw, stamps, scan,
            limits=ScanLimits(), letter_code=str(by.get("letter_code", "")), now=NOW,
        )  # fmt: skip

    return hand_in


def blamed(session: Session, record: Record, *given: object) -> list[str]:
    """The inputs that are named, after making sure that nothing was written."""
    with pytest.raises(Invalid) as refusal:
        record(*given)
    session.rollback()
    assert session.scalar(select(func.count(Mandate.id))) == 0
    assert session.scalar(select(func.count(Attachment.id)).where(Attachment.slot == "mandate")) == 0
    return [problem.field for problem in refusal.value.problems]


@pytest.mark.parametrize(("raw", "stamps"), [(LETTER, OWN), (BY_AGENCY, AGENCY)], ids=["annex 1", "annex 2"])
def test_a_letter_in_order_is_recorded_with_its_scan(
    session: Session, record: Record, raw: Raw, stamps: Stamps
) -> None:
    letter = record(raw, stamps)

    assert (letter.form, letter.agent_name) == (raw["mandate_form"], "演示经办人丁")
    assert (letter.valid_from, letter.valid_to) == (date(2026, 11, 1), date(2027, 4, 30))
    assert letter.stamps == sorted(stamps)
    assert [(a.slot, a.original_name, a.page_count) for a in letter.attachments] == [("mandate", "委托书.pdf", 1)]
    assert letter.agent_id_number_index == blind_index(OTHER_ID_NUMBER)


def test_the_number_of_the_id_is_nowhere_in_plain(session: Session, record: Record) -> None:
    letter = record(LETTER)

    stored = session.execute(text("select agent_id_number from mandate")).scalar_one()
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "mandate:add")).one()
    assert OTHER_ID_NUMBER not in stored
    assert OTHER_ID_NUMBER not in str(event.after)
    assert (event.after["agent_id_number"], event.object_id) == ("320282********0025", letter.id)


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"agent_id_number": "320282190001010026"}, "agent_id_number"),
        ({"agent_mobile": "12345678901"}, "agent_mobile"),
        ({"agent_name": ""}, "agent_name"),
        ({"mandate_form": ""}, "mandate_form"),
        ({"mandate_form": "own"}, "mandate_form"),
        ({"agent_id_type": "77"}, "agent_id_type"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_to": "2026-11-22"}, "valid_to"),
        ({"valid_to": "2026-10-31"}, "valid_to"),
        ({"valid_from": "2026-11-24"}, "valid_from"),
        ({"signed_on": "2026-11-24"}, "signed_on"),
    ],
    ids=[
        "wrong check digit", "no mobile", "no agent", "no form", "unknown form", "unknown id type",
        "no first day", "ended yesterday", "ends before it begins", "begins tomorrow", "signed tomorrow",
    ],
)  # fmt: skip
def test_a_faulty_letter_is_refused_at_its_input(session: Session, record: Record, different: Raw, field: str) -> None:
    assert blamed(session, record, {**LETTER, **different}) == [field]


@pytest.mark.parametrize("missing", ["agency_name", "agency_code"])
def test_annex_2_names_its_agency(session: Session, record: Record, missing: str) -> None:
    assert blamed(session, record, {**BY_AGENCY, missing: ""}, AGENCY) == [missing]


@pytest.mark.parametrize(
    ("raw", "stamps"),
    [(LETTER, OWN - {"agent"}), (LETTER, frozenset()), (BY_AGENCY, OWN), (BY_AGENCY, AGENCY - {"unit_seal"})],
    ids=[
        "annex 1 without the agent's",
        "none",
        "annex 2 with the stamps of annex 1",
        "annex 2 without the unit's",
    ],
)
def test_a_missing_stamp_is_named(session: Session, record: Record, raw: Raw, stamps: Stamps) -> None:
    assert blamed(session, record, raw, stamps) == ["stamps"]


def test_the_code_of_a_printed_letter_tells_a_foreign_or_a_wrong_one(
    session: Session, case: Case, record: Record
) -> None:
    own = str(verify.letter_code(case.organization, MandateForm.OWN_STAFF))
    other_form = str(verify.letter_code(case.organization, MandateForm.TENDER_AGENCY))
    foreign = str(verify.letter_code(a_case(session).organization, MandateForm.OWN_STAFF))
    session.commit()

    for code, words in (
        (other_form, "格式"),
        (foreign, "别的单位"),
        ("a1-" + "0" * 20, "没有这样的"),
        ("<b>", "没有这样的"),
    ):
        with pytest.raises(Invalid, match=words) as refusal:
            record(LETTER, letter_code=code)
        assert [problem.field for problem in refusal.value.problems] == ["letter_code"]
    assert session.scalar(select(func.count(Mandate.id))) == 0
    assert record(LETTER, letter_code=own.upper()).id


def test_everything_wrong_is_told_at_once(session: Session, record: Record) -> None:
    faulty = {**LETTER, "agent_id_number": "1", "agent_mobile": "", "valid_to": "2026-11-22"}

    told = blamed(session, record, faulty, frozenset(), None)

    assert set(told) == {"agent_id_number", "agent_mobile", "valid_to", "stamps", "mandate"}


def test_a_scan_that_is_no_pdf_is_refused_at_the_scan(session: Session, record: Record) -> None:
    assert blamed(session, record, LETTER, OWN, b"just words") == ["mandate"]


def test_the_first_and_the_last_day_count(record: Record) -> None:
    assert record({**LETTER, "valid_from": "2026-11-23", "valid_to": "2026-11-23"}).id


def test_what_annex_1_does_not_have_is_not_kept(record: Record) -> None:
    letter = record({**BY_AGENCY, "mandate_form": "own_staff"}, AGENCY | {"made_up"})

    assert (letter.agency_name, letter.agency_code, letter.stamps) == (None, None, sorted(OWN))


def test_only_a_counter_clerk_records_letters(session: Session, case: Case, record: Record) -> None:
    with pytest.raises(Refused):
        record(LETTER, actor=case.reviewer)


def test_a_clerk_of_another_bureau_does_not_find_the_organization(session: Session, record: Record) -> None:
    elsewhere = staff(session, Role.COUNTER_CLERK, bureau="320213")

    with pytest.raises(NotFound):
        record(LETTER, actor=elsewhere)


def test_letters_offered_are_those_that_hold_today(session: Session, case: Case) -> None:
    owner, clerk = case.organization.id, case.clerk
    good = mandate_of(session, owner, clerk)
    mandate_of(session, owner, clerk, valid_to=TODAY - DAY, valid_from=TODAY - 9 * DAY)
    mandate_of(session, owner, clerk, valid_from=TODAY + DAY)
    mandate_of(session, owner, clerk, revoked_at=NOW)
    mandate_of(session, a_case(session).organization.id, clerk)

    offered = mandate.valid_for(session, clerk, owner, now=NOW)

    assert [letter.id for letter in offered] == [good.id]


@pytest.mark.parametrize(
    ("different", "word"),
    [
        ({}, "有效"),
        ({"valid_from": TODAY + DAY}, "未生效"),
        ({"valid_from": TODAY - 2 * DAY, "valid_to": TODAY - DAY}, "已过期"),
        ({"revoked_at": NOW}, "已撤销"),
    ],
    ids=["holds", "not yet", "no longer", "revoked"],
)
def test_a_letter_stands_in_one_state(session: Session, case: Case, different: dict, word: str) -> None:
    letter = mandate_of(session, case.organization.id, case.clerk, **different)

    assert mandate.state_of(letter, TODAY) == word
