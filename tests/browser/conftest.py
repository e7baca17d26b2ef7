"""A real Chromium before a running console. Where CI runs it must be there; elsewhere its absence is a skip."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.person import Person
from tests.browser.server import Console, console_running
from tests.browser.watch import Watch

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
DESK = {"width": 1366, "height": 850}
PATIENCE = 20_000  # milliseconds


@pytest.fixture(scope="session")
def program() -> Path:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"no Chromium at {CHROMIUM}")
    return CHROMIUM


@pytest.fixture(scope="session")
def console(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The console with its worker and its simulated gateway, filled with the demo records."""
    with console_running(tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(program: Path) -> Iterator[Browser]:
    """A browser with a fresh profile; it lives for one file, so that its event loop meets no other test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Browser, console: Console) -> Iterator[Callable[..., Person]]:
    """Somebody at a browser of their own: person(), or signed in: person("reviewer.jiangyin")."""
    people: list[Person] = []

    def sit_down(username: str = "", size: dict[str, int] = DESK, hand: type[Person] = Person) -> Person:
        context = chromium.new_context(base_url=console.origin, locale="zh-CN", viewport=size)
        context.set_default_timeout(PATIENCE)
        somebody = hand(context.new_page(), Watch(context, console.origin))
        people.append(somebody)
        if username:
            somebody.signs_in(username, console.password)
        return somebody

    yield sit_down
    faults = [fault for somebody in people for fault in somebody.watch.faults]
    for somebody in people:
        somebody.page.context.close()
    reason = console.last_words() if any(fault.startswith("5") for fault in faults) else ""
    assert not faults, "\n".join([*faults, reason])
