"""Every address for everybody: what is answered, what stays as it was. The expectations stand in matrix.py."""

import gc
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests import builders
from tests.views.addresses import address_of, body_of
from tests.views.matrix import LINES, PEOPLE, Line
from tests.views.staging import EVERYBODY, MOBILE
from tests.views.world import World

POSTS = [line for line in LINES if line.method == "POST"]
WITH_ROW = [line for line in LINES if "<pk>" in line.rule]
MISSING = 999_999
OUT_OF_REACH = frozenset({"anonymous", "gated", "stranger", "elsewhere", "auditor"})
NEVER_BY_FORM = ("PUT", "PATCH", "DELETE", "TRACE")


def asked(world: World, who: str, line: Line, key: int | None = None) -> TestResponse:
    path = address_of(world, line.rule, key)
    if line.method == "PUT":  # by key alone: a browser's session is nobody
        return world.browser(who).put(path, json={"step": "accept"})
    return world.get(who, path) if line.method == "GET" else world.post(who, path, body_of(world, line.rule))


def told(answer: TestResponse) -> str:
    """The answer in the words of the matrix."""
    if answer.status_code not in (302, 303):
        return str(answer.status_code)
    place = urlsplit(answer.location)
    assert not place.netloc, answer.location
    return {"/login/": "in", "/password/": "pw"}.get(place.path, "go")


# The matrix -------------------------------------------------------------------------------------------


def test_the_matrix_names_every_address_and_no_other(world: World) -> None:
    rules = world.app.url_map.iter_rules()
    there = {f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    named = [str(line) for line in LINES]

    assert there - set(named) == set(), "addresses without a line in matrix.py"
    assert set(named) - there == set(), "lines of matrix.py without an address"
    assert len(named) == len(set(named))
    assert set(PEOPLE) == set(EVERYBODY)


@pytest.mark.parametrize("line", LINES, ids=str)
def test_everybody_gets_what_the_matrix_says_and_reading_changes_nothing(world: World, line: Line) -> None:
    before = world.business()

    answers = {}
    for who in PEOPLE:
        answer = asked(world, who, line)
        answers[who] = told(answer)
        if answer.mimetype == "text/html":
            assert _should_not_be_there(answer.get_data(as_text=True), who, line.rule) == [], who
        if world.written():
            refused = answers[who] not in ("200", "go")
            if line.method == "GET" or refused:
                assert world.business() == before, f"{line} changed something for {who}, who got {answers[who]}"
            world.restore()

    assert answers == dict(line.answers)


def _should_not_be_there(page: str, who: str, rule: str) -> list[str]:
    """Personal data in clear, and for those out of reach anything of the owner's; the trail names accounts."""
    words = [MOBILE, builders.AGENT_MOBILE, builders.ID_NUMBER, builders.OTHER_ID_NUMBER]
    if who in OUT_OF_REACH and not rule.startswith("/audit/"):
        words += ["甲方项目", builders.org_code(1)]
    return [word for word in words if word in page]


@pytest.mark.parametrize("line", LINES, ids=str)
def test_no_answer_leaves_a_statement_open(world: World, line: Line) -> None:
    gc.disable()  # a statement that waits to be collected holds an old picture of the database
    try:
        for who in ("owner", "hats"):
            asked(world, who, line)
            world.restore(always=True)
    finally:
        gc.enable()


# What no address does ---------------------------------------------------------------------------------


@pytest.mark.parametrize("line", POSTS, ids=str)
def test_without_the_token_nobody_posts(world: World, line: Line) -> None:
    body, path = body_of(world, line.rule), address_of(world, line.rule)

    for who in PEOPLE:
        for token in ({}, {"csrf_token": world.tokens["stranger" if who != "stranger" else "owner"]}):
            if token and who == "anonymous":
                continue  # whose session is over: tests/views/test_kept.py
            answer = world.browser(who).post(path, data={**body, **token})
            assert answer.status_code == 400, (who, bool(token))

    assert not world.written()


@pytest.mark.parametrize("line", POSTS, ids=str)
def test_another_site_does_not_post_even_with_the_token(world: World, line: Line) -> None:
    for origin in ("https://evil.example", "null"):
        path, body = address_of(world, line.rule), body_of(world, line.rule)
        answer = world.post("owner", path, body, headers={"Origin": origin})
        assert answer.status_code == 400, origin

    assert not world.written()


@pytest.mark.parametrize("line", WITH_ROW, ids=str)
def test_a_row_that_is_not_there_is_answered_like_one_out_of_reach(world: World, line: Line) -> None:
    for who in ("stranger", "elsewhere", "matter"):
        if line.answers[who] not in ("403", "404"):
            continue  # in reach
        foreign = asked(world, who, line)
        missing = asked(world, who, line, MISSING)

        assert (told(missing), len(missing.data)) == (told(foreign), len(foreign.data)), who
    world.restore()


@pytest.mark.parametrize("rule", sorted({line.rule for line in LINES}))
def test_an_address_answers_its_own_methods_only(world: World, rule: str) -> None:
    path, own = address_of(world, rule), {line.method for line in LINES if line.rule == rule}
    token = {"csrf_token": world.tokens["owner"], "_method": "DELETE"}

    for method in sorted({*NEVER_BY_FORM, "GET", "POST"} - own):
        answer = world.browser("owner").open(path, method=method, data=token, headers={"X-HTTP-Method-Override": "GET"})
        assert answer.status_code == 405, method

    assert not world.written()
