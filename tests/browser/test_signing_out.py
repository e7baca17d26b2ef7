"""Signing out ends the session itself, not only this browser's memory of it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_signing_out_ends_the_session_for_a_copied_cookie(person):
    owner, thief = person("PDY00001-X"), person()
    thief.page.context.add_cookies(owner.page.context.cookies())
    thief.opens("/projects/list/")
    thief.sees("项目信息管理")

    owner.signs_out()

    thief.opens("/projects/list/")
    expect(thief.page).to_have_url(re.compile("/login/"))
