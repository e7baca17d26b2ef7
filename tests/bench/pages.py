"""The pages of both applications, asked in turn: ours, V1, V1, ours, so that what disturbs one disturbs both."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import unescape
from itertools import count, pairwise
from pathlib import Path
from statistics import median
from urllib.parse import quote

from sqlalchemy import create_engine, text

from tests.bench.bare import ACCOUNT, VIEW
from tests.bench.browser import Answer, Browser, server
from tests.bench.load import COMMON, RARE
from tests.bench.prepare import REVIEWER
from tests.bench.table import Table

PAGE, DEEP, MOST_STATEMENTS, GROWTH = 25, 4_000, 12, 1.3
WARM_UP = 3
OUR_VIEW = "ProjectView"
BOUNDS = {
    "first page": 0.7, "page 4000": 0.7, "contains, rare": 0.5, "contains, common": 0.5, "order by investment": 0.7,
    "show": 1.0,
}  # fmt: skip


@dataclass
class Site:
    """Both applications over one database of one size."""

    size: int
    ours: Browser
    bare: Browser
    keys: list[int]  # of records to be shown
    deep: tuple[str, str]
    answers: dict[str, list[tuple[Answer, Answer]]] = field(default_factory=dict)
    turn: "count[int]" = field(default_factory=count)

    def paths(self) -> dict[str, tuple[str, str]]:
        """The address of each page in ours and in V1; another record is shown each time."""
        key = self.keys[next(self.turn) % len(self.keys)]
        found = {"first page": ("/projects/list/", "/bare/list/"), "page 4000": self.deep}
        for name, term in (("contains, rare", RARE), ("contains, common", COMMON)):
            found[name] = (f"/projects/list/?q={quote(term)}", f"/bare/list/?_flt_2_name={quote(term)}")
        orders = (f"?_oc_{view}=investment_10k_cny&_od_{view}=desc" for view in (OUR_VIEW, VIEW))
        ours, bare = orders
        found["order by investment"] = (f"/projects/list/{ours}", f"/bare/list/{bare}")
        found["show"] = (f"/projects/show/{key}", f"/bare/show/{key}")
        return found


def measure(databases: dict[int, str], folder: Path, first_port: int, rounds: int, table: Table, where: str) -> None:
    """All pages on databases of several sizes at once, `rounds` pairs each; ratios are medians over the pairs."""
    with ExitStack() as stack:
        sites = [
            _site(stack, size, url, folder / f"{where}-{size}", first_port + 2 * n)
            for n, (size, url) in enumerate(databases.items())
        ]
        for number in range(rounds + WARM_UP):
            for name in BOUNDS:
                for site in sites:
                    _ask(site, name, ours_first=number % 2 == 0, keep=number >= WARM_UP)
    for site in sites:
        _tell(site, table, f"{where} {site.size:,}")
    for former, later in pairwise(sites):
        _tell_growth(former, later, table, where)


def _site(stack: ExitStack, size: int, url: str, folder: Path, port: int) -> Site:
    for which, number in (("ours", port), ("bare", port + 1)):
        stack.enter_context(server(which, url, folder, number))
    ours, bare = Browser(port, REVIEWER), Browser(port + 1, ACCOUNT)
    total, keys = rows_of(url)
    page = min(DEEP, total // PAGE) - 1
    site = Site(size, ours, bare, keys, (_deep_link(ours, page), f"/bare/list/?page_{VIEW}={page}"))
    _same_rows(site)
    return site


def rows_of(url: str) -> tuple[int, list[int]]:
    """How many projects there are, and some of every state that a reviewer opens."""
    engine = create_engine(url)
    with engine.connect() as connection:
        total = connection.scalar(text("SELECT count(*) FROM project")) or 0
        keys: list[int] = []
        for status in ("approved", "submitted", "returned"):
            chosen = text("SELECT id FROM project WHERE status = :s ORDER BY id DESC LIMIT 4")
            keys += connection.scalars(chosen, {"s": status}).all()
    engine.dispose()
    return total, keys


def _deep_link(ours: Browser, page: int) -> str:
    """The last page by its cursor's link: back from the end, and forth again."""
    link = _link(ours, f"/projects/list/?before_{OUR_VIEW}=end", "before")
    forth = _link(ours, link, "after") if link else None
    return forth or f"/projects/list/?page_{OUR_VIEW}={page}"


def _link(ours: Browser, path: str, way: str) -> str | None:
    try:
        found = re.findall(rf'href="([^"]*\b{way}_{OUR_VIEW}=[^"]+)"', ours.get(path).text)
    except RuntimeError:
        return None
    links = [unescape(link) for link in found if not link.endswith("=end")]
    if not links:
        return None
    return links[0] if links[0].startswith("/") else f"/projects/list/{links[0]}"


def _same_rows(site: Site) -> None:
    """Both must show the same first page, or the comparison means nothing."""
    mine = {int(key) for key in re.findall(r'<tr[^>]*data-id="(\d+)"', site.ours.get("/projects/list/").text)}
    theirs = {int(key) for key in re.findall(r"/bare/show/(\d+)", site.bare.get("/bare/list/").text)}
    if mine != theirs or len(mine) != PAGE:
        raise RuntimeError(f"different rows: {sorted(mine ^ theirs)}")


def _ask(site: Site, name: str, *, ours_first: bool, keep: bool) -> None:
    ours, bare = site.paths()[name]
    asks: list[Callable[[], Answer]] = [lambda: site.ours.get(ours), lambda: site.bare.get(bare)]
    found = [ask() for ask in (asks if ours_first else asks[::-1])]
    if keep:
        first, second = found if ours_first else found[::-1]
        site.answers.setdefault(name, []).append((first, second))


def _tell(site: Site, table: Table, where: str) -> None:
    for name, pairs in site.answers.items():
        ratio = median(ours.seconds / bare.seconds for ours, bare in pairs)
        ms = [median(pair[n].seconds for pair in pairs) * 1000 for n in (0, 1)]
        table.add(where, f"{name}, ours/V1", ratio, BOUNDS[name], f"{ms[0]:.0f} / {ms[1]:.0f} ms")
        most, theirs = (max(pair[n].statements for pair in pairs) for n in (0, 1))
        table.add(where, f"{name}, statements", most, MOST_STATEMENTS, f"V1 {theirs}")


def _tell_growth(former: Site, later: Site, table: Table, where: str) -> None:
    for name in former.answers:
        if name == "show":
            continue
        pairs = zip(former.answers[name], later.answers[name], strict=True)
        growth = median(much[0].seconds / little[0].seconds for little, much in pairs)
        table.add(f"{where} growth", f"{name}, {later.size:,}/{former.size:,}", growth, GROWTH)
