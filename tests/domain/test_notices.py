"""Wording a notice: only what the event knows is filled in, and what it cannot do without stays."""

import re

import pytest

from app.domain.fields import ENTERPRISE, PROJECT, REGISTRATION, UNIT_WORK
from app.domain.notices import (
    FILLED_IN,
    KEPT_ALWAYS,
    LONGEST,
    NOTICES,
    OCCASIONS,
    PLACEHOLDER,
    SIGNATURE,
    placeholders,
    sample_of,
    segments,
    wording_fault,
)

CHINESE = re.compile(r"[一-鿿]")


@pytest.mark.parametrize("event", NOTICES)
def test_each_notice_has_a_word_for_its_occasion_and_keeps_its_own_rules(event: str) -> None:
    assert CHINESE.search(OCCASIONS[event])
    assert wording_fault(event, NOTICES[event].text) is None
    assert "%" not in sample_of(event, NOTICES[event].text)


def test_each_placeholder_can_be_explained() -> None:
    used = {name for event in NOTICES for name in placeholders(event)}

    assert used <= set(FILLED_IN)


def test_no_placeholder_is_personal() -> None:
    tables = (REGISTRATION, ENTERPRISE, PROJECT, UNIT_WORK)
    personal = {field.name for table in tables for field in table if field.personal or "contact" in field.name}

    assert personal & set(FILLED_IN) == set()


FAULTS = {
    "unknown": ("project:return", "【一号通】项目「%(name)s」被退回，请联系 %(contact_mobile)s。", "没有占位符"),
    "of another event": ("project:return", "【一号通】项目「%(name)s」被退回，编号 %(number)s。", "没有占位符"),
    "a literal percent": ("project:return", "【一号通】项目「%(name)s」完成 50% 后退回，请登录查看。", "百分号"),
    "a positional value": ("project:return", "【一号通】项目 %s 被退回，请登录查看。", "百分号"),
    "a width": ("project:return", "【一号通】项目 %(name)99999999s 被退回，请登录查看。", "百分号"),
    "an escape": ("project:return", "【一号通】项目 %%(name)s 被退回，请登录查看。", "百分号"),
    "the code lost": ("password:code", "【一号通】验证码已发送，请查收短信。", "请保留占位符「code」"),
    "the number lost": (
        "project:approve",
        "【一号通】项目「%(name)s」审核通过，请到窗口领取。",
        "请保留占位符「number」",
    ),
    "unsigned": ("project:return", "项目「%(name)s」被退回，请登录查看。", "签名"),
    "too long": ("project:return", SIGNATURE + "%(name)s" + "请" * 300, "超过 500 字"),
    "of two lines": ("project:return", "【一号通】项目「%(name)s」\n被退回，请登录查看。", "换行"),
}


@pytest.mark.parametrize(("event", "text", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_wording_that_breaks_a_rule_is_refused_in_a_sentence(event: str, text: str, said: str) -> None:
    fault = wording_fault(event, text)

    assert fault is not None and said in str(fault)


@pytest.mark.parametrize("around", ["A{}", "{}9", "-{}", "{}-", "{}%(name)s", "%(name)s{}", "７{}", "{}Ｂ"])
def test_nothing_that_could_be_read_as_part_of_a_code_touches_it(around: str) -> None:
    beside, apart = (f"【一号通】验证码 {around.format(code)} 。" for code in ("%(code)s", "：%(code)s，"))

    assert "不要紧接" in str(wording_fault("password:code", beside))
    assert wording_fault("password:code", apart) is None


@pytest.mark.parametrize("event", NOTICES)
def test_what_must_stay_is_what_makes_the_notice_worth_sending(event: str) -> None:
    needed = set(PLACEHOLDER.findall(NOTICES[event].text)) & set(KEPT_ALWAYS)

    for name in needed:
        assert wording_fault(event, NOTICES[event].text.replace(f"%({name})s", "")) is not None


@pytest.mark.parametrize("event", NOTICES)
def test_the_longest_values_still_fit(event: str) -> None:
    longest = {name: "字" * FILLED_IN[name][2] for name in placeholders(event)}

    assert len(NOTICES[event].text % longest) <= LONGEST


@pytest.mark.parametrize(("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_text_is_charged_as_several_messages(length: int, count: int) -> None:
    assert segments("字" * length) == count
