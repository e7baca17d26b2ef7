"""Which files are scans, and what is said about those that are not (SECURITY T079-T083, X10, X27)."""

import io
import resource
import sys
import time
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from app.domain.errors import Refused
from app.storage import ChildLimits, FileStorage, ScanLimits, accept, sandbox
from app.storage.refusals import SENTENCES
from tests import pdfs

LIMITS = ScanLimits()


def files_in(storage: FileStorage) -> list[str]:
    return [str(path) for path in storage.root.rglob("*") if path.is_file()]


def refusal(storage: FileStorage, content: bytes, name: str = "批复.pdf", **options: object) -> Refused:
    limits = options.pop("limits", LIMITS)
    with pytest.raises(Refused) as refused:
        accept(storage, io.BytesIO(content), name, limits, **options)
    assert files_in(storage) == []
    return refused.value


GOOD = {
    "one page": lambda: pdfs.scan_pdf(),
    "as many pages as allowed": lambda: pdfs.blank_pdf(200),
    "object streams": lambda: pdfs.changed(lambda pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "opens at a page": lambda: pdfs.on_opening(Array([0, Name.Fit])),
    "goes to a page": lambda: pdfs.on_opening(Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))),
    "web link": lambda: pdfs.on_click(Dictionary(S=Name.URI, URI="https://www.jiangyin.gov.cn/")),
    "address without scheme": lambda: pdfs.on_click(Dictionary(S=Name.URI, URI="www.jiangyin.gov.cn")),
    "electronic seal": pdfs.sealed,
    "empty name trees": pdfs.with_empty_name_trees,
    "zeros after the end": lambda: pdfs.scan_pdf() + b"\r\n" + bytes(512),
}


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_plain_scan_is_taken(storage: FileStorage, make) -> None:
    content = make()

    stored = accept(storage, io.BytesIO(content), "批复.pdf", LIMITS)

    assert stored.size_bytes == len(content)
    assert storage.verify(stored.sha256)


def test_pages_are_counted(storage: FileStorage) -> None:
    stored = accept(storage, io.BytesIO(pdfs.scan_pdf(pages=7)), "批复.pdf", LIMITS)

    assert stored.page_count == 7


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_plain_scan_of_our_own_is_taken_without_a_child(storage: FileStorage, make) -> None:
    stored = accept(storage, io.BytesIO(make()), "批复.pdf", ScanLimits(child=None))

    assert storage.verify(stored.sha256)
    assert stored.page_count >= 1


