"""What is known of a file that came, before anything owns it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stored:
    """Bytes that lie safely on the disk under their hash."""

    sha256: bytes
    size: int
    media_type: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Received:
    """A file that came: stored, or refused with a sentence. `original_sha256` is of the bytes as they were sent.
    With its ticket it comes back in the form when something else is refused; `kept` then says that it was here.
    `taken_at`: of a picture, what its camera says."""

    filename: str
    original_sha256: bytes
    stored: Stored | None = None
    thumbnail: Stored | None = None
    refusal: str | None = None
    ticket: str = ""
    kept: bool = False
    taken_at: str | None = None
