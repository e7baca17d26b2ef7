"""Read a workbook that somebody else made: in a limited child, as rows of text, or not at all (SECURITY T091)."""

import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from app.domain.errors import Refused, say
from app.domain.terms import N_
from app.storage.limits import MEGABYTE, ChildLimits
from app.storage.sandbox import DeadlineError, OverloadedError, run_child

CHILD_COMMAND: tuple[str, ...] = (sys.executable, "-I", str(Path(__file__).with_name("reading_child.py")))
ZIP_HEAD, OLD_HEAD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

SENTENCES: Mapping[str, str] = {
    "empty": N_("文件是空的，请重新选择。"),
    "too_large": N_("文件超过 %(limit)s MB，请分成几个文件导入。"),
    "not_xlsx": N_("这不是 .xlsx 工作簿。请用导入模板填写，另存为「Excel 工作簿（.xlsx）」。"),
    "old_format": N_("这是旧格式 .xls 或加了密码的工作簿，请另存为不带密码的 .xlsx。"),
    "not_workbook": N_("这不是 .xlsx 工作簿。请用导入模板填写，另存为「Excel 工作簿（.xlsx）」。"),
    "macros": N_("工作簿带有宏，不能导入。请另存为不带宏的 .xlsx。"),
    "active": N_("工作簿含有外部链接、嵌入对象或控件，不能导入。请只保留数据，另存为新的 .xlsx。"),
    "entities": N_("工作簿里有不允许的 XML 声明，不能导入。请用导入模板重新填写。"),
    "encrypted": N_("工作簿加了密码，不能读取。请去掉密码后再导入。"),
    "damaged": N_("工作簿已损坏，读不出来。请在 Excel 中重新保存后再导入。"),
    "unfolds": N_("工作簿展开后过大，不能导入。请删除多余的行、列和格式，或分成几个文件。"),
    "too_many_rows": N_("工作表超过 %(rows)s 行，请分成几个文件导入。"),
    "too_many_columns": N_("工作表超过 %(columns)s 列，请删除模板以外的列。"),
    "busy": N_("正在处理的文件较多，请稍后再导入。"),
    "unchecked": N_("工作簿没有通过检查，不能导入。"),
}
CELL_FAULTS: Mapping[str, str] = {
    "formula": N_("单元格里是公式，请粘贴为数值。"),
    "error": N_("单元格里是错误值，请改正。"),
    "digits_lost": N_("超过 15 位的数字被表格当作数值，末位可能已丢失。请把单元格设为文本后重新填写。"),
    "too_long": N_("单元格里的文字过长。"),
}


CHILD_LIMITS = ChildLimits(
    memory_bytes=512 * MEGABYTE, cpu_seconds=15, deadline_seconds=30.0, output_bytes=64 * MEGABYTE
)


@dataclass(frozen=True)
class ReadingLimits:
    """What one workbook may be, and what reading it may cost."""

    max_file_bytes: int = 10 * MEGABYTE
    max_bytes: int = 60 * MEGABYTE  # unpacked, by the archive's directory
    max_rows: int = 20_000
    max_columns: int = 100
    head_rows: int = 3
    child: ChildLimits = CHILD_LIMITS


@dataclass(frozen=True)
class Sheet:
    """One worksheet as text. Rows and columns count from 1 as in Excel; empty rows are left out."""

    title: str
    rows: tuple[tuple[int, tuple[str | None, ...]], ...]
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)  # (row, column) -> key of CELL_FAULTS
    is_cut: bool = False  # empty rows beyond the last that counts were not looked at
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_1904: bool = False  # serial numbers of days count from 1904


@dataclass(frozen=True)
class Book:
    """The sheets that were asked for, and the titles of all."""

    sheets: Mapping[str, Sheet]
    titles: tuple[str, ...]


LIMITS = ReadingLimits()


def read_workbook(
    file: BinaryIO,
    *,
    sheets: Collection[str] = (),
    limits: ReadingLimits = LIMITS,
    child: tuple[str, ...] = CHILD_COMMAND,
) -> Book:
    """The workbook's data sheets of these titles. Raises Refused with a sentence; the file stays open."""
    _look_at_head(file, limits)
    task = {
        "sheets": sorted(sheets), "max_bytes": limits.max_bytes, "max_rows": limits.max_rows,
        "max_columns": limits.max_columns, "head_rows": limits.head_rows,
    }  # fmt: skip
    try:
        finished = run_child(child, "read", task, file, limits.child)
    except DeadlineError:
        raise refused("unfolds", limits) from None
    except OverloadedError:
        raise refused("busy", limits) from None
    answer: dict[str, Any] = _answer(finished.output) if finished.returncode == 0 else {"reason": "unfolds"}
    if "sheets" not in answer:
        raise refused(str(answer.get("reason")), limits)
    return _book(answer["sheets"])


def refused(reason: str, limits: ReadingLimits = LIMITS) -> Refused:
    """The refusal for one of the words of SENTENCES."""
    message = SENTENCES.get(reason, SENTENCES["unchecked"])
    known = {
        "limit": limits.max_file_bytes // MEGABYTE, "rows": f"{limits.max_rows:,}", "columns": limits.max_columns,
    }  # fmt: skip
    values = {name: value for name, value in known.items() if f"%({name})s" in message}
    return Refused(say(message, **values), "workbook")


def is_text(file: BinaryIO) -> bool:
    """Whether it is neither a workbook nor an old one; the file is back at its beginning."""
    file.seek(0)
    head = file.read(len(ZIP_HEAD))
    file.seek(0)
    return head not in (ZIP_HEAD, OLD_HEAD)


def _look_at_head(file: BinaryIO, limits: ReadingLimits) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(len(ZIP_HEAD))
    file.seek(0)
    if size == 0:
        raise refused("empty", limits)
    if size > limits.max_file_bytes:
        raise refused("too_large", limits)
    if head != ZIP_HEAD:
        raise refused("old_format" if head == OLD_HEAD else "not_xlsx", limits)


def _answer(output: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(output)
    except ValueError:
        return {"reason": "unfolds"}  # the answer was cut at its own limit
    return answer if isinstance(answer, dict) else {}


def _book(found: list[dict[str, Any]]) -> Book:
    read = {sheet["title"].strip(): _sheet(sheet) for sheet in found if sheet["rows"] is not None}
    return Book(read, tuple(sheet["title"] for sheet in found))


def _sheet(found: dict[str, Any]) -> Sheet:
    return Sheet(
        found["title"].strip(),
        tuple((number, tuple(cells)) for number, cells in found["rows"]),
        {(row, column): fault for row, column, fault in found["faults"]},
        found["is_cut"],
        found["is_hidden"],
        frozenset(found["hidden_rows"]),
        frozenset(found["hidden_columns"]),
        found["is_1904"],
    )
