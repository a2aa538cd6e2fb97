"""JPEG, PNG and WebP: drawn anew, so that place, camera and whatever hid behind the picture are gone."""

from __future__ import annotations

import io
import re
import warnings
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from foundation.language import N_
from uploads.filetypes.verdict import Unfit, Verdict, beside

MOST_PIXELS = 40_000_000
# Above this a picture is drawn at half its size: two copies of it must fit into the examiner's memory.
FULL_SIZE_PIXELS = 24_000_000
THUMBNAIL = 560
THUMBNAIL_BYTES = 40 * 1024
# Phones write JPEG with a second picture inside, which Pillow calls MPO.
TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

EXIF, TAKEN, TAKEN_ZONE = 0x8769, 0x9003, 0x9011

BROKEN = N_("“{filename}” is damaged: the picture cannot be opened. Take or export it again, then choose it once more.")
TOO_MANY_PIXELS = N_("“{filename}” has more than 40 million pixels. Make the picture smaller, then choose it again.")


def examine(part: Path) -> Verdict:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(part, formats=("JPEG", "PNG", "WEBP")) as picture:
            kind = picture.format or ""
            if picture.width * picture.height > MOST_PIXELS:
                raise Unfit(TOO_MANY_PIXELS)
            taken_at = _taken_at(picture)
            drawn = _drawn_anew(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Unfit(BROKEN) from None
    derived, thumbnail = beside(part, "clean"), beside(part, "small")
    _save(drawn, kind, derived)
    small = _small(drawn)
    thumbnail.write_bytes(_encoded_small(small))
    return Verdict(
        TYPES[kind], str(derived), str(thumbnail), drawn.width, drawn.height, small.width, small.height, taken_at
    )  # fmt: skip


def _taken_at(picture: Image.Image) -> str | None:
    """When the camera says the picture was taken, before all it says is dropped; None for what is no moment."""
    told = picture.getexif().get_ifd(EXIF)
    said, zone = (str(told.get(tag) or "").strip("\0 ") for tag in (TAKEN, TAKEN_ZONE))
    if re.fullmatch(r"[+-][0-9]{2}:[0-9]{2}", zone) is None:
        zone = ""
    try:
        return datetime.strptime(said, "%Y:%m:%d %H:%M:%S").isoformat() + zone
    except ValueError:
        return None


def _drawn_anew(picture: Image.Image) -> Image.Image:
    """The pixels alone, turned as the camera said, on a fresh canvas that never knew the file."""
    turned = picture.getexif().get(0x0112, 1)
    picture.load()
    plain = picture if picture.mode in ("L", "RGB", "RGBA") else picture.convert(_mode(picture))
    if plain.width * plain.height > FULL_SIZE_PIXELS:
        plain = plain.reduce(2)
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(turned)  # fmt: skip
    if turn is not None:
        plain = plain.transpose(turn)
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    return fresh


def _mode(picture: Image.Image) -> str:
    return "RGBA" if picture.has_transparency_data else "RGB"


def _save(drawn: Image.Image, kind: str, place: Path) -> None:
    if kind == "PNG":
        drawn.save(place, "PNG")
    elif kind == "WEBP":
        drawn.save(place, "WEBP", quality=85, method=4)
    else:
        drawn.save(place, "JPEG", quality=85, optimize=False)


def _small(drawn: Image.Image) -> Image.Image:
    small = ImageOps.contain(drawn, (min(THUMBNAIL, drawn.width), min(THUMBNAIL, drawn.height)))
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        return paper
    return small


def _encoded_small(small: Image.Image) -> bytes:
    """As good as 40 KB allow: many of these lie on one page of a phone."""
    for quality in (75, 60, 45, 30, 15):
        told = io.BytesIO()
        small.save(told, "WEBP", quality=quality, method=4)
        if told.tell() <= THUMBNAIL_BYTES:
            return told.getvalue()
    small.thumbnail((small.width // 2 or 1, small.height // 2 or 1))
    return _encoded_small(small)
