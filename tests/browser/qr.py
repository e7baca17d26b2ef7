"""The QR code of a printed paper, read from its picture: the modules, to be compared with those of an address."""

from typing import Any

import pypdfium2
import segno

SCALE = 6.0  # pixels per point: a module is then some ten pixels wide
MARGIN, WIDTH = 62, 91  # points: where the paper has its code, and how wide it is
DARK = 128


def is_printed(page: pypdfium2.PdfPage, address: str) -> bool:
    """Whether the code on the paper is that of the address."""
    modules = [[bool(bit) for bit in row] for row in segno.make(address, error="m").matrix]
    return _read(page, len(modules)) == modules


def _read(page: pypdfium2.PdfPage, count: int) -> list[list[bool]]:
    picture = page.render(scale=SCALE).to_pil().convert("L")
    left = int(MARGIN * SCALE)
    band = picture.crop((left, 0, left + int(WIDTH * SCALE), picture.height))
    top, bottom = _code_rows(band, count)
    box = band.crop((0, top, band.width, bottom)).point(lambda value: 255 if value < DARK else 0).getbbox()
    assert box is not None
    step = (box[2] - box[0]) / count
    return [
        [
            band.getpixel((int(box[0] + (column + 0.5) * step), int(top + (row + 0.5) * step))) < DARK
            for column in range(count)
        ]
        for row in range(count)
    ]


def _code_rows(band: Any, count: int) -> tuple[int, int]:
    """First and last row of the piece without a white row that is as tall as the code; tables are taller or less."""
    wanted = WIDTH * SCALE * count / (count + 2)  # a module of white on either side
    data, width = band.tobytes(), band.width
    dark = [min(data[row * width : (row + 1) * width]) < DARK for row in range(band.height)]
    runs, start = [], 0
    for row, is_dark in enumerate([*dark, False]):
        if not is_dark:
            runs.append((start, row))
            start = row + 1
    best = min(runs, key=lambda run: abs(run[1] - run[0] - wanted))
    assert abs(best[1] - best[0] - wanted) < wanted / 20, "no code on the paper"
    return best
