"""Clears away what a stop left behind: parts nobody finishes, and objects that no row ever named."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

from foundation.database import rows
from uploads import storing

log = logging.getLogger("uploads")

PARTS_AFTER = 48 * 3600
# Longer than a backup takes: whatever the database names in it is still on the disk when the files are copied.
OBJECTS_AFTER = 7 * 24 * 3600


async def sweep() -> tuple[int, int]:
    """How many parts and objects were removed."""
    parts = await asyncio.to_thread(_remove, storing.folder() / "parts", "*.part", PARTS_AFTER, frozenset())
    old = await asyncio.to_thread(_older, storing.folder() / "obj", "*/*", OBJECTS_AFTER)
    named = await rows(
        "SELECT encode(sha256, 'hex') AS name FROM blob WHERE sha256 = ANY($1::bytea[])",
        [bytes.fromhex(path.name) for path in old],
    )
    kept = frozenset(row["name"] for row in named)
    objects = await asyncio.to_thread(_remove, storing.folder() / "obj", "*/*", OBJECTS_AFTER, kept)
    if parts or objects:
        log.info("swept", extra={"parts": parts, "objects": objects})
    return parts, objects


def _older(folder: Path, names: str, seconds: float) -> list[Path]:
    limit = time.time() - seconds
    return [path for path in folder.glob(names) if path.stat().st_mtime < limit]


def _remove(folder: Path, names: str, seconds: float, kept: frozenset[str]) -> int:
    """Looked at once more just before: bytes that come again make their object young again."""
    count = 0
    for path in _older(folder, names, seconds):
        if path.name not in kept:
            path.unlink(missing_ok=True)
            count += 1
    return count
