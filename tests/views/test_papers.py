"""Papers say what the screens say, hold any name, and carry a code that tells everybody what became of them."""

from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Role
from app.services import verify
from models.bureau import Bureau, Contact
from models.project import Project
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import MOBILE, NOW, Case
from tests.databases import on_sqlite
from tests.views.applicants import a_case
from tests.views.pages import value

pytestmark = on_sqlite  # what is printed is read by services that stand tried on both
ClientFor = Callable[..., ConsoleClient]
RARE = "演示㙟•𠮷<b>建设</b>#[x]$y$" + "长" * 120 + "W" * 60
A4_POINTS = 595


@pytest.fixture
def case(db_session: Session) -> Case:
    return a_case(db_session)


@pytest.fixture
def owner(client_for: ClientFor, case: Case) -> ConsoleClient:
    return client_for(case.organization.org_code)


def printed(browser: ConsoleClient, path: str, code: int = 200) -> pypdfium2.PdfDocument | None:
    answer = browser.get(path)
    assert answer.status_code == code, (path, answer.status)
    if code != 200:
        return None
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    return pypdfium2.PdfDocument(answer.get_data())


def text_of(paper: pypdfium2.PdfDocument) -> str:
    """What stands on it, without the breaks that its lines make."""
    pages = [page.get_textpage().get_text_range() for page in paper]
    return "".join("".join(pages).split())


def test_the_form_says_every_value_of_the_page(owner: ConsoleClient, db_session: Session, case: Case) -> None:
    project = builders.draft_project(db_session, case.applicant, name="演示打印项目", remarks=None)
    shown = owner.get(f"/projects/show/{project.id}").get_data(as_text=True)

    text = text_of(printed(owner, f"/projects/paper/{project.id}/form"))

    for name in ("name", "category_code", "use_code", "investment_10k_cny", "approval_document_number", "region_code"):
        assert "".join(value(shown, name).split()) in text, name
    assert "项目登记表" in text and "单位盖章" in text
    assert MOBILE not in text


def test_a_long_name_with_rare_characters_stays_on_the_paper(
    owner: ConsoleClient, db_session: Session, case: Case
) -> None:
    project = builders.draft_project(db_session, case.applicant)
    project.name = RARE
    db_session.commit()

    paper = printed(owner, f"/projects/paper/{project.id}/form")

    assert RARE in text_of(paper)
    for page in paper:
        for drawn in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            left, _bottom, right, _top = drawn.get_pos() if hasattr(drawn, "get_pos") else drawn.get_bounds()
            assert left >= 0 and right <= A4_POINTS - 50, "over the edge of its cell"


def test_the_enterprise_has_its_form_too(owner: ConsoleClient, db_session: Session, case: Case) -> None:
    record = case.organization.enterprise

    text = text_of(printed(owner, f"/enterprises/paper/{record.id}/form"))

    assert "企业信息表" in text and case.organization.org_code in text
    printed(owner, f"/enterprises/paper/{record.id}/certificate", 404)


def test_a_return_is_told_at_once(owner: ConsoleClient, db_session: Session, case: Case) -> None:
    project = builders.submitted_project(db_session, case.applicant)
    printed(owner, f"/projects/paper/{project.id}/notice", 404)
    contact = db_session.scalars(select(Contact).join(Contact.bureau).where(Bureau.code == "320281")).one()
    contact.counter_address, contact.counter_hours = "演示路1号二楼", "周一至周五 9:00-17:00"
    db_session.commit()
    builders.send_back(db_session, case, project, builders.ITEM, builders.SCAN_ITEM)

    text = text_of(printed(owner, f"/projects/paper/{project.id}/notice"))

    assert "一次性告知单" in text and "共2项" in text
    assert "请按批文第四条改正" in text and "缺第2页" in text
    for told in ("退回日期", "2026-11-23", "窗口地址", "演示路1号二楼", "周一至周五9:00-17:00", "86071119"):
        assert told in text
    assert f"/projects/paper/{project.id}/notice" in owner.get(f"/projects/show/{project.id}").get_data(as_text=True)


def test_a_receipt_is_there_once_the_originals_were_seen_and_its_code_says_so_to_everybody(
    client: ConsoleClient, client_for: ClientFor, db_session: Session, case: Case
) -> None:
    project = builders.submitted_project(db_session, case.applicant, name="演示核验项目")
    clerk = client_for(Role.COUNTER_CLERK)
    printed(clerk, f"/projects/paper/{project.id}/receipt", 404)
    builders.check_all(db_session, project, case.clerk)

    text = text_of(printed(clerk, f"/projects/paper/{project.id}/receipt"))

    code = str(verify.receipt_code(project, NOW))
    assert code in text and "相符" in text
    page = client.get(f"/verify/{code}").get_data(as_text=True)
    assert (value(page, "name"), value(page, "at")) == ("演示核验项目", "2026-11-23 10:00")
    assert MOBILE not in page and builders.ID_NUMBER not in page


