"""Where the bytes lie: parts while they arrive, objects under their hash once they are whole. Never overwritten."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from uuid import uuid4

from foundation.settings import settings


def folder() -> Path:
    return settings().data_dir / "uploads"


def new_part() -> Path:
    """A place for bytes that arrive; its name has nothing to do with what the sender called the file."""
    parts = folder() / "parts"
    parts.mkdir(parents=True, exist_ok=True, mode=0o700)
    return parts / f"{uuid4()}.part"


def path_of(sha256: bytes) -> Path:
    name = sha256.hex()
    return folder() / "obj" / name[:2] / name


def store(part: Path) -> tuple[bytes, int]:
    """Make the part an object for ever: on the disk first, then under its hash. The part stays until dropped."""
    with part.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").digest()
        size = os.fstat(file.fileno()).st_size
        os.fsync(file.fileno())
    place = path_of(sha256)
    if not place.parent.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _flush(place.parent.parent)
    part.chmod(0o400)
    try:
        os.link(part, place)
    except FileExistsError:
        os.utime(place)  # the same bytes came before and lie here once; the sweeper must not think them forgotten
    _flush(place.parent)
    return sha256, size


def _flush(directory: Path) -> None:
    """A new name is safe from a power cut only after its directory is."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
