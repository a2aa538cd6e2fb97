"""Documents on paper: a typst template, named by its path in the repository, and data become a PDF."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import typst

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "web" / "fonts"


async def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Data reach the template as JSON (`json(bytes(sys.inputs.data))`), so no text of theirs is taken for markup."""
    return await asyncio.to_thread(_compiled, template, json.dumps(data, ensure_ascii=False, default=str))


def _compiled(template: str, data: str) -> bytes:
    made = typst.compile(
        str(ROOT / template),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )
    assert isinstance(made, bytes)
    return made
