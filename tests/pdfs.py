"""Real PDFs for tests: good scans, and one of each kind that must be refused."""

import io
import os
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from app.seeds.demo_pdf import make_pdf

SCRIPT = "app.alert('demo')"


def scan_pdf(text: str = "演示扫描件", pages: int = 1) -> bytes:
    """A good scan; another text gives another hash."""
    return make_pdf(text, ["演示内容"], pages)


def blank_pdf(pages: int) -> bytes:
    """Empty pages, as many as wanted, in a flat page tree."""
    kids = " ".join(f"{number} 0 R" for number in range(3, pages + 3))
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode()]
    bodies += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"] * pages
    return written(bodies)


def written(bodies: list[bytes]) -> bytes:
    """A file of these objects with a true cross-reference table; the first is the catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n%\xe4\xb8\xad\xe6\x96\x87\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(out)


def changed(change: Callable[[Pdf], None], **save: object) -> bytes:
    """A good scan after one change."""
    with pikepdf.open(io.BytesIO(scan_pdf())) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, **save)
        return out.getvalue()


def on_opening(action: Dictionary | Array) -> bytes:
    """A scan that does this when it is opened."""
    return changed(lambda pdf: setattr(pdf.Root, "OpenAction", action))


def on_click(action: Dictionary, **save: object) -> bytes:
    """A scan with a link that does this."""

    def change(pdf: Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 99, 99], A=action)
        pdf.pages[0].Annots = Array([pdf.make_indirect(link)])

    return changed(change, **save)


def with_annotation(subtype: str) -> bytes:
    """A scan with an annotation of this subtype."""

    def change(pdf: Pdf) -> None:
        mark = Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=[0, 0, 99, 99])
        pdf.pages[0].Annots = Array([pdf.make_indirect(mark)])

    return changed(change)


def encrypted(user: str = "", owner: str = "demo-owner") -> bytes:
    """Protected by a password, or only against printing when `user` is empty."""
    return changed(lambda pdf: None, encryption=pikepdf.Encryption(user=user, owner=owner))


def script_in_names_tree() -> bytes:
    def change(pdf: Pdf) -> None:
        action = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=SCRIPT))
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("demo"), action])))

    return changed(change)


def script_in_object_stream() -> bytes:
    """The same script where a search of the bytes does not find it."""

    def change(pdf: Pdf) -> None:
        pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=SCRIPT))

    return changed(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def script_under_escaped_name() -> bytes:
    """The name /JavaScript written as /J#61vaScript."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript/J#53(demo)>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
    ]
    return written(bodies)


def page_action() -> bytes:
    action = Dictionary(O=Dictionary(S=Name.Named, N=Name.Print))
    return changed(lambda pdf: setattr(pdf.pages[0], "AA", action))


def embedded_file() -> bytes:
    return changed(lambda pdf: pdf.attachments.__setitem__("demo.txt", b"demo"))


def xfa_form() -> bytes:
    def change(pdf: Pdf) -> None:
        pdf.Root.AcroForm = Dictionary(Fields=[], XFA=Stream(pdf, b"<xdp/>"))

    return changed(change)


def sealed() -> bytes:
    """A scan with an electronic seal: a signature field drawn as a red square, 300 points from the corner."""

    def change(pdf: Pdf) -> None:
        look = Stream(pdf, b"1 0 0 rg 0 0 100 100 re f", Type=Name.XObject, Subtype=Name.Form)
        look.BBox = Array([0, 0, 100, 100])
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="seal", F=4)
        field.Rect, field.AP = Array([300, 300, 400, 400]), Dictionary(N=look)
        pdf.pages[0].Annots = Array([pdf.make_indirect(field)])
        pdf.Root.AcroForm = Dictionary(Fields=pdf.pages[0].Annots, SigFlags=3)

    return changed(change)


def stream_from_elsewhere() -> bytes:
    def change(pdf: Pdf) -> None:
        pdf.pages[0].Contents = Stream(pdf, b"", F=String("//198.51.100.1/share/x"))

    return changed(change)


def with_empty_name_trees() -> bytes:
    """What some office programs leave behind; nothing in it acts."""
    empty = Dictionary(Names=Array())
    return changed(lambda pdf: setattr(pdf.Root, "Names", Dictionary(EmbeddedFiles=empty, JavaScript=empty)))


def stream_bomb(size: int = 300_000_000, layers: int = 1, last: bytes = b"") -> bytes:
    """A page whose content unfolds to `size` bytes: 292 KB become 300 MB."""
    packed = _zeros(size)
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    filters = b"/FlateDecode" * layers + last
    return written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
            b"<</Filter[%s]/Length %d>>stream\n%s\nendstream" % (filters, len(packed), packed),
        ]
    )


def image_bomb() -> bytes:
    """A bomb before a filter that qpdf does not decode."""
    return stream_bomb(last=b"/DCTDecode")


def object_stream_bomb(size: int = 300_000_000) -> bytes:
    """The catalog's action sits in an object stream that unfolds to `size` bytes."""
    packer = zlib.compressobj(9)
    action = b"6 0 <</S/JavaScript/JS(demo)>>"
    packed = packer.compress(action)
    packed += b"".join(packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()
    return with_object_stream(packed)


def broken_object_stream() -> bytes:
    """The same, but damaged on purpose: a lenient reader may still see the action."""
    packed = zlib.compress(b"6 0 <</S/JavaScript/JS(demo)>>" + os.urandom(600))
    return with_object_stream(packed[:-300])


def with_object_stream(packed: bytes) -> bytes:
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    out, rows = bytearray(b"%PDF-1.7\n"), b"\0\0\0\0\0\xff"
    for number, body in enumerate(bodies, 1):
        rows += b"\1" + len(out).to_bytes(4, "big") + b"\0"
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows += b"\1" + len(out).to_bytes(4, "big") + b"\0" + b"\2" + (4).to_bytes(4, "big") + b"\0"
    table = b"<</Type/XRef/W[1 4 1]/Size 7/Root 1 0 R/Length %d>>stream\n%s\nendstream" % (len(rows), rows)
    return bytes(out) + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


def many_objects(count: int = 150_000) -> bytes:
    """One page and far more objects than any scan has."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
    ]
    return written(bodies + [b"<</A[1 2 3]>>"] * count)


def zip_archive(comment: bytes = b"") -> bytes:
    """A ZIP, which is what a .docx is too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<演示/>")
        archive.comment = comment
    return out.getvalue()


def _zeros(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packer.flush()
