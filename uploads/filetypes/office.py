"""DOCX and XLSX: an archive that is exactly a document, without macros, foreign parts or more inside than is good."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from posixpath import normpath
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from foundation.language import N_
from uploads.filetypes.verdict import Unfit, Verdict

BROKEN = N_(
    "“{filename}” is damaged: it cannot be opened. Save it again in your office program, then choose it once more."
)
MACROS = N_("“{filename}” contains macros. Save it as an ordinary document without macros, then choose it again.")
FOREIGN = N_("“{filename}” loads parts from elsewhere. Save it as PDF, then choose that file.")
NESTED = N_("“{filename}” carries other files inside. Take them out or save it as PDF, then choose it again.")
SWOLLEN = N_("“{filename}” unpacks to far more than its size. Save it again in your office program, or as PDF.")
NOT_TAKEN = N_("“{filename}” is not a file we take. Choose a PDF, a Word or Excel document, a picture or a CSV table.")

PREFIX = "application/vnd.openxmlformats-officedocument."
MAIN = {
    PREFIX + "wordprocessingml.document.main+xml": PREFIX + "wordprocessingml.document",
    PREFIX + "spreadsheetml.sheet.main+xml": PREFIX + "spreadsheetml.sheet",
}
MOST_ENTRIES = 1000
MOST_BYTES = 200 * 1024 * 1024
MOST_RATIO = 100
# Below this size the ratio says nothing: an empty sheet compresses very well.
SMALL = 1024 * 1024
STEP = 256 * 1024
CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"%PDF-")
MACRO_NAMES = ("vbaproject", "vbadata", "activex", "macrosheet")


def examine(part: Path) -> Verdict:
    try:
        with zipfile.ZipFile(part) as archive:
            texts = _unpacked(archive, part.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unfit(BROKEN) from None
    try:
        types = fromstring(texts["[Content_Types].xml"], forbid_dtd=True)
        _no_foreign_parts(texts)
        main = _main_part(texts)
        found = [kind.get("ContentType", "") for kind in types if kind.get("PartName", "").lstrip("/") == main]
        everything = [kind.get("ContentType", "").lower() for kind in types]
    except (ParseError, DefusedXmlException, KeyError):
        raise Unfit(NOT_TAKEN) from None
    if any("macroenabled" in kind or "vbaproject" in kind or "activex" in kind for kind in everything):
        raise Unfit(MACROS)
    if len(found) != 1 or found[0] not in MAIN:
        raise Unfit(NOT_TAKEN)
    return Verdict(MAIN[found[0]])


def _unpacked(archive: zipfile.ZipFile, packed: int) -> dict[str, bytes]:
    """Reads every part to its end, counting what really comes out; keeps the small ones that tell what is what."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise Unfit(SWOLLEN)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Unfit(BROKEN)
    kept: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or entry.flag_bits & 1:
            raise Unfit(BROKEN)
        if any(mark in name.lower() for mark in MACRO_NAMES):
            raise Unfit(MACROS)
        telling = name == "[Content_Types].xml" or name.endswith(".rels")
        checker = _strict_parser() if name.endswith((".xml", ".rels", ".vml")) else None
        body, first = bytearray(), True
        with archive.open(entry) as file:
            while chunk := file.read(STEP):
                total += len(chunk)
                if total > MOST_BYTES or (total > SMALL and total > packed * MOST_RATIO):
                    raise Unfit(SWOLLEN)
                if first and chunk.startswith(CONTAINERS):
                    raise Unfit(NESTED)
                first = False
                if checker:
                    _feed(checker, chunk)
                if telling:
                    body += chunk
        if checker and not first:
            _feed(checker, b"", final=True)
        if telling:
            kept[name] = bytes(body)
    return kept


def _strict_parser():
    """XML without a document type of its own: no entities, so nothing that grows or reads other files."""
    parser = expat.ParserCreate()

    def refuse(*_):
        raise Unfit(BROKEN)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _feed(parser, chunk: bytes, final: bool = False) -> None:
    try:
        parser.Parse(chunk, final)
    except expat.ExpatError:
        raise Unfit(BROKEN) from None


def _no_foreign_parts(texts: dict[str, bytes]) -> None:
    """A link that somebody has to click may point outside; a part that loads by itself may not."""
    for name, text in texts.items():
        if not name.endswith(".rels"):
            continue
        for relation in fromstring(text, forbid_dtd=True):
            outside = relation.get("TargetMode", "").lower() == "external"
            link = relation.get("Type", "").endswith("/hyperlink")
            target = relation.get("Target", "").lower()
            if outside and not (link and target.startswith(("http://", "https://", "mailto:", "tel:", "#"))):
                raise Unfit(FOREIGN)


def _main_part(texts: dict[str, bytes]) -> str:
    for relation in fromstring(texts["_rels/.rels"], forbid_dtd=True):
        if relation.get("Type", "").endswith("/officeDocument"):
            return normpath(relation.get("Target", "").lstrip("/"))
    raise Unfit(NOT_TAKEN)
