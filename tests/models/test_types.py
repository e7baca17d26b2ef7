"""Column types: what is personal leaves the process closed, instants are aware, decimals are exact."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import StatementError

from models.types import (
    DecryptionError,
    EncryptedJson,
    EncryptedText,
    ExactDecimal,
    PlainJson,
    UtcDateTime,
)

FIRST, SECOND = b"1" * 32, b"2" * 32
SHANGHAI = ZoneInfo("Asia/Shanghai")
SQLITE = sqlite.dialect()

SAMPLES = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("mobile", EncryptedText("sample.mobile")),
    Column("id_number", EncryptedText("sample.id_number")),
    Column("payload", EncryptedJson("sample.payload")),
    Column("plain", PlainJson),
    Column("at", UtcDateTime),
    Column("amount", ExactDecimal(15, 4)),
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        SAMPLES.create(connection)
        yield connection


def _closed(value: str | None, purpose: str = "sample.mobile") -> str | None:
    return EncryptedText(purpose).process_bind_param(value, SQLITE)


def _opened(value: str | None, purpose: str = "sample.mobile") -> str | None:
    return EncryptedText(purpose).process_result_value(value, SQLITE)


def _stored(connection: Connection, column: str) -> str:
    return str(connection.exec_driver_sql(f"SELECT {column} FROM sample").scalar_one())


def test_personal_data_is_stored_closed_and_read_open(connection: Connection) -> None:
    connection.execute(SAMPLES.insert().values(id=1, mobile="13800000000", payload={"手机": "13800000000"}))

    row = connection.execute(select(SAMPLES.c.mobile, SAMPLES.c.payload)).one()

    assert tuple(row) == ("13800000000", {"手机": "13800000000"})
    for column in ("mobile", "payload"):
        assert "138" not in base64.b64decode(_stored(connection, column)).decode("latin-1")


def test_a_value_moved_to_another_column_does_not_open(connection: Connection) -> None:
    connection.execute(SAMPLES.insert().values(id=1, mobile="13800000000"))
    connection.exec_driver_sql("UPDATE sample SET id_number = mobile")

    with pytest.raises(DecryptionError):
        connection.execute(select(SAMPLES.c.id_number)).scalar_one()


def test_nothing_stays_nothing(connection: Connection) -> None:
    connection.execute(SAMPLES.insert().values(id=1, mobile=None, payload=None, plain=None, at=None, amount=None))

    rows = connection.exec_driver_sql("SELECT mobile, payload, plain, at, amount FROM sample")

    assert tuple(rows.one()) == (None,) * 5
    assert set(connection.execute(select(SAMPLES)).one()[1:]) == {None}


@pytest.mark.usefixtures("keyring")
def test_the_same_text_is_closed_differently_each_time() -> None:
    assert _closed("13800000000") != _closed("13800000000")


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("damage", ["not base64!", "", base64.b64encode(b"x" * 40).decode()])
def test_a_value_that_was_never_closed_or_was_damaged_is_refused(damage: str) -> None:
    with pytest.raises(DecryptionError):
        _opened(damage)


@pytest.mark.usefixtures("keyring")
def test_one_changed_bit_is_noticed() -> None:
    closed = bytearray(base64.b64decode(_closed("13800000000") or ""))
    closed[20] ^= 1

    with pytest.raises(DecryptionError):
        _opened(base64.b64encode(closed).decode())


@pytest.mark.parametrize("zone", [UTC, SHANGHAI, timezone(timedelta(hours=-5))], ids=str)
def test_an_instant_of_any_zone_reads_back_as_the_same_instant_in_utc(connection: Connection, zone) -> None:
    instant = datetime(2016, 1, 10, 0, 30, 15, 123456, tzinfo=zone)
    connection.execute(SAMPLES.insert().values(id=1, at=instant))

    read = connection.execute(select(SAMPLES.c.at).where(SAMPLES.c.at == instant)).scalar_one()

    assert read == instant
    assert read.utcoffset() == timedelta(0)


def test_instants_are_ordered_as_they_happened(connection: Connection) -> None:
    noon_here = datetime(2016, 1, 10, 12, tzinfo=SHANGHAI)
    connection.execute(SAMPLES.insert(), [{"id": 1, "at": noon_here}])

    later = select(SAMPLES.c.id).where(SAMPLES.c.at > datetime(2016, 1, 10, 3, 59, tzinfo=UTC))

    assert connection.execute(later).scalars().all() == [1]


def test_a_naive_instant_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="time zone"):
        connection.execute(SAMPLES.insert().values(id=1, at=datetime(2016, 1, 10)))


EXACT = ["0.0001", "12345678901.2345", "99999999999.9999", "0.1", "-3.5000", "0"]


@pytest.mark.parametrize("text", EXACT)
def test_a_decimal_reads_back_exactly_with_its_places(connection: Connection, text: str) -> None:
    connection.execute(SAMPLES.insert().values(id=1, amount=Decimal(text)))

    read = connection.execute(select(SAMPLES.c.amount)).scalar_one()

    assert (read, read.as_tuple().exponent) == (Decimal(text), -4)


def test_sums_of_decimals_are_exact(connection: Connection) -> None:
    from sqlalchemy import func

    amounts = [{"id": number, "amount": Decimal("0.1")} for number in range(1, 1001)]
    connection.execute(SAMPLES.insert(), amounts)

    assert connection.execute(select(func.sum(SAMPLES.c.amount))).scalar_one() == Decimal(100)


def test_too_many_places_are_rounded_half_up_on_both_databases(connection: Connection) -> None:
    connection.execute(SAMPLES.insert().values(id=1, amount=Decimal("1.00005")))

    assert connection.execute(select(SAMPLES.c.amount)).scalar_one() == Decimal("1.0001")


def test_a_decimal_wider_than_sqlite_keeps_is_no_column() -> None:
    with pytest.raises(ValueError, match="15"):
        ExactDecimal(16, 2)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_a_decimal_column_is_numeric(dialect) -> None:
    assert ExactDecimal(15, 4).compile(dialect=dialect) == "NUMERIC(15, 4)"
