"""Approvals per second: eight clients decide at once, over HTTP, on the settings that the product runs with."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.bench.browser import Browser, server
from tests.bench.prepare import READY, REVIEWER
from tests.bench.table import Table

CLIENTS, WORKERS, THREADS = 8, 2, 8


def measure(url: str, folder: Path, port: int, table: Table, where: str) -> None:
    """Approve everything that is ready; afterwards every number is there, and each once."""
    engine = create_engine(url)
    with engine.connect() as connection:
        chosen = text("SELECT id, version, submission_id FROM project WHERE name LIKE :n AND status = 'submitted'")
        waiting = connection.execute(chosen, {"n": f"{READY}%"}).all()
    with server("ours", url, folder, port, workers=WORKERS, threads=THREADS):
        browsers = [Browser(port, REVIEWER) for _ in range(CLIENTS)]
        for browser in browsers:
            browser.renew_token(f"/projects/approve/{waiting[0].id}")
        begun = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            jobs = [pool.submit(_approve, browsers[n], waiting[n::CLIENTS]) for n in range(CLIENTS)]
        refused = [sentence for job in jobs for sentence in job.result()]
        seconds = time.perf_counter() - begun
    with engine.connect() as connection:
        counted = text("SELECT count(number), count(DISTINCT number) FROM project WHERE name LIKE :n")
        numbers, different = connection.execute(counted, {"n": f"{READY}%"}).one()
    engine.dispose()
    if refused or not numbers == different == len(waiting):
        raise RuntimeError(f"{len(waiting)} approvals gave {different} numbers; refused: {refused[:3]}")
    detail = f"{len(waiting)} approvals, {CLIENTS} clients, {different} different numbers"
    table.add(where, "approvals per second", len(waiting) / seconds, None, detail)


def _approve(browser: Browser, rows: list[tuple[int, int, int]]) -> list[str]:
    refused = []
    for key, version, submission in rows:
        form = {"version": str(version), "submission_id": str(submission), "comment": ""}
        answer = browser.post(f"/projects/approve/{key}", form)
        if answer.status_code != 302:
            refused.append(f"{key}: {answer.status_code}")
    return refused
