"""CSV: plain text in UTF-8 with at least two columns, and nothing that is really something else."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from foundation.language import N_
from uploads.filetypes.verdict import Unfit, Verdict

NOT_UTF8 = N_("“{filename}” is not text in UTF-8. Save the table as “CSV UTF-8” or as XLSX, then choose it again.")
NOT_A_TABLE = N_("“{filename}” is not a CSV table. Save the table as “CSV UTF-8” or as XLSX, then choose it again.")

STEP = 256 * 1024
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SEPARATED = re.compile(r"[,;\t]")
# How markup, scripts and documents of other programs begin.
OTHERS = ("<", "#!", "%", "{\\rtf", "PK", "MZ", "GIF8", "BM", "RIFF")


def examine(part: Path) -> Verdict:
    decode = codecs.getincrementaldecoder("utf-8")()
    first = True
    with part.open("rb") as file:
        while chunk := file.read(STEP):
            try:
                text = decode.decode(chunk)
            except UnicodeDecodeError:
                raise Unfit(NOT_UTF8) from None
            if UNPRINTABLE.search(text):
                raise Unfit(NOT_A_TABLE)
            if first:
                _begins_as_a_table(text)
            first = False
    try:
        decode.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Unfit(NOT_UTF8) from None
    return Verdict("text/csv")


def _begins_as_a_table(text: str) -> None:
    start = text.lstrip("\ufeff \r\n\t")
    if start.startswith(OTHERS) or re.search(r"<(script|html|svg|!doctype|\?xml)", start, re.IGNORECASE):
        raise Unfit(NOT_A_TABLE)
    if not SEPARATED.search(start.split("\n", 1)[0]):
        raise Unfit(NOT_A_TABLE)
