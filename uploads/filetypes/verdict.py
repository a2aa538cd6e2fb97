"""What examining a file says: a type with its derived files, or a sentence why not."""

from dataclasses import dataclass
from pathlib import Path


class Unfit(Exception):
    """The file is refused; the sentence is marked with N_ where it is written, and has {filename} in it."""


@dataclass
class Verdict:
    """`derived` replaces the bytes that came, `thumbnail` lies beside them; both are paths of new parts."""

    media_type: str
    derived: str | None = None
    thumbnail: str | None = None
    width: int | None = None
    height: int | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None
    taken_at: str | None = None  # by the camera's own clock, with its zone where it tells one


def beside(part: Path, suffix: str) -> Path:
    return part.with_name(part.name.removesuffix(".part") + f"-{suffix}.part")
