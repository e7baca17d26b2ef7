"""What people hold in their hands, and what they say on the telephone: letters, receipts, resets, re-claims, calls."""

import io
import re
from datetime import date, timedelta

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser import papers, qr
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BUILDER, NAME = "PDY00001-X", "江阴市演示教育发展中心"
CODE_ON_PAPER = re.compile(r"[rcab][0-9]+-[0-9a-f]{20}")
VERIFY = re.compile(r"https?://[^/]+/verify/")
SQUATTED = papers.org_code(10077)
SLIP = re.compile(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}")


def printed(somebody: Person, path: str) -> bytes:
    """The PDF behind a link, as the browser of this person gets it."""
    answer = somebody.page.request.get(path)
    assert answer.ok and answer.headers["content-type"] == "application/pdf", (path, answer.status)
    return answer.body()


def code_on(pdf: bytes) -> str:
    """The code as it is written, once its picture was read and says the same."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    line = "".join(text.split())  # a long word may break anywhere
    found, place = CODE_ON_PAPER.search(line), VERIFY.search(line)
    assert found and place, text
    assert qr.is_printed(pypdfium2.PdfDocument(pdf)[0], place[0] + found[0]), "the picture leads elsewhere"
    return found[0]


def printed_by_key(somebody: Person, key: str) -> bytes:
    """What comes out of the printer when the key is pressed: drawn, so its code is read from the picture."""
    page = somebody.page
    page.evaluate("window.print = () => { document.documentElement.dataset.printed = '1'; }")
    page.keyboard.press(key)
    page.wait_for_selector("html[data-printed]", state="attached")
    return page.pdf(prefer_css_page_size=True, print_background=True)


def scanned(pdf: bytes) -> bytes:
    """The paper after it went through a scanner: a picture in a PDF, no text."""
    out = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=1.5).to_pil().convert("L").save(out, "PDF")
    return out.getvalue()


def test_a_letter_goes_from_paper_to_the_receipt_that_anybody_can_verify(person, console):
    owner, clerk, stranger = person(BUILDER), person("clerk.jiangyin"), person()
    owner.opens("/help/")
    letter = printed(owner, "/forms/letter-1")
    code = code_on(letter)
    stranger.opens(f"/verify/{code}")
    stranger.sees("法人授权委托书（附件1）", NAME)

    clerk.opens(f"/counter/?q={code}")
    clerk.follows("核验原件")
    clerk.clicks(clerk.page.locator("details.new-letter:not([open]) > summary"))
    agent = "演示新经办人"
    today = date.fromisoformat(clerk.page.evaluate("document.body.dataset.today || ''") or date.today().isoformat())
    clerk.fills(
        {
            **papers.MANDATE, "agent_name": agent, "valid_from": str(today - timedelta(days=1)),
            "valid_to": str(today + timedelta(days=30)), "signed_on": str(today - timedelta(days=1)),
        },
        "#desk",
    )  # fmt: skip
    scan = {"name": "委托书扫描件.pdf", "mimeType": "application/pdf", "buffer": scanned(letter)}
    clerk.page.locator('input[type=file][name="mandate"]').set_input_files(scan)
    clerk.presses("登记委托书")
    clerk.sees_message("success", "委托书已登记")

    clerk.fills({"presented_by": "演示另一人"})
    for mark in clerk.page.locator(".original [value=match]").all():
        clerk.checks(mark)
    clerk.presses("核验完成，出具回执")
    clerk.sees_error("presented_by", "无转委权")
    clerk.fills({"presented_by": agent})
    clerk.presses("核验完成，出具回执")
    clerk.sees_message("success", "原件核验完成")

    project = re.search(r"/counter/(\d+)", clerk.page.url)[1]
    receipt = code_on(printed(owner, f"/projects/paper/{project}/receipt"))
    sheets = pypdfium2.PdfDocument(printed_by_key(clerk, "F9"))
    assert len(sheets) == 1 and qr.is_printed(sheets[0], f"{console.origin}/verify/{receipt}")
    stranger.opens(f"/verify/{receipt}")
    stranger.sees("原件核验回执", NAME)
    assert agent not in stranger.page.content()
    clerk.opens("/counter/log/")
    clerk.sees(agent, "登记授权委托书", "核验原件，全部相符")


def test_a_squatted_code_is_claimed_back_then_its_password_is_lost(person, console):
    squatter, clerk, root = person(), person("clerk.jiangyin"), person("admin.wuxi")
    clerk.watch.refusals.add(422)
    squatter.registers({**papers.registration(SQUATTED), "name": "演示占用者"})
    squatter.signs_in(SQUATTED, papers.FIRST_PASSWORD)
    squatter.changes_password(papers.FIRST_PASSWORD, papers.NEW_PASSWORD)
    squatter.opens("/enterprises/add")
    squatter.fills({"address": "演示占用者的地址"})
    squatter.presses("保存")

    clerk.opens(f"/calls/?q={SQUATTED}")
    clerk.follows("代码认领")
    clerk.presses("受理")
    clerk.sees_error("basis", "请填写")
    clerk.fills(
        {
            "name": "演示真正的单位", "unit_kind": "government", "contact_name": "演示真联系人",
            "contact_mobile": "13800000077", "privacy_consent": True, "brought_by": "演示经办人",
            "basis": "演示：组织机构代码证原件、附件1", "originals_seen": True,
        }
    )  # fmt: skip
    clerk.presses("受理")
    clerk.sees_message("success", "已受理")
    request = clerk.page.url
    clerk.opens("/calls/")

    root.opens(request.removeprefix(console.origin))
    root.presses("确认办理")
    slip = SLIP.search(root.page.locator('[data-field="secret"]').inner_text())[0]

    squatter.opens("/")  # the live session has died with the code
    assert "演示占用者" not in squatter.page.content()
    expect(squatter.page.get_by_role("link", name="登录").first).to_be_visible()
    owner = person()
    owner.signs_in(SQUATTED, slip)
    owner.opens("/enterprises/list/")
    owner.sees("请先修改密码")
    owner.changes_password(slip, papers.NEW_PASSWORD)
    owner.opens("/")
    owner.sees("演示真正的单位")
    assert "演示占用者" not in owner.page.content()

    clerk.opens(f"/calls/?q={SQUATTED}")
    clerk.follows("密码重置")
    clerk.fills({"brought_by": "演示经办人", "basis": "演示：盖章申请、身份证", "originals_seen": True})
    clerk.presses("受理")
    root.opens(clerk.page.url.removeprefix(console.origin))
    root.presses("确认办理")
    root.sees_message("success", "一次性密码已发到")
    clerk.waits_for("/simulator/sms/", "密码已在窗口重置")
    sent = SLIP.search(clerk.page.locator("main").inner_text())[0]
    owner.opens("/")
    expect(owner.page.get_by_role("link", name="登录").first).to_be_visible()
    owner.signs_in(SQUATTED, sent)
    owner.changes_password(sent, papers.NEW_PASSWORD + " again")
    owner.sees_message("success", "密码已修改")


def test_a_call_is_answered_from_one_page(person, console):
    owner, clerk = person("PDY00002-8"), person("clerk.jiangyin")
    owner.opens("/password/")
    owner.watch.refusals.add(422)
    owner.changes_password("演示错误的原密码", papers.NEW_PASSWORD)
    clerk.opens("/calls/")
    clerk.fills({"q": "pdy000028"}, "main")
    clerk.presses("查找")
    clerk.sees("最近一次出错", "原密码不对", "单位现在看到的首页")
    assert clerk.page.locator("[data-mirror]").evaluate("e => e.inert")
    clerk.page.locator('button[name="message"]').first.click()
    clerk.sees_message("success", "重新排队")
    clerk.watch.refusals.add(422)
    clerk.presses("记录来电")
    clerk.sees_error("note", "请填写来电内容")
    clerk.fills({"note": "演示：忘记原密码，已告知到窗口办理重置。"})
    clerk.presses("记录来电")
    clerk.sees("已告知到窗口办理重置", within=".timeline >> nth=0")
