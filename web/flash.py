"""The sentence that the next page shows once, carried there in a cookie of bounded size."""

from __future__ import annotations

import base64
import json

FLASH = "flash"
MOST = 3500  # browsers drop a cookie above four kilobytes, its name and attributes included


def written(kind: str, sentence: str) -> str:
    """Base64 of the UTF-8: a Georgian letter takes four bytes, as %-signs it would take nine. What is longer than a
    cookie may be is cut at a word."""
    said = _sealed(kind, sentence)
    while len(said) > MOST:
        sentence = sentence[: len(sentence) * 9 // 10].rpartition(" ")[0] or sentence[: len(sentence) // 2]
        said = _sealed(kind, f"{sentence} …")
    return said


def read(cookie: str | None) -> list[dict[str, str]]:
    """Whatever the browser sends: nothing, when it is not what we wrote."""
    if not cookie or len(cookie) > MOST:
        return []
    try:
        said = json.loads(base64.urlsafe_b64decode(cookie))
        return [{"kind": str(said["kind"]), "text": str(said["text"])}]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _sealed(kind: str, sentence: str) -> str:
    told = json.dumps({"kind": kind, "text": sentence}, ensure_ascii=False)
    return base64.urlsafe_b64encode(told.encode("utf-8", "replace")).decode()
