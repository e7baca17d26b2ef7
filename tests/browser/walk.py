"""Walk through everything a person finds in the menu: each list, and of each kind of page behind it one.

Nothing here names a screen: pages that come to the menu are walked from the day they are there.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from babel.messages.pofile import read_po
from playwright.sync_api import Error, Page, ViewportSize

from app.domain import terms
from config import ROOT
from tests.browser.person import Person

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1366, "height": 850}
ZOOMED = {"width": 683, "height": 425}  # what a desk's window holds at 200 %
MOST_OF_A_LIST = 60 * 1024  # bytes of HTML
MOST_SHIFT = 0.02
DEPTH = 3
MOST_PAGES = 140
NOT_A_PAGE = re.compile(r"/(?:static|lang|logout|attachments|login|simulator/mode)\b|\.(?:xlsx|pdf|csv)\b")
DOWNLOAD = "Download is starting"
UNDER_WAY = frozenset({"accepted", "supplement", "rejected"})  # states in which a matter's page has the same parts
LINKS = """() => [...document.querySelectorAll('#rail a[href], main a[href]')]
  .filter(a => !a.hasAttribute('download') && a.target !== '_blank')
  .map(a => [a.getAttribute('href'), a.closest('tr[data-status]')?.dataset.status || ''])"""
OVERHANG = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) { return []; }
  const over = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > edge + 1)
    .map(e => `${e.tagName.toLowerCase()}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 4);
  return over.length ? over : ['a text that does not break'];
}"""
# Text that its own box hides. A name cut short with three dots tells the whole of it in its title.
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(e => {
  const style = getComputedStyle(e);
  if (!/hidden|clip/.test(style.overflowX) || e.closest('.sr-only') || e.clientWidth < 2 || e.scrollWidth <= e.clientWidth + 1) { return false; }
  const says = [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim()) || style.textOverflow === 'ellipsis';
  return says && !(style.textOverflow === 'ellipsis' && (e.closest('[title]') || e.querySelector('[title]')));
}).map(e => `${e.tagName.toLowerCase()}.${e.className} ${e.textContent.trim().slice(0, 30)}`).slice(0, 4)"""
# How far things moved by themselves while the page came (CLS), without waiting for more to come.
SHIFT = """() => new Promise(tell => {
  let moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) { moved += e.value; } }))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => tell(moved), 0));
})"""
CODES_IN_CELLS = """() => [...document.querySelectorAll('main td')].filter(td => {
  const head = td.closest('table').tHead;
  const above = head && head.rows[0].cells[td.cellIndex] ? head.rows[0].cells[td.cellIndex].innerText : '';
  return /^0[0-9]{1,3}$/.test(td.innerText.trim()) && !/代码|编码|号|序/.test(above);
}).map(td => `${td.innerText.trim()} (${td.className})`).slice(0, 4)"""
AXE = """() => axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'],
}).then(found => found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].target.join(' ')}`))"""
# The kinds of elements of a page, each with its parent: what axe-core judges by, without what the page says.
ELEMENTS = """() => {
  const found = new Set();
  for (const e of document.querySelectorAll('*')) {
    const told = [...e.attributes].filter(a => /^(type|role|alt|lang|scope|tabindex|style|hidden|disabled|aria-)/.test(a.name))
      .map(a => /^(aria-(label|describedby|controls|labelledby)|alt)/.test(a.name) ? a.name : `${a.name}=${a.value}`);
    found.add([e.parentElement ? `${e.parentElement.tagName}.${e.parentElement.className}` : '', e.tagName, e.className,
      e.labels ? e.labels.length : '', e.title ? 'titled' : '', ...told.sort()].join(' '));
  }
  return [...found];
}"""
TEXTS = """() => {
  const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.textContent.trim();
    if (text && !node.parentElement.closest("script, [lang='zh-CN']:not([data-marked])")) { found.add(text); }
  }
  document.querySelectorAll('[placeholder], [title], [aria-label]').forEach(element => {
    for (const name of ['placeholder', 'title', 'aria-label']) {
      if (element.hasAttribute(name)) { found.add(element.getAttribute(name).trim()); }
    }
  });
  return [...found];
}"""
# Chinese data that a reader would pronounce as English.
UNMARKED = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.textContent.trim();
    if (/[\u3400-\u9fff]/.test(text) && !node.parentElement.closest("script, style, template, [lang='zh-CN']")) {
      found.push(text.slice(0, 40));
    }
  }
  return found.slice(0, 4);
}"""
LATIN = re.compile(r"(?<![A-Za-z0-9_.@:/\-=&])[A-Za-z_]{3,}(?![A-Za-z0-9.@:/\-=])")
CODES = frozenset(
    str(member) for kind in vars(terms).values() if isinstance(kind, type) and hasattr(kind, "__members__")
    for member in kind
)  # fmt: skip
SAID_IN_LATIN = frozenset(
    [
        "English",
        "PDF",
        "Excel",
        "API",
        "Ctrl",
        "Esc",
        "Enter",
        "Alt",
        "Shift",
        "SHA",
        "UTC",
        "GB",
        "EPC",
        "XLSX",
        "OpenAPI",
    ]
)
# Screens whose data is codes, names of colours, words in both languages or placeholders: there only the page's own
# build is judged.
SHOWS_CODES = re.compile(
    r"/(?:dictionaries|regions|bureaus|requireddocuments|returnreasons|matteritems|noticetemplates|roles|styleguide)\b"
)
ALSO_ENGLISH = frozenset(
    ["unfinished: None", "not English: 无锡市住房和城乡建设局"]
)  # a word, and the name of a bureau
UNFINISHED = re.compile(r"%\([a-z_]+\)|\{\{|\}\}|&(?:nbsp|lt|gt|amp);|l\(['\"]|lazy|\bundefined\b|\bNaN\b|\bNone\b")


def walk(person: Person, look: Callable[[Page, str], list[str]] | None = None) -> dict[str, list[str]]:
    """Every page that can be reached by following links, one of each shape, and what is wrong with it.

    `look` is what to do at each, given the page and its shape, in place of looking for faults.
    """
    look = look or looked_at
    person.opens("/")
    found: dict[str, list[str]] = {"/": look(person.page, "/")}
    waiting = [(*link, 1) for link in links(person.page)]
    while waiting and len(found) < MOST_PAGES:
        path, kind, depth = waiting.pop(0)
        if kind in found or not opened(person, path):
            continue
        found[kind] = look(person.page, kind)
        if depth < DEPTH:
            waiting += [(*link, depth + 1) for link in links(person.page)]
    return found


def complaints(found: dict[str, list[str]]) -> list[str]:
    """One line for each fault."""
    return [f"{path}: {one}" for path, told in found.items() for one in told]


def looked_at(page: Page, kind: str) -> list[str]:
    """What is wrong with a page of this shape; of one that shows codes only how it is built."""
    told = faults(page)
    return (
        [one for one in told if one.startswith(("hangs", "cut", "moves", "heavy", "axe"))]
        if SHOWS_CODES.match(kind)
        else told
    )


def opened(person: Person, path: str) -> bool:
    """Go there; a link that gives a file is none of the pages."""
    try:
        person.opens(path)
    except Error as error:
        if DOWNLOAD in str(error) or "net::ERR_ABORTED" in str(error):
            return False
        raise
    return True


def links(page: Page) -> Iterator[tuple[str, str]]:
    """Pages of our own that the menu and the main part lead to, and what kind each is."""
    for href, status in page.evaluate(LINKS):
        if href.startswith("/") and not NOT_A_PAGE.search(href):
            yield href, shape(href, status)


def shape(path: str, status: str = "") -> str:
    """What kind of page it is: the path without its figures and its query, a record's page by state."""
    plain = re.sub(
        r"/show/[^/]+|/[0-9][0-9A-Za-z-]*", lambda key: f"{key[0][: key[0].rindex('/')]}/N", urlsplit(path).path
    )
    if plain.startswith("/matters/show/") and status in UNDER_WAY:
        status = "open"
    return f"{plain} {status}".rstrip() if "/show/" in plain else plain


def faults(page: Page) -> list[str]:
    """What a clerk should not see on it, on a desk and on a telephone."""
    text = page.locator("body").inner_text()
    told = [f"code {word}" for word in sorted(CODES & set(LATIN.findall(text)))]
    told += [f"not Chinese: {word}" for word in sorted(set(LATIN.findall(text)) - CODES - SAID_IN_LATIN)]
    told += [f"unfinished: {match}" for match in sorted(set(UNFINISHED.findall(text + page.title())))]
    told += [f"code in a cell: {cell}" for cell in page.evaluate(CODES_IN_CELLS)]
    told += heavy(page)
    told += barriers(page)
    return told + misfits(page, DESK, ZOOMED, PHONE)


def misfits(page: Page, *sizes: ViewportSize) -> list[str]:
    """What stands over the edge of windows of these widths, or is cut off in them."""
    told = []
    for size in sizes:
        page.set_viewport_size(size)
        told += [f"hangs over {size['width']}: {part}" for part in page.evaluate(OVERHANG)]
        told += [f"cut off at {size['width']}: {part}" for part in page.evaluate(CUT_OFF)]
    page.set_viewport_size(DESK)
    return told


def heavy(page: Page) -> list[str]:
    """A list that takes long to come, and things that jump while it does."""
    told, shift = [], page.evaluate(SHIFT)
    if shift > MOST_SHIFT:  # what a page does by itself it does every time, what a busy machine does it may not
        page.reload(wait_until="load")
        again = page.evaluate(SHIFT)
        told += [f"moves by itself: {shift:.3f}, again {again:.3f}"] if again > MOST_SHIFT else []
    size = len(page.content().encode())
    if urlsplit(page.url).path.endswith("/list/") and size > MOST_OF_A_LIST:
        told.append(f"heavy: {size} bytes")
    return told


def faults_in_english(page: Page, kind: str) -> list[str]:
    """What an English reader should not see: a Chinese sentence of our own (data stays as it is), or an overhang."""
    told = [f"not English: {text}" for text in page.evaluate(TEXTS) if text in translated()]
    told += [f"unfinished: {match}" for match in sorted(set(UNFINISHED.findall(page.locator("body").inner_text())))]
    told = [] if SHOWS_CODES.match(kind) else [one for one in told if one not in ALSO_ENGLISH]
    told += [f"not marked as Chinese: {text}" for text in page.evaluate(UNMARKED)]
    return told + misfits(page, PHONE, DESK)


@cache
def translated() -> frozenset[str]:
    """Every Chinese sentence that the English catalogue has other words for."""
    with (ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return frozenset(
            str(message.id) for message in read_po(file) if isinstance(message.id, str) and message.string != message.id
        )


JUDGED: set[str] = set()  # kinds of elements, in this process


def barriers(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2, levels A and AA, on a page that has a kind of element not judged before."""
    kinds = set(page.evaluate(ELEMENTS))
    if kinds <= JUDGED:
        return []
    JUDGED.update(kinds)
    page.evaluate(AXE_SCRIPT)
    return [f"axe: {violation}" for violation in page.evaluate(AXE)]