def test_a_later_visit_replaces_the_receipt(client: ConsoleClient, db_session: Session, case: Case) -> None:
    project = builders.submitted_project(db_session, case.applicant)
    for at in (NOW, NOW + timedelta(hours=1)):
        builders.check_all(db_session, project, case.clerk, now=at)

    old, new = (
        client.get(f"/verify/{verify.receipt_code(project, at)}").get_data(as_text=True)
        for at in (NOW, NOW + timedelta(hours=1))
    )

    assert "以后又核验过" in old
    assert "以后又核验过" not in new


def test_the_certificate_says_what_the_number_is_now(
    client: ConsoleClient, owner: ConsoleClient, db_session: Session, case: Case
) -> None:
    project = builders.approved_project(db_session, case, name="演示编号项目")
    code = verify.certificate_code(project)

    text = text_of(printed(owner, f"/projects/paper/{project.id}/certificate"))

    assert str(code) in text and "".join(str(project.number)) in text.replace("·", "")
    assert "已发号" in client.get(f"/verify/{code}").get_data(as_text=True)
    project.status = "voided"
    db_session.commit()
    assert "已经作废" in client.get(f"/verify/{str(code).upper()}").get_data(as_text=True)


def test_a_guessed_code_tells_nothing(client: ConsoleClient, db_session: Session, case: Case) -> None:
    project = builders.approved_project(db_session, case, name="演示编号项目")
    good = str(verify.certificate_code(project))
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")

    for code in (wrong, f"r{good[1:]}", f"c{project.id + 1}{good[good.index('-') :]}", "c1", "x" * 500, "编号", "%00"):
        answer = client.get(f"/verify/{code}")
        assert answer.status_code == 404, code
        assert "演示编号项目" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("sheet", ["form", "notice", "receipt", "certificate", "letter", "..", "1"])
def test_others_find_no_paper(client_for: ClientFor, db_session: Session, case: Case, sheet: str) -> None:
    project: Project = builders.approved_project(db_session, case)
    stranger = client_for(a_case(db_session).organization.org_code)

    assert stranger.get(f"/projects/paper/{project.id}/{sheet}").status_code == 404


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("letter-1", ["附件1", "现授权我单位", "单位公章", "代理人无转委权"]),
        ("letter-2", ["附件2", "招标代理机构", "受委托人单位公章", "代理人无转委权"]),
        ("password-reset", ["密码重置申请", "单位盖章"]),
    ],
)
def test_a_form_is_blank_for_everybody_and_begun_for_its_organization(
    client: ConsoleClient, owner: ConsoleClient, case: Case, name: str, told: list[str]
) -> None:
    blank, begun = (text_of(printed(browser, f"/forms/{name}")) for browser in (client, owner))

    for part in told:
        assert part in blank and part in begun, part
    assert case.organization.name not in blank
    assert case.organization.name in begun


def test_a_form_that_is_none_is_not_there(client: ConsoleClient) -> None:
    assert client.get("/forms/letter-3").status_code == 404


def test_a_code_is_checked_as_it_was_copied(client: ConsoleClient, db_session: Session, case: Case) -> None:
    code = str(verify.certificate_code(builders.approved_project(db_session, case)))
    kind, _, proof = code.partition("-")

    for typed in (
        f"https://yht.example.cn/verify/{code}", f"{kind}{proof}", f"{kind}—{proof}", f" {kind} - {proof[:10]} {proof[10:]}",
        f"{code.upper()}。", f"核对码：{code}", "\u200b".join(code), f"http://127.0.0.1:8080/verify/{code}?lang=zh",
    ):  # fmt: skip
        answer = client.get("/verify/", query_string={"code": typed})
        assert answer.headers["Location"] == f"/verify/{code}", typed
    assert client.get(f"/verify/{kind}–{proof}").status_code == 200
    assert client.get("/verify/", query_string={"code": "https://other.example.cn/x"}).status_code == 404


def test_a_page_of_a_paper_comes_as_a_drawing_to_be_printed(
    client_for: Callable[..., ConsoleClient], db_session: Session, case: Case
) -> None:
    project = builders.submitted_project(db_session, case.applicant)
    builders.check_all(db_session, project, case.clerk)
    path = f"/projects/paper/{project.id}/receipt"
    db_session.rollback()
    clerk = client_for(Role.COUNTER_CLERK)

    answer = clerk.get(f"{path}?page=1")

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert b"<svg" in answer.data and "sandbox" in answer.headers["Content-Security-Policy"]
    assert [clerk.get(f"{path}?page={none}").status_code for none in ("2", "0", "x", "")] == [204, 404, 404, 404]
    desk = clerk.get(f"/counter/{project.id}").get_data(as_text=True)
    assert f'href="{path}"' in desk and "data-print-paper" in desk
