"""Documents on paper: a typst template, named by its path in the repository, and data become a PDF."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Any

import typst

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "web" / "fonts"
MOST_BYTES = 16_000_000
AT_ONCE = asyncio.Semaphore(2)  # the rest of the processors is for whoever asks for pages
_made: OrderedDict[str, asyncio.Future[bytes]] = OrderedDict()


async def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Data reach the template as JSON (`json(bytes(sys.inputs.data))`), so no text of theirs is taken for markup."""
    async with AT_ONCE:
        return await asyncio.to_thread(_compiled, template, _written(data))


async def public_pdf(template: str, data: dict[str, Any]) -> bytes:
    """The same of what everybody may ask for, as often as they like: made once of the same words, and whoever asks
    meanwhile waits for that one."""
    key = hashlib.sha256(f"{_source(template)}{_written(data)}".encode()).hexdigest()
    if key not in _made:
        _made[key] = asyncio.ensure_future(pdf(template, data))
    _made.move_to_end(key)
    try:
        made = await asyncio.shield(_made[key])
    except Exception:
        _made.pop(key, None)
        raise
    while sum(len(each.result()) for each in _made.values() if each.done()) > MOST_BYTES:
        _made.popitem(last=False)
    return made


def _written(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, default=str)


@cache
def _source(template: str) -> str:
    return (ROOT / template).read_text("utf-8")


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
