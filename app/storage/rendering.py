"""Draw one page of a PDF as PNG; runs only inside the limited child."""

import io

import pypdfium2

MAX_RATIO = 4  # a page may be at most this many times as high as it is wide before it is shrunk


def render_page(data: bytes, page: int, width: int) -> bytes | None:
    """Page `page` (from 1) about `width` pixels wide; None when the file has no such page."""
    pdf = pypdfium2.PdfDocument(data)
    # Electronic seals are form fields: without this they stay invisible.
    pdf.init_forms()
    if not 1 <= page <= len(pdf):
        return None
    sheet = pdf[page - 1]
    points_wide, points_high = sheet.get_size()
    scale = min(width / max(points_wide, 1), MAX_RATIO * width / max(points_high, 1))
    image = sheet.render(scale=scale, may_draw_forms=True).to_pil()
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()
