"""A paper as .docx, for those who fill it in at their desk: the same blocks as the PDF, in the fonts of an office."""

import io
from datetime import datetime

import segno
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from app.papers.blocks import Block, Code, Items, Paper, Plate, Prose, Rows, Signatures

BODY, HEADING = "宋体", "黑体"  # what Chinese offices have; another is substituted where they are missing
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EPOCH = datetime(2016, 1, 10)  # noqa: DTZ001 - a document's own time has no zone; the same paper is the same file


def docx(paper: Paper) -> bytes:
    """The paper as a Word document, A4. What is typed is text, never a field or a macro."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    core = document.core_properties
    core.title, core.author, core.comments = paper.title, paper.issuer, ""
    core.created = core.modified = _EPOCH
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.line_spacing = 1.5
    _centred(document, paper.title, Pt(18), bold=True)
    if paper.subtitle:
        _centred(document, paper.subtitle, Pt(11), bold=False)
    for block in paper.blocks:
        if block.title:
            document.add_paragraph().add_run(block.title).bold = True
        _draw(document, block)
    section.footer.paragraphs[0].text = paper.footer
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _centred(document: Document, text: str, size: Pt, *, bold: bool) -> None:  # type: ignore[valid-type]
    paragraph = document.add_paragraph()  # type: ignore[attr-defined]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, size
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEADING)


def _draw(document: Document, block: Block) -> None:  # type: ignore[valid-type]
    match block:
        case Prose():
            document.add_paragraph(block.text).paragraph_format.first_line_indent = Pt(24)  # type: ignore[attr-defined]
        case Rows():
            _table(document, block.rows)
        case Items():
            numbered = [(str(n), *item) for n, item in enumerate(block.items, start=1)]
            _table(document, [block.heads, *numbered])
        case Plate():
            document.add_paragraph("  ".join(value for value, _word in block.segments))  # type: ignore[attr-defined]
        case Signatures():
            document.add_paragraph("　　　　".join(block.lines))  # type: ignore[attr-defined]
        case Code():
            drawn = io.BytesIO()
            segno.make(block.address, error="m").save(drawn, kind="png", scale=6, border=1)
            document.add_picture(drawn, width=Cm(2.6))  # type: ignore[attr-defined]
            document.add_paragraph(f"{block.caption}{block.code}")  # type: ignore[attr-defined]


def _table(document: Document, rows: object) -> None:  # type: ignore[valid-type]
    lines = list(rows)  # type: ignore[call-overload]
    table = document.add_table(rows=0, cols=len(lines[0]))  # type: ignore[attr-defined]
    table.style = "Table Grid"
    for line in lines:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
