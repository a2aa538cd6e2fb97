"""Which kind a file is, by its first bytes; then that kind's own examination decides."""

from __future__ import annotations

from pathlib import Path

from foundation.language import N_
from uploads.filetypes.office import NOT_TAKEN
from uploads.filetypes.verdict import Unfit, Verdict

EMPTY = N_("“{filename}” is empty. Choose the file again.")
HEIC = N_("“{filename}” is a HEIC picture. Save or send it as JPEG, then choose that one.")


def examine(part: Path, filename: str) -> Verdict:
    """The verdict, or Unfit with a sentence. Imports wait until here: most files need only one of them."""
    with part.open("rb") as file:
        head = file.read(16)
    if not head:
        raise Unfit(EMPTY)
    if head.startswith(b"%PDF-"):
        from uploads.filetypes import pdf

        return pdf.examine(part)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        from uploads.filetypes import pictures

        return pictures.examine(part)
    if head.startswith(b"PK\x03\x04"):
        from uploads.filetypes import office

        return office.examine(part)
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc"):
        raise Unfit(HEIC)
    if filename.lower().endswith(".csv"):
        from uploads.filetypes import table

        return table.examine(part)
    raise Unfit(NOT_TAKEN)
