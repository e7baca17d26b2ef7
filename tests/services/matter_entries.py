"""What the records of the matters say, for tests."""

from typing import Any

from app.domain.fields import FieldKind
from app.domain.fields.matter import RECORDS
from app.domain.matters import Matter

OF_KIND: dict[FieldKind, Any] = {
    FieldKind.TEXT: "演示内容", FieldKind.NAME: "演示人员", FieldKind.DATE: "2026-11-20", FieldKind.DECIMAL: "1200.5", FieldKind.INTEGER: "0",
    FieldKind.BOOLEAN: "y",
}  # fmt: skip


def entries(matter: Matter, inner_number: str = "S-1", **different: object) -> dict[str, Any]:
    """A complete record of the matter."""
    found: dict[str, Any] = {}
    for field in RECORDS[matter]:
        if field.choices:
            found[field.name] = field.choices[0][0]
        elif field.name.endswith("_code"):
            found[field.name] = "PDY00001-X"
        else:
            found[field.name] = OF_KIND[field.kind]
    return {**found, "valid_until": "", "inner_number": inner_number, **different}
