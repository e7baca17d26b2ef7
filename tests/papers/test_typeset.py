"""Papers as they are set: what is copied out of one is what was printed, and no box is empty."""

import pypdfium2

from app.domain.spelling import is_unseen
from app.papers import typeset
from app.papers.blocks import Paper, Prose, Rows


def lines_of(paper: pypdfium2.PdfDocument) -> list[str]:
    """What stands on it, line by line."""
    return "".join(page.get_textpage().get_text_range() for page in paper).split()


def test_what_is_copied_out_of_a_paper_is_what_was_printed() -> None:
    code, project = "c123456-0123456789abcdef0123", "2020-320281-47-03-123456"
    address = f"https://yht.example.cn/verify/{code}?{'W' * 90}"
    blocks = (
        Rows([("代码", project), ("地址", address)]),
        Prose(f"{code}。{address}"),
        typeset.qr(address, "核对码", code),
    )

    paper = pypdfium2.PdfDocument(typeset.pdf(Paper("演示", "演示", project, blocks)))

    lines = lines_of(paper)
    assert lines.count(project) == 2 and code in lines
    assert "".join(lines).count(address) == 2
    assert not any(is_unseen(mark) for mark in "".join(lines))


def test_what_the_font_lacks_is_a_mark_and_no_empty_box() -> None:
    paper = pypdfium2.PdfDocument(typeset.pdf(Paper("演示", "演示", "页脚", [Prose("演示\U0001f600\ue000工程\ufe0f")])))

    assert "演示〓〓工程" in "".join(lines_of(paper))
