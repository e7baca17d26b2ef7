"""What a person at a browser feels of both applications: bytes, requests, and the time until a page can be used.

The same real Chromium opens the same kind of page of ours and of V1 in turn: first with its cache emptied, as on a
new machine, then again, as all day long. Painted is the first text on the screen; usable the moment when the whole page
is there and its scripts have run (DOMContentLoaded).
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.app_fixtures import PASSWORD
from tests.bench.bare import ACCOUNT
from tests.bench.browser import server
from tests.bench.pages import rows_of
from tests.bench.prepare import APPLICANT, REVIEWER
from tests.bench.table import Table
from tests.browser.conftest import CHROMIUM, DESK, SWITCHES

# Of V1's: never more on the wire; no slower with an empty cache but for noise; and clearly quicker all day long.
ON_THE_WIRE, FIRST_TIME, EVERY_TIME = 1.0, 1.25, 0.85
# Where both come from: a file of the same origin, so that no process of the browser is started within the measure.
BETWEEN = "/static/appbuilder/css/fontawesome/solid.min.css"
TIMES = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return [paint ? paint.startTime : page.domInteractive, page.domContentLoadedEventEnd];
}"""


@dataclass(frozen=True)
class Visit:
    """One page as it came: bytes on the wire, requests, milliseconds until it could be read and until it could be used."""

    bytes: float
    requests: int
    painted: float
    usable: float


class Reader:
    """Somebody signed in at one application, whose browser counts what comes over the wire."""

    def __init__(self, page: Page, origin: str, account: str) -> None:
        self.page, self.origin = page, origin
        self.wire: CDPSession = page.context.new_cdp_session(page)
        self.received: list[float] = []
        self.wire.send("Network.enable")
        self.wire.on("Network.loadingFinished", lambda event: self.received.append(event["encodedDataLength"]))
        page.goto(f"{origin}/login/")
        page.fill("[name=username]", account)
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.press("[name=password]", "Enter")

    def visit(self, path: str, *, afresh: bool) -> Visit:
        """Open the page, with an empty cache or with what was kept."""
        self.page.goto(self.origin + BETWEEN)
        if afresh:
            self.wire.send("Network.clearBrowserCache")
        self.received.clear()
        answer = self.page.goto(self.origin + path, wait_until="load")
        if answer is None or answer.status != 200 or "/login" in self.page.url:
            raise RuntimeError(f"{path} answered {answer and answer.status} at {self.page.url}")
        self.page.wait_for_load_state("networkidle")
        kept = [size for size in self.received if size]  # what the cache gave has no size on the wire
        painted, usable = self.page.evaluate(TIMES)
        return Visit(sum(kept), len(kept), painted, usable)


def measure(url: str, folder: Path, first_port: int, rounds: int, table: Table, where: str) -> None:
    """List, form and record page of both, `rounds` pairs each."""
    with ExitStack() as stack:
        for which, port in (("ours", first_port), ("bare", first_port + 1)):
            stack.enter_context(server(which, url, folder, port, threads=4))
        readers = stack.enter_context(_readers(first_port))
        key = rows_of(url)[1][0]
        pages = {
            "list": (readers["reviewer"], "/projects/list/", "/bare/list/"),
            "form": (readers["applicant"], "/projects/add", "/bare/add"),
            "record": (readers["reviewer"], f"/projects/show/{key}", f"/bare/show/{key}"),
        }
        for name, (reader, ours, bare) in pages.items():
            for afresh in (True, False):
                pairs = _pairs(reader, ours, readers["bare"], bare, afresh, rounds)
                bound = FIRST_TIME if afresh else EVERY_TIME
                _tell(table, where, f"{name}, {'first visit' if afresh else 'again'}", pairs, bound)


@contextmanager
def _readers(first_port: int) -> Iterator[dict[str, Reader]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        people = {
            "reviewer": (first_port, REVIEWER),
            "applicant": (first_port, APPLICANT),
            "bare": (first_port + 1, ACCOUNT),
        }
        yield {
            name: Reader(
                browser.new_context(viewport=DESK, locale="zh-CN").new_page(), f"http://127.0.0.1:{port}", account
            )
            for name, (port, account) in people.items()
        }
        browser.close()


def _pairs(ours: Reader, path: str, bare: Reader, other: str, afresh: bool, rounds: int) -> list[tuple[Visit, Visit]]:
    found = []
    for number in range(rounds + 1):
        asks = [lambda: ours.visit(path, afresh=afresh), lambda: bare.visit(other, afresh=afresh)]
        first, second = [ask() for ask in (asks if number % 2 else asks[::-1])]
        if number:  # the first pair warms up
            found.append((first, second) if number % 2 else (second, first))
    return found


def _tell(table: Table, where: str, what: str, pairs: list[tuple[Visit, Visit]], slowest: float) -> None:
    for figure, unit in (("bytes", "B"), ("requests", ""), ("painted", "ms"), ("usable", "ms")):
        values = [[float(getattr(visit, figure)) for visit in pair] for pair in pairs]
        ratio = median(ours / bare for ours, bare in values)
        mine, theirs = (median(pair[n] for pair in values) for n in (0, 1))
        bound = slowest if unit == "ms" else ON_THE_WIRE
        table.add(where, f"{what}, {figure}, ours/V1", ratio, bound, f"{mine:,.0f} / {theirs:,.0f} {unit}".rstrip())