BAD = {
    "password": (lambda: pdfs.encrypted(user="demo"), "encrypted", "文件带密码，请去掉密码后重新上传"),
    "owner password": (lambda: pdfs.encrypted(), "restricted", "限制了打印或复制，请打印成新的 PDF"),
    "script on opening": (
        lambda: pdfs.on_opening(Dictionary(S=Name.JavaScript, JS=pdfs.SCRIPT)),
        "javascript",
        "JavaScript",
    ),
    "script on click": (
        lambda: pdfs.on_click(Dictionary(S=Name.JavaScript, JS=pdfs.SCRIPT)),
        "javascript",
        "JavaScript",
    ),
    "script in names tree": (pdfs.script_in_names_tree, "javascript", "JavaScript"),
    "script in object stream": (pdfs.script_in_object_stream, "javascript", "JavaScript"),
    "script under escaped name": (pdfs.script_under_escaped_name, "javascript", "JavaScript"),
    "page action": (pdfs.page_action, "automatic_action", "AA"),
    "print on opening": (
        lambda: pdfs.on_opening(Dictionary(S=Name.Named, N=Name.Print)),
        "automatic_action",
        "OpenAction",
    ),
    "launch": (lambda: pdfs.on_click(Dictionary(S=Name.Launch, F="calc.exe")), "launch", "Launch"),
    "embedded file": (pdfs.embedded_file, "embedded_file", "EmbeddedFile"),
    "attached file": (lambda: pdfs.with_annotation("/FileAttachment"), "embedded_file", "EmbeddedFile"),
    "xfa": (pdfs.xfa_form, "xfa", "XFA"),
    "submit form": (
        lambda: pdfs.on_click(Dictionary(S=Name.SubmitForm, F="https://example.org")),
        "form_submission",
        "SubmitForm",
    ),
    "import data": (
        lambda: pdfs.on_click(Dictionary(S=Name.ImportData, F="x.fdf")),
        "form_submission",
        "ImportData",
    ),
    "rich media": (lambda: pdfs.with_annotation("/RichMedia"), "multimedia", "RichMedia"),
    "film": (lambda: pdfs.with_annotation("/Movie"), "multimedia", "视频"),
    "other document": (
        lambda: pdfs.on_click(Dictionary(S=Name.GoToR, F="x.pdf", D=Array([0]))),
        "external_file",
        "GoToR",
    ),
    "link to a file": (
        lambda: pdfs.on_click(Dictionary(S=Name.URI, URI="file:///etc/passwd")),
        "external_file",
        "URI",
    ),
    "link to a share": (
        lambda: pdfs.on_click(Dictionary(S=Name.URI, URI="\\\\198.51.100.1\\x")),
        "external_file",
        "URI",
    ),
    "link to a script": (
        lambda: pdfs.on_click(Dictionary(S=Name.URI, URI="Java\tScript:alert(1)")),
        "javascript",
        "JavaScript",
    ),
    "stream from elsewhere": (pdfs.stream_from_elsewhere, "external_file", "另外的文件"),
    "gif before": (lambda: b"GIF89a" + pdfs.scan_pdf(), "not_pdf", "不是 PDF"),
    "html before": (lambda: b"<html>demo</html>\n" + pdfs.scan_pdf(), "not_pdf", "不是 PDF"),
    "program renamed": (lambda: b"MZ\x90\0" + bytes(4096), "not_pdf", "不是 PDF"),
    "zip or docx renamed": (pdfs.zip_archive, "not_pdf", "不是 PDF"),
    "web page renamed": (lambda: b"<!doctype html><p>demo", "not_pdf", "不是 PDF"),
    "header only": (lambda: b"%PDF-1.7\n", "damaged", "已损坏"),
    "odd version": (lambda: b"%PDF-x\n%%EOF", "not_pdf", "不是 PDF"),
    "zip behind": (lambda: pdfs.scan_pdf() + pdfs.zip_archive(), "archive", "ZIP"),
    "zip behind, closed by a mark": (
        lambda: pdfs.scan_pdf() + pdfs.zip_archive(comment=b"%%EOF"),
        "archive",
        "ZIP",
    ),
    "web page behind": (lambda: pdfs.scan_pdf() + b"<script>alert(1)</script>", "trailing", "夹带"),
    "nothing": (lambda: b"", "empty", "空的"),
    "cut in the middle": (lambda: pdfs.scan_pdf()[: len(pdfs.scan_pdf()) // 2], "damaged", "已损坏"),
    "cut, with an end mark": (
        lambda: pdfs.scan_pdf()[: len(pdfs.scan_pdf()) // 2] + b"\n%%EOF\n",
        "damaged",
        "已损坏",
    ),
    "broken object stream": (pdfs.broken_object_stream, "damaged", "已损坏"),
    "two documents in one": (lambda: pdfs.scan_pdf() + pdfs.blank_pdf(2), "joined", "请合并打印成一个新的 PDF"),
    "no pages": (lambda: pdfs.blank_pdf(0), "no_pages", "没有页面"),
    "one page too many": (lambda: pdfs.blank_pdf(201), "too_many_pages", "文件有 201 页，超过 200 页"),
}


@pytest.mark.parametrize(("make", "reason", "words"), BAD.values(), ids=BAD)
def test_other_file_is_refused_by_name_and_reason(storage: FileStorage, make, reason, words) -> None:
    refused = refusal(storage, make())

    assert refused.code == f"scan_{reason}"
    assert str(refused).startswith("没有收下「批复.pdf」：")
    assert words in str(refused)


def test_every_refusal_says_what_to_do() -> None:
    assert [reason for reason, sentence in SENTENCES.items() if "请" not in sentence] == []
    assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_without_a_child_a_file_is_judged_alike(storage: FileStorage) -> None:
    refused = refusal(storage, pdfs.script_in_names_tree(), limits=ScanLimits(child=None))

    assert refused.code == "scan_javascript"


COSTLY = {
    "20 000 pages": (lambda: pdfs.blank_pdf(20_000), "too_many_pages"),
    "292 KB become 300 MB": (pdfs.stream_bomb, "too_complex"),
    "bomb in a bomb": (lambda: pdfs.stream_bomb(layers=2), "too_complex"),
    "bomb before an image filter": (pdfs.image_bomb, "too_complex"),
    "bomb of objects": (pdfs.object_stream_bomb, "too_complex"),
    "too many objects": (pdfs.many_objects, "too_complex"),
}


@pytest.mark.parametrize(("make", "reason"), COSTLY.values(), ids=COSTLY)
def test_costly_file_is_refused_in_seconds_and_burdens_only_the_child(storage: FileStorage, make, reason) -> None:
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()

    refused = refusal(storage, content)

    assert refused.code == f"scan_{reason}"
    assert time.perf_counter() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_memory_limit_ends_only_the_child(storage: FileStorage) -> None:
    tight = replace(LIMITS, max_stream_bytes=(1 << 32) - 1, child=ChildLimits(memory_bytes=200 << 20))

    refused = refusal(storage, pdfs.stream_bomb(), limits=tight)

    assert refused.code == "scan_too_complex"


def child_that(program: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", program)


CHILDREN = {
    "hangs": ("import time; time.sleep(60)", "timeout"),
    "hangs with a child of its own": (
        "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)",
        "timeout",
    ),
    "says nothing": ("pass", "unchecked"),
    "says nonsense": ("print('yes')", "unchecked"),
    "says no number": ('print(\'{"page_count": "7"}\')', "unchecked"),
    "says a list": ("print('[1]')", "unchecked"),
    "gives an unknown reason": ('print(\'{"reason": "whim"}\')', "unchecked"),
    "gives no word for a reason": ("print('{\"reason\": [1]}')", "unchecked"),
    "gives a reason without its values": ('print(\'{"reason": "too_many_pages"}\')', "unchecked"),
    "fails": ("raise SystemExit(1)", "unchecked"),
    "crashes": ("import os; os.abort()", "too_complex"),
}


@pytest.mark.parametrize(("program", "reason"), CHILDREN.values(), ids=CHILDREN)
def test_without_a_clear_yes_the_file_is_refused(storage: FileStorage, program, reason) -> None:
    impatient = replace(LIMITS, child=ChildLimits(deadline_seconds=1))
    start = time.perf_counter()

    refused = refusal(storage, pdfs.scan_pdf(), limits=impatient, child=child_that(program))

    assert refused.code == f"scan_{reason}"
    assert "批复.pdf" in str(refused)
    assert time.perf_counter() - start < 10


def test_upload_that_gets_no_turn_is_asked_to_come_back(storage: FileStorage) -> None:
    impatient = replace(LIMITS, child=ChildLimits(deadline_seconds=0.1))

    with sandbox.TURNS, sandbox.TURNS:
        refused = refusal(storage, pdfs.scan_pdf(), limits=impatient)

    assert refused.code == "scan_busy"


def test_child_sees_no_secret(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YHT_DATA_KEY", "demo-secret")
    program = "import os; assert not [k for k in os.environ if k.startswith('YHT_')]; print('{\"page_count\": 1}')"

    stored = accept(storage, io.BytesIO(pdfs.scan_pdf()), "批复.pdf", LIMITS, child=child_that(program))

    assert stored.page_count == 1


def test_ordinary_check_is_quick(storage: FileStorage) -> None:
    content = pdfs.scan_pdf(pages=20)
    accept(storage, io.BytesIO(pdfs.scan_pdf("先读一次")), "批复.pdf", LIMITS)
    start = time.perf_counter()

    accept(storage, io.BytesIO(content), "批复.pdf", LIMITS)

    assert time.perf_counter() - start < 3
