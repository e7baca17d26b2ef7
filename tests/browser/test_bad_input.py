"""Bad input: a sentence at the field, and nothing of what was typed is lost (SPEC §8)."""

import pytest
from playwright.sync_api import expect

from tests import pdfs
from tests.browser import papers

pytestmark = pytest.mark.browser

APPLICANT, DRAFT = "PDY00001-X", "演示码头堆场改造项目"
GOOD_CODE = papers.org_code(10060)
WRONG_CODE = GOOD_CODE[:-1] + ("1" if GOOD_CODE[-1] != "1" else "2")
FULL_WIDTH_CODE = "".join(chr(ord(mark) + 0xFEE0) for mark in GOOD_CODE)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(WRONG_CODE, "校验位不符"), (FULL_WIDTH_CODE, f"请改为「{GOOD_CODE}」")],
    ids=["wrong check character", "full width"],
)
def test_a_code_that_is_not_right_is_told_at_registration(person, code, sentence):
    stranger, paper = person(), papers.registration(code)
    stranger.may_be_refused(422)

    stranger.registers(paper)

    stranger.sees_error("org_code", sentence)
    stranger.sees_typed({"org_code": code, "name": paper["name"], "contact_mobile": paper["contact_mobile"]})


def test_finish_before_start_is_told_and_the_form_kept(person):
    applicant = person(APPLICANT)
    applicant.opens("/projects/add")
    typed = {**papers.PROJECT, "planned_start_on": "2033-09-30", "planned_finish_on": "2031-03-01"}
    applicant.fills(typed)
    applicant.may_be_refused(422)

    applicant.presses("保存")

    applicant.sees_error("planned_finish_on", "计划竣工（2031-03-01）早于计划开工（2033-09-30）")
    choices = {"category_code", "approval_kind"}
    applicant.sees_typed({name: value for name, value in typed.items() if name not in choices})


def test_what_is_wrong_is_told_when_its_field_is_left_and_goes_when_it_is_mended(person):
    applicant = person(APPLICANT)
    applicant.opens("/projects/add")
    mobile, said = applicant.page.locator("#contact_mobile"), applicant.page.locator("#contact_mobile-e")

    applicant.fills({"contact_mobile": "1380000"})
    mobile.press("Tab")
    expect(said).to_contain_text("手机")
    expect(mobile).to_have_attribute("aria-invalid", "true")
    expect(mobile).to_have_attribute("aria-describedby", "contact_mobile-e contact_mobile-h")
    expect(applicant.page.locator("[data-error-for]")).to_have_count(1)

    applicant.fills({"contact_mobile": "13800000000"})
    mobile.press("Tab")
    expect(said).to_have_count(0)
    expect(mobile).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("演示程序.pdf", b"MZ\x90\x00" + bytes(2048), "PDF"),
        ("演示脚本.pdf", pdfs.script_in_names_tree(), "脚本"),
    ],
    ids=["a program renamed", "a PDF with JavaScript"],
)
def test_a_file_that_is_no_scan_is_refused_at_its_slot(person, name, content, sentence):
    applicant = person(APPLICANT)
    applicant.opens_record(DRAFT, "edit")
    applicant.may_be_refused(422)

    slot = applicant.uploads("approval_document", name, content)

    expect(slot.locator('[data-error-for="approval_document"]')).to_contain_text(sentence)
    expect(slot.locator("[data-files]")).not_to_contain_text(name)


def test_a_stale_form_shows_both_contents_and_keeps_the_typing(person):
    applicant = person(APPLICANT)
    later = applicant.another_tab()
    for tab in (applicant, later):
        tab.opens_record(DRAFT, "edit")
    applicant.fills({"address": "江阴市演示街道先保存的地点"})
    applicant.presses("保存")

    mine = {"address": "江阴市演示街道后保存的地点", "remarks": "后保存的备注\n写成两行"}
    later.fills(mine)
    later.may_be_refused(409)
    later.presses("保存")

    later.sees_message("danger", "已被别人修改")
    later.sees("先保存的地点", "后保存的地点", "后保存的备注", within="#both")
    later.sees_typed(mine)
    later.presses("保存")
    later.sees("后保存的地点", "后保存的备注")
