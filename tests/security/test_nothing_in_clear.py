"""After a whole journey no identity number, mobile or password stands in clear in the database, files or logs."""

import base64
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, make_url, select
from sqlalchemy.orm import Session

from app.domain.identifiers import resident_id_fault
from app.domain.terms import Role
from config import Settings
from models.organization import Organization
from models.project import Project
from tests import builders, pdfs
from tests.app_fixtures import MONDAY, ConsoleClient
from tests.views.pages import inputs

CODE, NEW_PASSWORD = builders.org_code(7), "Long-Walk-Home-42"


def _id_number(serial: int) -> str:
    """A number that nobody has: of somebody born in 1900, as DOMAIN's vectors are."""
    endings = (f"32028119000101{serial:03d}{last}" for last in "0123456789X")
    return next(number for number in endings if resident_id_fault(number, MONDAY.date()) is None)


MOBILES = {
    name: f"1391{n}{n}4{n}567"
    for n, name in enumerate(
        ("registered", "enterprise", "legal", "project", "agent", "mistyped", "searched", "name tried", "retyped")
    )
}
DECLARED = {"truthfulness_declared": "y"}
PHONE = "0510-86401234"
ID_NUMBERS = {name: _id_number(111 * (n + 1)) for n, name in enumerate(("legal", "agent", "mistyped"))}
SECRETS = {
    **{f"mobile {name}": text for name, text in MOBILES.items()},
    **{f"id {name}": text for name, text in ID_NUMBERS.items()},
    "phone": PHONE,
    "password": NEW_PASSWORD,
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is said at INFO or above, the engine's statements included."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    loggers = {logging.getLogger(name): logging.getLogger(name).level for name in (None, "sqlalchemy.engine", "app")}
    for logger in loggers:
        logger.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield said
    logging.getLogger().removeHandler(handler)
    for logger, level in loggers.items():
        logger.setLevel(level)


def uploaded(browser: ConsoleClient, path: str, name: str, form: dict[str, Any] | None = None) -> int:
    sent = {**(form or {}), name: (io.BytesIO(pdfs.scan_pdf(path)), "演示.pdf")}
    return browser.send(path, sent, content_type="multipart/form-data").status_code


def approved(browser: ConsoleClient, path: str) -> int:
    """The review page's form, as it stands."""
    return browser.send(path, {**inputs(browser.get(path).get_data(as_text=True)), "comment": "同意"}).status_code


class Journey:
    """SPEC §3 by its requests, each with personal data of its own, and mistakes on the way."""

    def __init__(self, app: Flask, people: dict[str, ConsoleClient]) -> None:
        self.applicant: ConsoleClient = app.test_client()  # type: ignore[assignment]
        self.people = people

    def goes(self, session: Session) -> str:
        self._registers()
        self._hands_in_the_enterprise(session)
        key = self._hands_in_a_project(session)
        self._is_checked(session, key)
        session.rollback()
        return session.get_one(Project, key).number or ""

    def _registers(self) -> None:
        person = self.applicant
        form = {"org_code": CODE, "name": "演示建设单位", "unit_kind": "government", "contact_name": "演示联系人",
                "contact_phone": PHONE, "contact_mobile": MOBILES["registered"], "privacy_consent": "y"}  # fmt: skip
        assert person.send("/register/", {**form, "contact_mobile": MOBILES["mistyped"] + "1"}).status_code == 422
        assert person.send("/register/", form).status_code == 302
        person.sign_in(MOBILES["name tried"], NEW_PASSWORD)
        assert person.sign_in(CODE, "11111").location == "/password/"
        changed = {"current_password": "11111", "new_password": NEW_PASSWORD, "confirm_password": NEW_PASSWORD}
        assert person.send("/password/", changed).location == "/"

    def _hands_in_the_enterprise(self, session: Session) -> None:
        person = self.applicant
        form = {**builders.ENTERPRISE, "legal_representative_id_number": ID_NUMBERS["legal"],
                "legal_representative_phone": MOBILES["legal"], "contact_mobile": MOBILES["enterprise"]}  # fmt: skip
        wrong = {**form, "legal_representative_id_number": ID_NUMBERS["mistyped"][:-1] + "?"}
        assert person.send("/enterprises/add", wrong).status_code == 422
        added = person.send("/enterprises/add", form)
        key = added.location.rsplit("/", 1)[1]
        assert uploaded(person, f"/enterprises/{key}/attachments/org_code_certificate", "file") == 302
        assert person.send(f"/enterprises/action/submit/{key}", DECLARED).status_code == 302
        assert approved(self.people["reviewer"], f"/enterprises/approve/{key}") == 302

    def _hands_in_a_project(self, session: Session) -> int:
        person = self.applicant
        form = {**builders.PROJECT, "name": "演示项目", "contact_mobile": MOBILES["project"],
                "approval_document_number": "澄发改投〔2026〕演示7号"}  # fmt: skip
        key = int(person.send("/projects/add", form).location.rsplit("/", 1)[1])
        retyped = {**form, "version": "1", "contact_mobile": MOBILES["retyped"]}
        assert person.send(f"/projects/edit/{key}", retyped).status_code == 302
        assert uploaded(person, f"/projects/{key}/attachments/approval_document", "file") == 302
        assert person.send(f"/projects/action/submit/{key}", DECLARED).status_code == 302
        return key

    def _is_checked(self, session: Session, key: int) -> None:
        clerk, reviewer = self.people["clerk"], self.people["reviewer"]
        clerk.get(f"/counter/?q={MOBILES['searched']}")
        clerk.get(f"/counter/?q={ID_NUMBERS['agent']}")
        letter = {
            "mandate_form": "own_staff", "agent_name": "演示经办人", "agent_id_type": "1",
            "agent_id_number": ID_NUMBERS["agent"], "agent_mobile": MOBILES["agent"], "valid_from": "2026-11-20",
            "valid_to": "2026-12-20", "signed_on": "2026-11-20",
            "stamps": ["agent", "legal_representative", "unit_seal"],
        }  # fmt: skip
        assert uploaded(clerk, f"/counter/{key}/mandate", "mandate", letter) == 302
        session.rollback()
        project = session.get_one(Project, key)
        scans = [*project.organization.enterprise.attachments, *project.attachments]
        found = {f"originals-{scan.id}": "match" for scan in scans}
        chosen = {"mandate_id": str(project.organization.mandates[0].id)}
        session.rollback()
        assert clerk.send(f"/counter/{key}/originals", {**found, **chosen}).status_code == 302
        assert approved(reviewer, f"/projects/approve/{key}") == 302
        assert clerk.send(f"/counter/{key}/hand_over", {"received_by": "演示经办人", **chosen}).status_code == 302


def _as_dumped(url: str, engine: Engine, folder: Path) -> dict[str, bytes]:
    """The raw bytes of every file, or every row of every table as text."""
    if make_url(url).get_backend_name() == "sqlite":
        return {path.name: path.read_bytes() for path in Path(make_url(url).database or "").parent.glob("*.db*")}
    found = {}
    with engine.connect() as connection:
        for name in inspect(engine).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT row_to_json(t)::text FROM "{name}" t').scalars()
            found[name] = "\n".join(rows).encode()
    return found


def _ways_to_write(text: str) -> set[bytes]:
    """The text as it is, and as a careless coding would leave it."""
    plain = text.encode()
    coded = {base64.b64encode(b"x" * shift + plain)[4 * (shift > 0) : -4] for shift in range(3)}
    return {plain, plain[::-1], plain.hex().encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), *coded}


