"""Write small PDFs for the demo and the tests: Chinese text, no fonts inside, marked as demonstration.

The text names the Adobe-GB1 font STSong-Light (ISO 32000-1 §9.7.5.2), which every reader replaces by a
Chinese font of its system. The same arguments always give the same bytes.
"""

import unicodedata

MARK = "演示文件，不具有任何效力"
PAGE_WIDTH, PAGE_HEIGHT = 595, 842  # A4 in points
MARGIN = 72
TITLE_SIZE, TEXT_SIZE, MARK_SIZE = 20, 12, 10
LEADING = 24
COLUMNS = (PAGE_WIDTH - 2 * MARGIN) // TEXT_SIZE  # full-width characters in a line
LINES_PER_PAGE = 22
GREY, RED, BLACK = "0.82 g", "0.75 0.1 0.1 rg", "0 g"

Line = tuple[int, int, int, str, str]  # x, y, size, colour, text


def make_pdf(title: str, lines: list[str] | tuple[str, ...] = (), pages: int = 1) -> bytes:
    """A PDF of at least `pages` A4 pages; text that does not fit flows on to further ones."""
    rows = [row for line in lines for row in _wrapped(line)]
    sheets = [rows[i : i + LINES_PER_PAGE] for i in range(0, len(rows), LINES_PER_PAGE)]
    sheets += [[] for _ in range(pages - len(sheets))]
    count = len(sheets)
    return _file([_page(title, sheet, number, count) for number, sheet in enumerate(sheets, 1)])


def _page(title: str, rows: list[str], number: int, count: int) -> bytes:
    top = PAGE_HEIGHT - MARGIN
    heading = f"{title}（续）" if number > 1 else title
    size = min(TITLE_SIZE, int((PAGE_WIDTH - MARGIN) / max(_columns(heading), 1)))
    foot = f"{MARK}　第 {number} 页，共 {count} 页"
    lines: list[Line] = [
        (_centred(MARK, MARK_SIZE), PAGE_HEIGHT - 40, MARK_SIZE, RED, MARK),
        (_centred(heading, size), top - TITLE_SIZE, size, BLACK, heading),
        (_centred(foot, MARK_SIZE), 36, MARK_SIZE, RED, foot),
    ]
    first = top - TITLE_SIZE - 2 * LEADING
    lines += [(MARGIN, first - i * LEADING, TEXT_SIZE, BLACK, row) for i, row in enumerate(rows)]
    return b"\n".join((_watermark(), *(_shown(line) for line in lines)))


def _watermark() -> bytes:
    """The mark again, large, grey and slanted by 30 degrees, under the text."""
    return f"{GREY} BT /F1 36 Tf 0.866 0.5 -0.5 0.866 115 310 Tm <{_hex(MARK)}> Tj ET".encode()


def _shown(line: Line) -> bytes:
    x, y, size, colour, text = line
    return f"{colour} BT /F1 {size} Tf {x} {y} Td <{_hex(text)}> Tj ET".encode()


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _columns(text: str) -> float:
    """Width in full-width characters; the font gives Latin letters half of one."""
    return sum(1 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def _centred(text: str, size: int) -> int:
    return max(24, round((PAGE_WIDTH - _columns(text) * size) / 2))


def _wrapped(line: str) -> list[str]:
    rows = [""]
    for character in line:
        if _columns(rows[-1] + character) > COLUMNS:
            rows.append("")
        rows[-1] += character
    return rows


def _file(contents: list[bytes]) -> bytes:
    """Catalog, page tree, three font objects, then a page and its content each."""
    numbers = [6 + 2 * i for i in range(len(contents))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R/Lang(zh-CN)>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(numbers)}/MediaBox[0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]"
        "/Resources<</Font<</F1 3 0 R>>>>>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
        # CIDs 1-95 are the proportional Latin letters of Adobe-GB1: half width, everything else is full.
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/W[1 95 500 814 939 500]>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    ]
    for number, content in zip(numbers, contents, strict=True):
        bodies.append(f"<</Type/Page/Parent 2 0 R/Contents {number + 1} 0 R>>".encode())
        bodies.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content))
    return _written(bodies)


def _written(bodies: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe4\xb8\xad\xe6\x96\x87\n")
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)
