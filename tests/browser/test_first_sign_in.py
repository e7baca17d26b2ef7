"""The initial password is known to everybody: it opens the page that changes it, and who may change it is proved."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import papers
from tests.waiting import eventually

pytestmark = pytest.mark.browser

CODE, MOBILE = papers.org_code(10051), "13800000051"


def test_first_sign_in_from_another_browser_needs_the_sms_code(person, console):
    registering, other = person(), person()
    registering.registers(papers.registration(CODE, MOBILE))
    eventually(lambda: console.texts_to(MOBILE), 30)
    code = re.search(r"验证码：(\d{6})", console.texts_to(MOBILE)[0])[1]

    other.signs_in(CODE, papers.FIRST_PASSWORD)
    other.sees("修改密码还需要短信验证码", "138****0051")
    other.may_be_refused(422)
    other.changes_password(papers.FIRST_PASSWORD, papers.NEW_PASSWORD, sms_code="000000" if code != "000000" else "1")
    other.sees_error("sms_code", "验证码")
    other.changes_password(papers.FIRST_PASSWORD, papers.NEW_PASSWORD, sms_code=code)

    other.sees_message("success", "密码已修改")
    registering.signs_in(CODE, papers.FIRST_PASSWORD)
    registering.sees("账号或密码不正确")
    expect(registering.page).to_have_url(re.compile("/login/"))
