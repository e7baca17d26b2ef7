"""Workbooks against their parts: the monthly report beside its SQL and a bare write, the list export beside a bare one.

Each is made in a process of its own (`python -m tests.bench.making`), which tells its seconds and its memory.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from config import ROOT
from tests.bench.table import Table

REPORT_BOUND, EXPORT_BOUND, MEMORY_BOUND_MB = 1.3, 1.1, 80.0
ALLOWANCE = 0.015  # seconds, for charts, styles and set-up of the report
ROUNDS = 3


def report(url: str, folder: Path, table: Table, where: str) -> None:
    """Whole report ÷ (its own SQL + 15 ms + the bare write of the same cells)."""
    ratios, told = [], ""
    for _ in range(ROUNDS):
        made = _make("report", url, folder)
        if "missing" in made:
            return table.skip(f"{where} monthly report", made["missing"])
        bare = _make("bare", url, folder)
        parts = made["sql_seconds"] + ALLOWANCE + bare["seconds"]
        ratios.append(made["seconds"] / parts)
        told = f"{made['seconds']:.2f} s; SQL {made['sql_seconds']:.2f} s, bare write {bare['seconds']:.2f} s"
    return table.add(where, "monthly report ÷ its parts", median(ratios), REPORT_BOUND, told)


def export(url: str, folder: Path, table: Table, where: str) -> None:
    """Export of the whole list ÷ bare write-only openpyxl of the same cells; peak memory over idle."""
    ratios, peaks, told = [], [], ""
    for _ in range(ROUNDS):
        made = _make("export", url, folder)
        if "missing" in made:
            return table.skip(f"{where} list export", made["missing"])
        bare = _make("bare", url, folder)
        ratios.append(made["seconds"] / bare["seconds"])
        peaks.append((made["peak_kb"] - made["idle_kb"]) / 1024)
        told = f"{made['seconds']:.1f} s; bare {bare['seconds']:.1f} s; {bare['cells']:,} cells"
    table.add(where, "list export ÷ bare write", median(ratios), EXPORT_BOUND, told)
    return table.add(where, "export, memory over idle, MB", median(peaks), MEMORY_BOUND_MB)


def _make(what: str, url: str, folder: Path) -> dict[str, Any]:
    """`bare` writes the cells of the workbook that was made last."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YHT_")}
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.making", what, url, str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=clean, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
