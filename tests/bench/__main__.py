"""`make bench`: the console against V1, the bare FAB ModelView tuned by FAB's options (tests/bench/bare.py).

How to read it. Every line is one figure: where (database and number of projects), what, the value, its bound and
whether it holds. A ratio such as `first page, ours/V1` is the median over pairs of requests asked in turn (ours, V1,
V1, ours …) of the same rows in one database, each application behind gunicorn with one worker and one thread and
signed in over HTTP; 0.7 means that ours takes seven tenths of V1's time. `statements` counts the SQL of one whole
request (session, person, rights, counts of the menu, page), BEGIN and PRAGMA left out, the most over all rounds.
`growth` is our page at the larger size over our page at the smaller one, asked in turn too. `page 4000` is reached in
V1 by its number, in ours by the cursor's link; where there are fewer pages it is the last full one. Approvals run on
two workers with eight threads. The report is divided by the sum of its own SQL, 15 ms and the bare write of its
cells, the export by a bare write alone. `first visit` and `again` are one real Chromium at both, with an empty cache
and with a full one: bytes on the wire, requests, and the time until text stands there and until the page can be used
(tests/bench/felt.py). The last line says whether all bounds hold; the exit status says it too.

Nothing is written into the repository. By environment: BENCH_SIZES (default "10000 100000"), BENCH_DATABASES
("sqlite postgresql"), BENCH_ROUNDS (21), BENCH_APPROVALS (160), BENCH_PARTS ("pages felt approvals report export"),
BENCH_PORT (8120). A short run: BENCH_SIZES="1000 4000" BENCH_ROUNDS=5 BENCH_APPROVALS=24 make bench. PostgreSQL here
runs without fsync, as in the tests, so its approvals tell of the code, not of the disk; SQLite's are durable.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import ROOT
from tests.bench import approvals, felt, pages, workbooks
from tests.bench.options import Options
from tests.bench.table import Table
from tests.databases import postgresql_server


def main() -> int:
    """Measure what the environment asks for; 0 when every bound holds."""
    options, table = Options(), Table()
    with tempfile.TemporaryDirectory(prefix="yht-bench-") as name:
        for kind in options.databases:
            with _databases(kind, options.sizes, Path(name)) as urls:
                _measure(urls, Path(name), options, table, kind)
    print(f"\n{table}\n\n{'All bounds hold.' if table.holds else 'A bound is broken.'}")
    return 0 if table.holds else 1


def _measure(urls: dict[int, str], folder: Path, options: Options, table: Table, kind: str) -> None:
    for size, url in urls.items():
        _prepare(url, folder / f"{kind}-{size}", size, options.approvals)
    if "pages" in options.parts:
        pages.measure(urls, folder, options.first_port, options.rounds, table, kind)
    size, url = max(urls.items())
    place, where = folder / f"{kind}-{size}", f"{kind} {size:,}"
    if "felt" in options.parts:
        felt.measure(url, place, options.first_port, options.rounds // 2, table, where)
    if "report" in options.parts:
        workbooks.report(url, place, table, where)
    if "export" in options.parts:
        workbooks.export(url, place, table, where)
    if "approvals" in options.parts:  # last, as it changes rows
        approvals.measure(url, place, options.first_port, table, where)


def _prepare(url: str, folder: Path, size: int, ready: int) -> None:
    folder.mkdir()
    print(f"preparing {size:,} projects: {url.partition(':')[0]}", flush=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YHT_")}
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.prepare", url, str(folder), str(size), str(ready)]
    subprocess.run(command, cwd=ROOT, env=clean, check=True)


@contextmanager
def _databases(kind: str, sizes: list[int], folder: Path) -> Iterator[dict[int, str]]:
    """An empty database per size."""
    if kind == "sqlite":
        yield {size: f"sqlite:///{folder / f'bench-{size}.db'}" for size in sizes}
        return
    with postgresql_server() as server:
        urls = {}
        for size in sizes:
            server._run(f"CREATE DATABASE bench_{size} TEMPLATE template0")
            urls[size] = server.url(f"bench_{size}")
        yield urls


if __name__ == "__main__":
    sys.exit(main())
