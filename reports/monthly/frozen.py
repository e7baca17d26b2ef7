"""What an edition freezes, as plain JSON, and the hash by which any copy of it can be checked."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from models.issued_report import IssuedReport
from reports.monthly.compare import Keyed
from reports.monthly.definitions import Rows
from reports.monthly.figures import Key


def content_hash(row: IssuedReport, bureau_code: str) -> str:
    """SHA-256 of parameters, figures and keys in canonical JSON."""
    content = {
        "kind": row.kind,
        "month": row.month,
        "bureau": bureau_code,
        "edition": row.edition,
        "definition_version": row.definition_version,
        "figures": row.figures,
        "row_ids": row.row_ids,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def keys_as_json(keys: Mapping[Rows, Keyed]) -> dict[str, list[list[Any]]]:
    """By kind of figure: lines and the projects of each."""
    found: dict[str, list[list[Any]]] = {}
    for rows, keyed in keys.items():
        lines: dict[Key, list[int]] = {}
        for key, project_id in keyed:
            lines.setdefault(key, []).append(project_id)
        found[rows.value] = [[*key, ids] for key, ids in sorted(lines.items())]
    return found


def keys_from_json(stored: Mapping[str, Any]) -> dict[Rows, Keyed]:
    """What `keys_as_json` gave."""
    return {
        Rows(name): [((region, category, level), key) for region, category, level, ids in lines for key in ids]
        for name, lines in stored.items()
    }
