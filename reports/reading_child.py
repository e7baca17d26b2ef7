"""Runs as `python -I reading_child.py read TASK`, a workbook on standard input: limits itself, then reads.

It knows neither settings nor database. Its answer is JSON: sheets as rows of text, or one word for a refusal.
"""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
MOST_PARTS = 400
BIG_PART = MEGABYTE
MOST_RATIO = 250  # deflate reaches 1032; a sheet of equal rows some 40
HEAD_BYTES = 8192  # a document type stands before the root element
MACROS = ("vbaproject.bin", "vbadata.xml", "xlmmacrosheet", "macrosheets/")
ACTIVE = ("activex/", "embeddings/", "externallinks/", "ctrlprops/", "connections.xml", "querytables/", "customui/")


class RefusedError(Exception):
    """The workbook is not read; the word is one of `app.domain` sentences' keys in reading.py."""


def look_at_directory(data: bytes, most_bytes: int) -> None:
    """Judge the archive by its directory, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _judge_parts(parts, most_bytes)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _no_document_type(archive, part)
            if "[Content_Types].xml" not in archive.namelist():
                raise RefusedError("not_workbook")
            _no_macro_type(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise RefusedError("damaged") from error


def _judge_parts(parts: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_bytes:
        raise RefusedError("unfolds")
    for part in parts:
        name = part.filename.lower()
        if any(word in name for word in MACROS):
            raise RefusedError("macros")
        if any(word in name for word in ACTIVE):
            raise RefusedError("active")
        if part.flag_bits & 1:
            raise RefusedError("encrypted")
        if part.file_size > BIG_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise RefusedError("unfolds")


def _no_document_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as stream:
        head = stream.read(HEAD_BYTES)
    plain = head.replace(b"\0", b"").upper()  # also when it is UTF-16
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise RefusedError("entities")


def _no_macro_type(archive: zipfile.ZipFile) -> None:
    types = archive.read("[Content_Types].xml").lower()
    if b"macroenabled" in types or b"vbaproject" in types:
        raise RefusedError("macros")


def read_sheets(data: bytes, task: dict[str, Any]) -> list[dict[str, Any]]:
    """Every data sheet that the task names (all when it names none), and the titles of the others."""
    from reports.reading_package import open_package  # noqa: PLC0415 - after the limits are set
    from reports.reading_sheet import SheetReader, TooMuchError, read_strings  # noqa: PLC0415

    wanted, found = set(task["sheets"]), []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = open_package(archive)
        if package is None:
            raise RefusedError("not_workbook")
        try:
            strings = read_strings(archive, package.strings)
            for sheet in package.sheets:
                answer: dict[str, Any] = {"title": sheet.title, "rows": None, "is_hidden": sheet.is_hidden}
                if sheet.part and (not wanted or sheet.title.strip() in wanted):
                    answer |= SheetReader(package, strings, task).read(archive, sheet.part)
                found.append(answer)
        except TooMuchError as error:
            raise RefusedError(str(error)) from error
    return found


def answer(data: bytes, task: dict[str, Any]) -> dict[str, Any]:
    """What was read, or the word for the refusal."""
    try:
        look_at_directory(data, task["max_bytes"])
        return {"sheets": read_sheets(data, task)}
    except RefusedError as refusal:
        return {"reason": str(refusal)}
    except MemoryError:
        return {"reason": "unfolds"}
    except Exception as error:  # noqa: BLE001 - a parser met with a stranger's file may fail in any way
        known = {"NotAllowedError", "EntitiesForbidden", "DTDForbidden", "ExternalReferenceForbidden"}
        return {"reason": "entities" if type(error).__name__ in known else "damaged"}


def main(task: dict[str, Any]) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from app.storage.child import confine  # noqa: PLC0415 - the path is known only now

    confine(task["limits"])
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read(), task), ensure_ascii=True))


if __name__ == "__main__":
    main(json.loads(sys.argv[2]))
