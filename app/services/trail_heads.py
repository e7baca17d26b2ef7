"""The audit chain's head, noted in a file beside the database: what is cut off later is missed by it."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.clock import SHANGHAI
from app.services.chain import EVENT
from app.services.seal import chain_head
from models import owner_only

HASH_HEX = 64
LONGEST_LINE = 200  # bytes


@dataclass(frozen=True)
class Noted:
    """What the file tells: seals by their number, and keys of events that were the newest once."""

    heads: dict[int, str]
    events: frozenset[int]


def note(session: Session, path: Path, *, now: datetime) -> bool:
    """Write down the newest seal and the newest event, sealed or not; False when nothing came since the last line."""
    sequence, mark = chain_head(session)
    event_id = session.scalar(select(func.max(EVENT.c.id))) or 0
    session.rollback()
    told = f"{sequence} {mark} {event_id}"
    last = _last_line(path)
    if not event_id or last.partition(" ")[2] == told:
        return False
    when = now.astimezone(SHANGHAI).isoformat(timespec="seconds")
    with owner_only.open_file(path, "a", encoding="utf-8") as lines:
        lines.write(("\n" if last and _is_cut(path) else "") + f"{when} {told}\n")
        lines.flush()
        os.fsync(lines.fileno())
    return True


def noted(path: Path) -> Noted:
    """The lines of the file; the last one may have been cut off by a power failure."""
    heads: dict[int, str] = {}
    events: set[int] = set()
    if path.exists():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            parts = line.split()
            if len(parts) not in (3, 4) or len(parts[2]) != HASH_HEX or not all(p.isdigit() for p in parts[1::2]):
                continue
            if int(parts[1]):
                heads[int(parts[1])] = parts[2]
            events |= {int(text) for text in parts[3:]}
    return Noted(heads, frozenset(events))


def _last_line(path: Path) -> str:
    """Without its end of line."""
    try:
        with path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - LONGEST_LINE, 0))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return ""
    return lines[-1] if lines else ""


def _is_cut(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"
