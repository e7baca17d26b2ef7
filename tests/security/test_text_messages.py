"""A thousand requests for text messages: each limit holds by itself, and none uses up another's."""

from flask import Flask

from app.security import text_messages
from app.security.throttle import TooMany
from tests.databases import on_sqlite

pytestmark = on_sqlite  # the counters are a file of their own

REQUESTS = 1_000


def passed(app: Flask, requests: list[tuple[str, str]]) -> int:
    """How many of (address, mobile) may cause a message."""
    count = 0
    for address, mobile in requests:
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
            try:
                text_messages.spend(mobile)
            except TooMany as spent:
                assert spent.retry_after > 0
            else:
                count += 1
    return count


def mobiles(count: int) -> list[str]:
    return [f"138{n:08d}" for n in range(count)]


def addresses(count: int) -> list[str]:
    return [f"10.0.{n // 250}.{n % 250 + 1}" for n in range(count)]


def test_one_mobile_gets_no_more_than_its_day(app: Flask) -> None:
    limits = app.extensions["yht"].settings

    assert passed(app, [(a, "13800000000") for a in addresses(REQUESTS)]) == limits.sms_daily_limit


def test_one_address_causes_no_more_than_its_day(app: Flask) -> None:
    limits = app.extensions["yht"].settings

    assert passed(app, [("10.1.0.1", mobile) for mobile in mobiles(REQUESTS)]) == limits.sms_address_limit


def test_a_flood_from_one_address_leaves_everybody_else_theirs(app: Flask) -> None:
    passed(app, [("10.1.0.1", "13800000000")] * REQUESTS)

    assert passed(app, [("10.2.0.1", "13900000001")]) == 1


def test_what_a_proxy_header_claims_is_not_believed(app: Flask) -> None:
    limits, count = app.extensions["yht"].settings, 0
    for n, mobile in enumerate(mobiles(REQUESTS)):
        claimed = {"X-Forwarded-For": f"203.0.113.{n % 250}"}
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.3.0.1"}, headers=claimed):
            try:
                text_messages.spend(mobile)
            except TooMany:
                continue
            count += 1

    assert count == limits.sms_address_limit
