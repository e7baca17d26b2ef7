"""Demo scans are real PDFs that say what they are."""

import io

import pikepdf
import pypdfium2
import pytest

from app.seeds.demo_pdf import MARK, make_pdf


def texts(content: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(content)
    return [pdf[number].get_textpage().get_text_bounded() for number in range(len(pdf))]


def test_every_page_is_marked_and_carries_its_text() -> None:
    pages = texts(make_pdf("演示批复", ["同意立项，面积 1,234.50 ㎡"], pages=2))

    assert len(pages) == 2
    assert all(MARK in page for page in pages)
    assert "演示批复" in pages[0]
    assert "1,234.50" in pages[0]


@pytest.mark.parametrize(("lines", "pages"), [(0, 1), (22, 1), (23, 2), (100, 5)])
def test_long_text_flows_on(lines: int, pages: int) -> None:
    assert len(texts(make_pdf("演示批复", ["一行"] * lines))) == pages


def test_same_text_gives_the_same_bytes() -> None:
    assert make_pdf("演示", ["甲"]) == make_pdf("演示", ["甲"])
    assert make_pdf("演示", ["甲"]) != make_pdf("演示", ["乙"])


def test_file_needs_no_repair() -> None:
    with pikepdf.open(io.BytesIO(make_pdf("演示", ["甲"], pages=3)), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == 3
        assert pdf.get_warnings() == []
