"""`make screens`: a picture of every page, by role, language and width, into screens/ (which git ignores).

The demo bureau is played into a folder of its own; each person walks through everything the menu leads to, one page of
each shape. `make screens WHO="reviewer.jiangyin PDY00001-X"` takes only these people. Faults of the walk are printed.
"""

import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config import ROOT
from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.person import Person
from tests.browser.server import Console, console_running
from tests.browser.walk import DESK, PHONE, walk
from tests.browser.watch import Watch

PEOPLE = (
    "", "PDY00001-X", "clerk.jiangyin", "reviewer.jiangyin", "matter.jiangyin", "manager.jiangyin", "admin.jiangyin",
    "admin.wuxi", "auditor.wuxi",
)  # fmt: skip
LANGUAGES = ("zh", "en")
SIZES = (DESK, PHONE)
FOLDER = ROOT / "screens"


def main(names: list[str]) -> int:
    """Take the pictures of these people, of all without a name; 0 when no page complained."""
    complaints = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yht-screens-")))
        console = stack.enter_context(console_running(folder, demo="1"))
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        for name in names or PEOPLE:
            for language in LANGUAGES:
                complaints += of_person(browser, console, name, language)
        browser.close()
    print("\n".join(complaints) or "No page complained.")
    return 1 if complaints else 0


def of_person(browser: Browser, console: Console, name: str, language: str) -> list[str]:
    """Every page of one person in one language."""
    context = browser.new_context(base_url=console.origin, locale="zh-CN", viewport=DESK)
    person = Person(context.new_page(), Watch(context, console.origin))
    if name:
        person.signs_in(name, console.password)
    person.opens(f"/lang/{language}")
    folder = FOLDER / language / (name or "public")
    folder.mkdir(parents=True, exist_ok=True)
    pages = walk(person, lambda page, kind: picture(page, folder / file_name(kind)))
    print(f"{folder.relative_to(ROOT)}: {len(pages)} pages", flush=True)
    context.close()
    return [f"{name} {language}: {fault}" for fault in person.watch.faults]


def picture(page: Page, stem: Path) -> list[str]:
    """The whole page at each width."""
    for size in SIZES:
        page.set_viewport_size(size)
        page.screenshot(path=f"{stem}-{size['width']}.png", full_page=True)
    page.set_viewport_size(DESK)
    return []


def file_name(kind: str) -> str:
    """A page's shape as a file name."""
    return re.sub(r"[^0-9A-Za-z]+", "-", kind).strip("-") or "home"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
