"""Column types: encrypted text and JSON, instants in UTC, exact decimals; and the masks for what is shown."""

import base64
import binascii
import json
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.keyring import (
    DecryptionError,
    KeyringMissingError,
    blind_index,
    blind_indexes,
    content_hashes,
    decrypt,
    encrypt,
    forget_keys,
    is_closed_by_primary,
    seal_key,
    seal_keys,
    use_keys,
)

__all__ = [
    "DecryptionError",
    "EncryptedJson",
    "EncryptedText",
    "ExactDecimal",
    "KeyringMissingError",
    "PlainJson",
    "UtcDateTime",
    "blind_index",
    "blind_indexes",
    "content_hashes",
    "forget_keys",
    "is_closed_by_primary",
    "mask_id",
    "mask_mobile",
    "seal_key",
    "seal_keys",
    "use_keys",
]


class EncryptedText(TypeDecorator[str]):
    """Text that the database sees only closed; the purpose ties it to its column."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return base64.b64encode(encrypt(value.encode(), self.purpose)).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            closed = base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise DecryptionError(f"a value of {self.purpose} was stored in the clear or damaged") from error
        return decrypt(closed, self.purpose).decode()


class EncryptedJson(TypeDecorator[Any]):
    """JSON stored as EncryptedText stores text. Changes inside the value go unnoticed: assign anew."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose
        self.text = EncryptedText(purpose)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self.text.process_bind_param(plain, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        plain = self.text.process_result_value(value, dialect)
        return None if plain is None else json.loads(plain)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive value is refused: its zone is a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """NUMERIC(precision, scale) that reads back as the same Decimal on both databases.

    SQLite keeps a binary float, which tells decimals of up to 15 digits apart; rounding restores them.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        if precision > 15:
            raise ValueError("SQLite keeps 15 digits")
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale
        self.step = Decimal(1).scaleb(-scale)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return Numeric(self.precision, self.scale, asdecimal=False)
        return Numeric(self.precision, self.scale)

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(value).quantize(self.step, ROUND_HALF_UP)
        return float(exact) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(repr(value) if isinstance(value, float) else value).quantize(self.step, ROUND_HALF_UP)


PlainJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _mask(value: str, head: int, tail: int) -> str:
    hidden = len(value) - head - tail
    return value[:head] + "*" * hidden + value[len(value) - tail :]


def mask_mobile(value: str | None) -> str:
    """`138****0000`; of any other telephone number only the last two digits."""
    if not value:
        return ""
    if len(value) == 11 and value.isdigit():
        return _mask(value, 3, 4)
    return _mask(value, 0, 2) if len(value) > 4 else "*" * len(value)


def mask_id(value: str | None) -> str:
    """`320281********0010`; of a shorter document number the first and the last two characters."""
    if not value:
        return ""
    if len(value) >= 15:
        return _mask(value, 6, 4)
    return _mask(value, 1, 2) if len(value) > 5 else "*" * len(value)
