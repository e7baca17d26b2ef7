"""The uploader's file name is shown and given back, and decides nothing (SECURITY F9, T081, T085)."""

import io

import pytest

from app.domain.errors import Refused
from app.storage import FileStorage, ScanLimits, accept
from app.storage.names import clean_name
from tests import pdfs

KEPT = {
    "Chinese": ("立项批文.pdf", "立项批文.pdf"),
    "upper case": ("批复.PDF", "批复.PDF"),
    "several dots": ("批复.2026.v1.pdf", "批复.2026.v1.pdf"),
    "climbing path": ("../x.pdf", "x.pdf"),
    "absolute path": ("/etc/x.pdf", "x.pdf"),
    "Windows path": ("C:\\批文\\立项.pdf", "立项.pdf"),
    "climbing Windows path": ("..\\x.pdf", "x.pdf"),
    "device name": ("CON.pdf", "CON.pdf"),
    "blanks and a final dot": ("  批复 .pdf. ", "批复.pdf"),
    "several blanks": ("批复  终 稿.pdf", "批复 终 稿.pdf"),
    "no stem": (".pdf", "未命名.pdf"),
    "zero byte": ("批\0复.pdf", "批复.pdf"),
    "line break": ("批复\r\nX-Header: 1.pdf", "批复X-Header: 1.pdf"),
    "reversed direction": ("批复\u202efdp.pdf", "批复fdp.pdf"),
    "markup": ("<b>批复.pdf", "<b>批复.pdf"),
}


@pytest.mark.parametrize(("raw", "kept"), KEPT.values(), ids=KEPT)
def test_name_is_kept_without_folders_and_hidden_characters(raw: str, kept: str) -> None:
    assert clean_name(raw) == kept


def test_long_name_keeps_its_extension() -> None:
    name = clean_name("立" * 300 + ".Pdf")

    assert len(name) == 255
    assert name.endswith("立.Pdf")


REFUSED = {
    "nothing": ("", "no_file"),
    "none": (None, "no_file"),
    "only a folder": ("批文/", "no_file"),
    "only hidden characters": ("\u200b\u202e", "no_file"),
    "program": ("批复.exe", "extension"),
    "double extension": ("批复.pdf.exe", "extension"),
    "program that reads as pdf": ("批复\u202efdp.exe", "extension"),
    "full-width dot": ("批复．pdf", "extension"),
    "no extension": ("批复", "extension"),
    "picture": ("批复.jpg", "extension"),
}


@pytest.mark.parametrize(("raw", "reason"), REFUSED.values(), ids=REFUSED)
def test_other_name_is_refused_before_anything_is_read(storage: FileStorage, raw, reason: str) -> None:
    stream = io.BytesIO(pdfs.scan_pdf())

    with pytest.raises(Refused) as refused:
        accept(storage, stream, raw, ScanLimits())

    assert refused.value.code == f"scan_{reason}"
    assert "PDF" in str(refused.value)
    assert "\u202e" not in str(refused.value)
    assert stream.tell() == 0


def test_name_is_stored_beside_a_generated_path(storage: FileStorage) -> None:
    stored = accept(storage, io.BytesIO(pdfs.scan_pdf()), "../../立项批文.PDF", ScanLimits())

    assert stored.original_name == "立项批文.PDF"
    assert storage.path(stored.sha256).name == stored.sha256
