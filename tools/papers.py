"""Papers as people send them, each with bytes of its own: for tests and measurements that upload."""

from __future__ import annotations

import io
import random

import pikepdf


def paper(chance: random.Random, size: int = 20_000) -> bytes:
    """A valid PDF of one page, about so large."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    made.Root.Scan = pikepdf.Stream(made, chance.randbytes(size - 700))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
