"""Somebody who never touches the mouse: every input, link and button is reached by Tab and worked by keys."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.person import Person, file_of
from tests.browser.watch import Watch

MOST_STEPS = 400  # no page has as many stops
# How far the wanted element is from the focus in the order of the page: -1 before it, 0 there, 1 after it.
SIDE = """(element) => {
  const at = document.activeElement;
  if (at === element) { return 0; }
  return at === document.body || at.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING ? 1 : -1;
}"""
# What a sighted person at the keyboard misses: a ring around the focus, and the focus in front of the fixed bars.
UNSEEN = """(element) => {
  const ringed = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const labels = [...(element.labels || [])];
  if (![element, element.parentElement, ...labels].some(ringed)) { return 'no ring'; }
  const shown = (one) => {
    const box = one.getBoundingClientRect();
    const points = [0.1, 0.5, 0.9].map((part) => [box.left + box.width * part, box.top + box.height / 2]);
    return points.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (one.contains(top) || top.contains(one)); });
  };
  return [element, ...labels].some(shown) ? '' : 'hidden';
}"""


class KeyboardPerson(Person):
    """The same deeds by keys alone; wherever the focus stops to be used, it must be seen."""

    def __init__(self, page: Page, watch: Watch) -> None:
        super().__init__(page, watch)
        page.on("filechooser", lambda chooser: None)  # from the first page on, or a quick key would find nobody waiting

    def reaches(self, wanted: Locator) -> None:
        """Press Tab, or Shift and Tab, until the focus is there."""
        element = wanted.first
        expect(element).to_be_attached()
        for _ in range(MOST_STEPS):
            side = element.evaluate(SIDE)
            if side == 0:
                break
            self.page.keyboard.press("Tab" if side > 0 else "Shift+Tab")
        else:
            raise AssertionError(f"Tab never comes to {element}")
        unseen = element.evaluate(UNSEEN)
        assert not unseen, f"{unseen}: {element.evaluate('e => e.outerHTML.slice(0, 200)')} at {self.page.url}"

    def clicks(self, target: Locator) -> None:
        self.reaches(target)
        self.page.keyboard.press("Enter")

    def checks(self, box: Locator) -> None:
        if box.first.evaluate("e => e.type") == "radio":
            self._chooses(box.first)
        elif not box.first.is_checked():
            self.reaches(box)
            self.page.keyboard.press("Space")
        expect(box.first).to_be_checked()

    def _chooses(self, radio: Locator) -> None:
        """Tab comes to one of a group, arrows go on to the next."""
        group = self.page.locator(f'[name="{radio.get_attribute("name")}"]')
        within = radio.evaluate_handle("e => e.form")
        stop = next(
            (one for one in group.all() if one.is_checked() and one.evaluate("(e, f) => e.form === f", within)), None
        )
        self.reaches(stop or group.first)
        if stop is None:
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

    def uploads(self, slot: str, name: str, content: bytes | None = None) -> Locator:
        place = self.page.locator(f'.attach[data-slot="{slot}"]')
        with self.page.expect_response(lambda answer: f"/attachments/{slot}" in answer.url):
            self._hands_over(place.locator("input[type=file]"), name, content)
        return place

    def chooses_file(self, field: str, name: str) -> None:
        self._hands_over(self.page.locator(f'input[type=file][name="{field}"]'), name)

    def _hands_over(self, box: Locator, name: str, content: bytes | None = None) -> None:
        self.reaches(box)
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Space")
        asked.value.set_files(file_of(name, content))

    def _types(self, box: Locator, value: str) -> None:
        self.reaches(box)
        if box.evaluate("e => e.type") == "date":
            year, month, day = value.split("-")
            # Debian's Chromium speaks American; the keys go on from part to part by themselves.
            self.page.keyboard.type(f"{month}{day}{year}")
            expect(box).to_have_value(value)
            return
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(value)

    def _selects(self, box: Locator, value: str) -> None:
        self.reaches(box)
        self.page.keyboard.press("Home")
        for _ in range(box.locator("option").count()):
            if box.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        expect(box).to_have_value(value)
