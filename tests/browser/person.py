"""One person at one browser: what people do with our pages, in their words. Facts are read from the pages alone."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from playwright.sync_api import FilePayload, Locator, Page, expect

from app.seeds.demo_pdf import make_pdf
from tests.browser.watch import Watch
from tests.waiting import eventually


class Person:
    """Opens pages, fills forms, presses buttons; `watch` remembers what the pages did wrong."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page = page
        self.watch = watch

    # Going --------------------------------------------------------------------------------------

    def opens(self, path: str) -> None:
        """Go there and wait until everything on the page is loaded."""
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None and answer.status < 500, f"{path}: {answer and answer.status}"

    def another_tab(self) -> "Person":
        """The same person in a second tab of the same browser."""
        return Person(self.page.context.new_page(), self.watch)

    def follows(self, name: str, within: str = "main") -> None:
        """Follow the first link of this name."""
        with self.page.expect_navigation():
            self.clicks(self.page.locator(within).get_by_role("link", name=name).first)

    def presses(self, name: str, within: str = "main") -> None:
        """Press the button of exactly this name; the next page is there afterwards."""
        with self.page.expect_navigation():
            self.clicks(self.button(name, within))

    def pushes(self, name: str, within: str = "main") -> None:
        """Press a button that stays on the page."""
        self.clicks(self.button(name, within))

    def confirms(self, name: str, within: str = "main") -> str:
        """Press a button that asks first, say yes; gives what was asked."""
        self.clicks(self.button(name, within))
        asked = self.page.locator("dialog#confirm[open]")
        text = asked.inner_text()
        with self.page.expect_navigation():
            self.clicks(asked.locator("[data-yes]"))
        return text

    def button(self, name: str, within: str = "main") -> Locator:
        """The button of this name; a shortcut or a count may follow."""
        return self.page.locator(within).get_by_role("button", name=re.compile(rf"^\s*{name}(\s|（|$)")).first

    def clicks(self, target: Locator) -> None:
        """A link or a button."""
        target.click()

    def checks(self, box: Locator) -> None:
        """Tick a box, or choose one of several."""
        box.check()

    # Signing in ---------------------------------------------------------------------------------

    def registers(self, paper: Mapping[str, Any]) -> None:
        self.opens("/register/")
        self.fills(paper, "#register")
        self.presses("注册", "#register")

    def signs_in(self, username: str, password: str) -> None:
        self.opens("/login/")
        self.fills({"username": username, "password": password})
        self.presses("登录")

    def signs_out(self) -> None:
        self.clicks(self.page.get_by_role("button", name="账号菜单"))
        self.presses("退出登录", "#user-menu")

    def changes_password(self, old: str, new: str, **further: str) -> None:
        self.fills({"current_password": old, "new_password": new, "confirm_password": new, **further})
        self.presses("修改密码")

    # Lists --------------------------------------------------------------------------------------

    def row(self, name: str) -> Locator:
        """The row of the record with this name."""
        return self.page.locator("tr[data-id]").filter(has_text=name)

    def opens_record(self, name: str, page: str = "show") -> None:
        """A page of the project with this name, found in the list."""
        self.opens(f"/projects/list/?q={name}")
        shown = self.row(name).locator("a.name").get_attribute("href") or ""
        self.opens(shown.replace("/show/", f"/{page}/"))

    def sees_row(self, name: str, status: str) -> None:
        expect(self.row(name)).to_have_attribute("data-status", status)

    def acts_from_list(self, act: str, name: str) -> str:
        """Back in the list, tick the row and press a button of the bulk bar; gives what was asked."""
        self.opens("/projects/list/")
        self.checks(self.row(name).locator("[name=rowid]"))
        return self.confirms(act, ".bulkbar")

    def first_rows(self, count: int) -> list[str]:
        """The names in the first rows of this list."""
        names = self.reads("tr[data-id] a.name")[:count]
        assert len(names) == count, f"{len(names)} rows at {self.page.url}"
        return names

    def ticks(self, *names: str) -> None:
        """Tick the rows of these names."""
        for name in names:
            self.checks(self.row(name).locator("[name=rowid]"))

    def sees_results(self, results: Mapping[str, str]) -> None:
        """What came of an act on many rows: by name done, waits or refused."""
        rows = self.page.locator("[data-done] tr[data-id]")
        found = {row.locator("a.name").inner_text(): row.get_attribute("data-result") for row in rows.all()}
        assert found == dict(results)

    def downloads(self, press: Callable[[], None]) -> Workbook:
        """The workbook that comes of pressing something, opened as the person would."""
        with self.page.expect_download() as waiting:
            press()
        return load_workbook(BytesIO(waiting.value.path().read_bytes()))

    # Forms --------------------------------------------------------------------------------------

    def fills(self, values: Mapping[str, Any], within: str = "body") -> None:
        """Each value into the input of its name, whatever kind of input it is; True ticks."""
        for name, value in values.items():
            self._fill(self.page.locator(within).locator(f'[name="{name}"]:not([type=hidden])'), value)

    def _fill(self, found: Locator, value: Any) -> None:
        kind = found.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind in ("radio", "checkbox"):
            wanted = [value] if isinstance(value, str) else value
            for box in (
                [found.first] if value is True else [found.and_(self.page.locator(f'[value="{v}"]')) for v in wanted]
            ):
                self.checks(box)
        elif kind == "select":
            self._selects(found.first, value)
        else:
            self._types(found.first, value)

    def _types(self, box: Locator, value: str) -> None:
        box.fill(value)

    def _selects(self, box: Locator, value: str) -> None:
        box.select_option(value)

    def typed(self, name: str) -> str:
        """What stands in an input now."""
        return self.page.locator(f'[name="{name}"]').first.input_value()

    def sees_typed(self, values: Mapping[str, str]) -> None:
        """Nothing of what was typed is lost."""
        assert {name: self.typed(name) for name in values} == dict(values)

    def uploads(self, slot: str, name: str, content: bytes | None = None) -> Locator:
        """Choose a file in a slot, as the page's script sends it; gives the slot."""
        place = self.page.locator(f'.attach[data-slot="{slot}"]')
        with self.page.expect_response(lambda answer: f"/attachments/{slot}" in answer.url):
            place.locator("input[type=file]").set_input_files(file_of(name, content))
        return place

    def chooses_file(self, field: str, name: str) -> None:
        """Choose a scan in a plain file input; it goes with the form."""
        self.page.locator(f'input[type=file][name="{field}"]').set_input_files(file_of(name))

    def uploads_scans(self, names: Mapping[str, str]) -> None:
        """One scan into each slot, and each is listed."""
        for slot, name in names.items():
            expect(self.uploads(slot, name).locator("[data-files]")).to_contain_text(name)

    # Seeing -------------------------------------------------------------------------------------

    def sees(self, *texts: str, within: str = "main") -> None:
        for text in texts:
            expect(self.page.locator(within)).to_contain_text(text)

    def sees_message(self, level: str, text: str) -> None:
        expect(self.page.locator(f'[data-level="{level}"]').filter(has_text=text)).to_be_visible()

    def sees_error(self, field: str, text: str) -> None:
        """A sentence at the input, the summary aside."""
        expect(self.page.locator(f'p[data-error-for="{field}"]')).to_contain_text(text)

    def sees_state(self, status: str) -> None:
        """Where the record of this page stands."""
        expect(self.page.locator("main [data-status]").first).to_have_attribute("data-status", status)

    def sees_scans(self) -> None:
        """Every scan's first page is drawn in the scan window."""
        for tab in self.page.locator("[data-scans] [data-scan]").all():
            self.clicks(tab)
            wanted = f"/attachments/{tab.get_attribute('data-scan')}/pages/1"
            self.page.wait_for_function(
                "wanted => { const i = document.querySelector('.scan-page');"
                " return i.src.endsWith(wanted) && i.complete && i.naturalWidth > 300; }",
                arg=wanted,
            )

    def waits_for(self, path: str, text: str, seconds: float = 30) -> None:
        """Reload the page until the text is there: somebody else is at work."""

        def is_there() -> bool:
            self.opens(path)
            return text in self.page.locator("main").inner_text()

        eventually(is_there, seconds)

    def reads(self, selector: str) -> list[str]:
        """The texts at these places, as they are drawn."""
        return [text.strip() for text in self.page.locator(selector).all_inner_texts()]

    def may_be_refused(self, *statuses: int) -> None:
        """From here on the test provokes answers of these kinds."""
        self.watch.refusals.update(statuses)


def file_of(name: str, content: bytes | None = None) -> FilePayload:
    """A file on this person's disk; unless given, a scan of its own for each name."""
    scan = content or make_pdf(name.removesuffix(".pdf"), ["演示扫描件"])
    return {"name": name, "mimeType": "application/pdf", "buffer": scan}
