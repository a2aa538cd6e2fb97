"""The name a file is shown under: display text only, never a path."""

import re
import unicodedata
from pathlib import PurePosixPath

EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
LONGEST = 200
# Names that Windows keeps for its devices, whatever their extension.
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")


def displayed(filename: str, media_type: str | None = None) -> str:
    """Without folders, control characters, marks that turn text around, or an extension that lies."""
    last = re.split(r"[/\\]", filename)[-1]
    kept = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    kept = " ".join(kept.split()).strip(". ")
    if not kept or DEVICES.match(kept):
        kept = f"file-{kept}".rstrip("-")
    extension = EXTENSIONS.get(media_type or "", "")
    if not extension:
        return kept[:LONGEST]
    stem = PurePosixPath(kept).stem if _ends_like(kept) else kept
    own = ".jpeg" if extension == ".jpg" and kept.lower().endswith(".jpeg") else extension
    return stem[: LONGEST - len(own)].rstrip(". ") + own


def _ends_like(name: str) -> bool:
    return re.search(r"\.[A-Za-z0-9]{1,5}$", name) is not None
