"""One workbook in a process of its own: `report`, `export`, or `bare`, the same cells without anything of ours.

Prints one line of JSON: seconds, and for what is ours its SQL's seconds and the memory before and at the peak.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

FILE = "made.xlsx"


def main(what: str, url: str, folder: Path) -> dict[str, Any]:
    """Make it, and tell."""
    if what == "bare":
        return _bare(folder / FILE)
    try:
        from tests.bench import plugs
    except ImportError as missing:
        return {"missing": f"not there yet ({missing})"}
    make = {"report": plugs.report, "export": plugs.export}[what]
    return make(url, folder, folder / FILE)


def _bare(file: Path) -> dict[str, Any]:
    """The cells of the workbook that was made, held in memory, written by openpyxl alone."""
    sheets = {}
    source = load_workbook(file, read_only=True)
    for sheet in source.worksheets:
        sheets[sheet.title] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    source.close()
    begun = time.perf_counter()
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file.with_name("bare.xlsx"))
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "cells": sum(len(row) for rows in sheets.values() for row in rows)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