def _found_in(places: dict[str, bytes]) -> list[tuple[str, str]]:
    return [
        (where, name)
        for where, content in places.items()
        for name, text in SECRETS.items()
        if any(way in content for way in _ways_to_write(text))
    ]


def test_no_personal_data_or_password_is_left_in_clear(
    app: Flask, settings: Settings, db_session: Session, client_for: Any, log: io.StringIO, tmp_path: Path
) -> None:
    people = {"reviewer": client_for(Role.REVIEWER), "clerk": client_for(Role.COUNTER_CLERK)}

    journey = Journey(app, people)
    number = journey.goes(db_session)

    assert number.startswith("320281261123")
    organization = db_session.scalars(select(Organization)).one()
    assert organization.contact_mobile == MOBILES["registered"], "the search below would find nothing anywhere"
    db_session.rollback()
    engine = create_engine(settings.database_url)
    places = _as_dumped(settings.database_url, engine, tmp_path)
    engine.dispose()
    for path in settings.data_dir.rglob("*"):
        if path.is_file():
            places[str(path.relative_to(settings.data_dir))] = path.read_bytes()
    places["log"] = log.getvalue().encode()
    for who, browser in {**people, "applicant": journey.applicant}.items():
        with browser.session_transaction() as cookie:
            places[f"cookie of {who}"] = repr(dict(cookie)).encode()
    assert len(places["log"]) > 1000
    assert number.encode() in b"".join(places.values()), "what is looked through is not what was written"
    assert _found_in(places) == []


def test_the_search_finds_what_is_in_clear() -> None:
    for name, text in SECRETS.items():
        written = base64.b64encode(f"a{text}bcd".encode())
        assert _found_in({"here": b"..." + text.encode() + b"..."}) == [("here", name)]
        assert _found_in({"here": written}) == [("here", name)]
