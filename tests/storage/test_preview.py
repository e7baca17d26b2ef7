"""Staff see a picture of a page, never the PDF's own behaviour (SECURITY row 15)."""

import io
import shutil
import sys
from datetime import UTC, datetime

import pytest
from PIL import Image

from app.domain.errors import Refused
from app.storage import ChildLimits, FileStorage, ScanLimits, accept, preview_page
from tests import pdfs


@pytest.fixture
def sha256(storage: FileStorage) -> str:
    content = io.BytesIO(pdfs.scan_pdf("演示批复", pages=2))
    return accept(storage, content, "批复.pdf", ScanLimits()).sha256


def opened(png: bytes | None) -> Image.Image:
    assert png is not None
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return image


def test_page_becomes_a_picture_with_its_text(storage: FileStorage, sha256: str) -> None:
    image = opened(preview_page(storage, sha256, 1))

    assert image.width in range(898, 903)
    assert image.convert("L").getextrema() == (0, 255)


def test_electronic_seal_is_visible(storage: FileStorage) -> None:
    stored = accept(storage, io.BytesIO(pdfs.sealed()), "批复.pdf", ScanLimits())

    image = opened(preview_page(storage, stored.sha256, 1)).convert("RGB")

    assert image.getpixel((530, 740)) == (255, 0, 0)


@pytest.mark.parametrize("page", [0, -1, 3, 10**9])
def test_page_out_of_range_is_none(storage: FileStorage, sha256: str, page: int) -> None:
    assert preview_page(storage, sha256, page) is None


@pytest.mark.parametrize(("asked", "given"), [(450, 450), (1, 100), (10**6, 2400)])
def test_width_can_be_chosen_within_bounds(storage: FileStorage, sha256: str, asked: int, given: int) -> None:
    image = opened(preview_page(storage, sha256, 1, width=asked))

    assert abs(image.width - given) <= 2


def test_second_look_comes_from_the_cache(storage: FileStorage, sha256: str) -> None:
    first = preview_page(storage, sha256, 1)

    second = preview_page(storage, sha256, 1, child=(sys.executable, "-c", "raise SystemExit(1)"))

    assert second == first


def test_cache_may_be_deleted_at_any_time(storage: FileStorage, sha256: str) -> None:
    first = preview_page(storage, sha256, 1)
    shutil.rmtree(storage.previews)

    assert preview_page(storage, sha256, 1) == first


def test_sweeping_a_scan_sweeps_its_pictures(storage: FileStorage, sha256: str) -> None:
    preview_page(storage, sha256, 1)

    storage.sweep_orphans(set(), datetime(9999, 1, 1, tzinfo=UTC))

    assert not storage.preview_folder(sha256).exists()


def test_corrupted_scan_is_not_shown_from_the_cache(storage: FileStorage, sha256: str) -> None:
    preview_page(storage, sha256, 1)
    storage.path(sha256).chmod(0o640)
    storage.path(sha256).write_bytes(b"%PDF-1.7")

    with pytest.raises(Refused) as refused:
        preview_page(storage, sha256, 1)

    assert refused.value.code == "scan_corrupted"


def kept_unchecked(storage: FileStorage, content: bytes) -> str:
    """A file that a former version took in."""
    with storage.receive(io.BytesIO(content), 10**8) as incoming:
        storage.keep(incoming)
        return incoming.sha256


def test_very_long_page_is_shrunk(storage: FileStorage) -> None:
    strip = pdfs.blank_pdf(1).replace(b"595 842", b"1 14400")
    sha256 = kept_unchecked(storage, strip)

    image = opened(preview_page(storage, sha256, 1))

    assert image.height <= 3601


FAILING = {
    "hangs": "import time; time.sleep(60)",
    "fails": "raise SystemExit(1)",
    "draws something else": "print('<svg/>')",
}


@pytest.mark.parametrize("program", FAILING.values(), ids=FAILING)
def test_page_that_cannot_be_drawn_is_a_sentence(storage: FileStorage, sha256: str, program: str) -> None:
    with pytest.raises(Refused, match="暂时不能预览") as refused:
        preview_page(
            storage,
            sha256,
            1,
            limits=ChildLimits(deadline_seconds=1),
            child=(sys.executable, "-I", "-c", program),
        )

    assert refused.value.code == "scan_not_shown"


def test_bomb_ends_only_the_child(storage: FileStorage) -> None:
    sha256 = kept_unchecked(storage, pdfs.stream_bomb())
    tight = ChildLimits(memory_bytes=300 << 20, output_bytes=1 << 20)

    with pytest.raises(Refused, match="暂时不能预览"):
        preview_page(storage, sha256, 1, limits=tight)
