"""Files of the example: drawn pictures and one-page papers, each of which says what it is."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from entrypoints.example.people import Example
from foundation.database import insert
from uploads.actions import keep_bytes
from uploads.tables import Upload

PICTURES = Path(__file__).parent / "pictures"
FONTS = Path(__file__).parent.parent.parent / "web" / "fonts"


async def kept(example: Example, data: bytes, filename: str, person: Any, *, illustration: bool = False) -> Upload:
    """Stored and examined like any file, but the same bytes only once: the example uses few and often."""
    first = example.uploads.get(data)
    if first is None:
        first = example.uploads[data] = await keep_bytes(data, filename, person, illustration=illustration)
        return first
    return await insert(
        Upload,
        blob_sha256=first.blob_sha256,
        thumbnail_sha256=first.thumbnail_sha256,
        original_sha256=first.original_sha256,
        filename=filename,
        uploaded_by=person.id,
        illustration=illustration,
    )


@cache
def picture_bytes(number: int) -> bytes:
    return (PICTURES / f"p{number}.webp").read_bytes()


@cache
def document(text: str) -> bytes:
    """One page that says what it is: no page of the example can be taken for a real paper."""
    source = (
        '#set page(paper: "a4", margin: 3cm)\n#set text(font: "FiraGO", size: 14pt)\n'
        f"#text(weight: 600, {json.dumps(text, ensure_ascii=False)})\n\n"
        "საჩვენებელი დოკუმენტი, მონაცემები გამოგონილია. \\\nExample document; nothing in it is real."
    )
    return typst.compile(source.encode(), font_paths=[str(FONTS)])
