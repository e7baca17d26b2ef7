"""`make pictures`: the eight pictures of README and docs, taken of the demo bureau into docs/pictures/ (kept in git).

They show one screen as it stands before its reader; `make screens` takes every page in its whole length.
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from config import ROOT
from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.person import Person
from tests.browser.server import console_running
from tests.browser.walk import PHONE
from tests.browser.watch import Watch

FOLDER = ROOT / "docs" / "pictures"
SCREEN = {"width": 1366, "height": 768}
RETURNED, NUMBERED, SUBMITTED = "演示镇便民服务中心装修改造工程", "演示桂花垃圾转运站", "江阴市演示实验小学迁建工程"
TO_CHECK = "演示大道（滨江路至澄杨路段）改造工程"
BUILDER, REVIEWER, CLERK, MANAGER = "PDY00001-X", "reviewer.jiangyin", "clerk.jiangyin", "manager.jiangyin"

# By file name: who looks, at a window of which size, and where they go.
CHOSEN: dict[str, tuple[str, dict[str, int], Callable[[Person], None]]] = {
    "home-of-a-builder": (BUILDER, SCREEN, lambda person: person.opens("/")),
    "form-after-a-return": (BUILDER, SCREEN, lambda person: person.opens_record(RETURNED, "edit")),
    "project-with-its-number": (BUILDER, SCREEN, lambda person: person.opens_record(NUMBERED)),
    "home-of-staff": (REVIEWER, SCREEN, lambda person: person.opens("/")),
    "review": (REVIEWER, SCREEN, lambda person: person.opens_record(SUBMITTED, "approve")),
    "counter": (CLERK, SCREEN, lambda person: person.opens(f"/counter/?q={TO_CHECK}")),
    "monthly-report": (MANAGER, SCREEN, lambda person: person.opens("/reports/")),
    "list-on-a-telephone": (BUILDER, PHONE, lambda person: person.opens("/projects/list/")),
}


def main() -> int:
    """Take all eight; 0 when no page complained."""
    complaints: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yht-pictures-")))
        console = stack.enter_context(console_running(folder, demo="1"))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, (who, size, goes) in CHOSEN.items():
            context = browser.new_context(base_url=console.origin, locale="zh-CN", viewport=size)  # type: ignore[arg-type]
            person = Person(context.new_page(), Watch(context, console.origin))
            person.signs_in(who, console.password)
            goes(person)
            person.page.wait_for_load_state("networkidle")
            drawn = Image.open(BytesIO(person.page.screenshot()))
            drawn.quantize(256).save(FOLDER / f"{name}.png", optimize=True)  # a third of the bytes, for git
            complaints += person.watch.faults
            context.close()
        browser.close()
    print("\n".join(complaints) or f"{len(CHOSEN)} pictures in {FOLDER.relative_to(ROOT)}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
