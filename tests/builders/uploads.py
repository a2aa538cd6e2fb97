"""Real files, made here, and uploads that hold them."""

from __future__ import annotations

import io
import os

import pikepdf
from PIL import Image

from uploads.actions import keep_bytes
from uploads.tables import Upload


def a_pdf(pages: int = 1, text: str | None = None) -> bytes:
    """Each call makes other bytes, so that uploads in one test are different files."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.docinfo["/Title"] = text or os.urandom(8).hex()
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def a_picture(width: int = 800, height: int = 600, kind: str = "JPEG", **how) -> bytes:
    """A gradient with a random corner: looks like something, compresses well, and differs each time."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    corner = Image.frombytes("RGB", (8, 8), os.urandom(192)).resize((width // 4 or 1, height // 4 or 1))
    picture.paste(corner)
    made = io.BytesIO()
    picture.save(made, kind, **how)
    return made.getvalue()


def a_jpeg(width: int = 800, height: int = 600, **how) -> bytes:
    return a_picture(width, height, "JPEG", **how)


async def an_upload(person, data: bytes | None = None, filename: str = "document.pdf", **over) -> Upload:
    return await keep_bytes(data if data is not None else a_pdf(), filename, person, **over)


async def a_photo(person, data: bytes | None = None, filename: str = "photo.jpg", **over) -> Upload:
    return await keep_bytes(data if data is not None else a_jpeg(), filename, person, **over)
