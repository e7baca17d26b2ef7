"""`yht report monthly`: the workbook of the screen, sentences and statuses for what cannot be."""

from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import AuditEvent


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["yht", "report", "monthly", *arguments])
    return result.exit_code, result.output


def test_it_writes_the_workbook_and_notes_the_export(app: Flask, db_session: Session, tmp_path: Path) -> None:
    file = tmp_path / "report.xlsx"

    code, said = run(app, "--month", "2026-10", "--bureau", "320281", "-o", str(file))

    assert (code, said.strip()) == (0, f"已写入 {file}")
    assert openpyxl.load_workbook(file)["参数"]["B2"].value == "320281 江阴市住房和城乡建设局"
    event = db_session.scalars(select(AuditEvent).where(AuditEvent.action == "report:monthly:export")).one()
    assert (event.actor_name, event.after["month"]) == ("system", "2026-10")


def test_without_a_month_it_is_last_month(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "report.xlsx"

    run(app, "--bureau", "320200", "-o", str(file))

    assert openpyxl.load_workbook(file)["参数"]["B3"].value == "2026-10"


@pytest.mark.parametrize(
    ("month", "bureau", "sentence"),
    [
        ("2026-13", "320281", "请按「2026-10」的样式填写月份。"),
        ("2026-12", "320281", "2026-12 还没有开始，没有月报。"),
        ("2026-10", "999999", "没有代码为 999999 的机构。"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    app: Flask, tmp_path: Path, month: str, bureau: str, sentence: str
) -> None:
    file = tmp_path / "report.xlsx"

    code, said = run(app, "--month", month, "--bureau", bureau, "-o", str(file))

    assert (code, file.exists()) == (2, False)
    assert sentence in said


def test_a_folder_that_is_not_there_is_said(app: Flask, tmp_path: Path) -> None:
    code, said = run(app, "--month", "2026-10", "--bureau", "320281", "-o", str(tmp_path / "none" / "report.xlsx"))

    assert (code, "写不进这个文件" in said) == (2, True)
