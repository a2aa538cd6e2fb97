"""What comes from outside is taken or refused with exactly the right sentence, and never grows on us."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from PIL import Image, PngImagePlugin

from foundation.language import gettext
from tests.builders.uploads import a_jpeg, a_picture
from tests.patience import PATIENCE
from tests.uploads.hostile import CORPUS
from uploads import storing
from uploads.actions import keep_bytes, read_bytes
from uploads.filetypes import pictures
from uploads.names import displayed
from uploads.receiving import Receiving, receive_bytes
from uploads.sandbox import TOO_HARD


@pytest.mark.parametrize("name", CORPUS)
async def test_each_file_meets_its_sentence(name):
    data, filename, sentence = CORPUS[name]
    sink = Receiving(limit=50 * 1024 * 1024)
    file = await sink.start("file", filename, "application/octet-stream")
    await sink.receive(file, data)
    received = await sink.finish(file)
    if sentence is None:
        assert (received.refusal, received.stored is not None) == (None, True)
    else:
        assert (received.refusal, received.stored) == (_in_georgian(sentence, filename), None)
    assert os.listdir(storing.folder() / "parts") == []


def _in_georgian(sentence: str, filename: str) -> str:
    return gettext(sentence, filename=filename)


async def test_an_archive_behind_a_picture_is_not_kept(cast):
    data, filename, _ = CORPUS["picture with an archive behind it"]
    kept = await read_bytes(await keep_bytes(data, filename, cast.curator))
    assert b"PK\x03\x04" in data and b"PK" not in kept


CANARY = "Vani canary 42"


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = exif[0x9286] = exif[0x010E] = CANARY
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 5.0, 2.5), 3: "E", 4: (42.0, 30.0, 40.0), 29: CANARY})
    return exif


def _with_canaries() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", CANARY)
    text.add_itxt("XML:com.adobe.xmp", f"<x>{CANARY}</x>")
    xmp = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
    return {
        "a.jpg": a_picture(60, 40, "JPEG", exif=_exif(), comment=CANARY.encode(), xmp=xmp),
        "a.png": a_picture(60, 40, "PNG", exif=_exif(), pnginfo=text),
        "a.webp": a_picture(60, 40, "WEBP", exif=_exif(), xmp=xmp),
    }


@pytest.mark.parametrize("filename", ["a.jpg", "a.png", "a.webp"])
async def test_place_camera_and_comments_are_gone_and_the_picture_stands_upright(cast, filename):
    data = _with_canaries()[filename]
    assert CANARY.encode() in data
    upload = await keep_bytes(data, filename, cast.curator)
    for place in (upload.blob_sha256, upload.thumbnail_sha256):
        kept = storing.path_of(place).read_bytes()
        assert CANARY.encode() not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert (picture.size, dict(picture.getexif())) == ((40, 60), {})
            assert not {"comment", "xmp", "exif", "Comment"} & set(picture.info)


async def test_forty_million_pixels_fit_into_the_cell(cast):
    upload = await keep_bytes(a_picture(8000, 5000, "PNG"), "large.png", cast.curator)
    with Image.open(storing.path_of(upload.blob_sha256)) as picture:
        assert picture.size == (4000, 2500)  # above 24 million it is drawn at half its size


async def test_a_picture_of_noise_still_gets_a_small_thumbnail(cast):
    noise = Image.frombytes("RGB", (1200, 900), os.urandom(1200 * 900 * 3))
    made = io.BytesIO()
    noise.save(made, "JPEG", quality=95)
    upload = await keep_bytes(made.getvalue(), "noise.jpg", cast.curator)
    assert storing.path_of(upload.thumbnail_sha256).stat().st_size <= pictures.THUMBNAIL_BYTES


@pytest.mark.parametrize(
    "harm",
    [
        "bytearray(700 * 2**20)",
        "os.kill(os.getpid(), 9)",
        "[None for _ in iter(int, 1)]",
        "open(f, 'wb').write(bytes(170 * 2**20))",
    ],
)
def test_a_file_that_grows_hangs_or_kills_ends_its_child_alone(tmp_path, harm):
    """The same process answers for the next file as if nothing had been."""
    code = (
        "import os, signal, uploads.sandbox as c; c.SECONDS = 1; real = c.decide.examine\n"
        # the short time is for the bad one: how long the good one takes is the machine's affair
        "good = lambda p, f: (signal.alarm(0), real(p, f))[1]\n"
        f"c.decide.examine = lambda p, f: ({harm}) if 'bad' in f else good(p, f)\nc.serve()"
    )
    good = tmp_path / "good.part"
    good.write_bytes(a_jpeg())
    asked = [{"part": str(good), "filename": str(tmp_path / name)} for name in ("bad.jpg", "good.jpg")]
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    ended = subprocess.run([sys.executable, "-c", code], input=lines, capture_output=True, text=True, timeout=PATIENCE)
    first, second = map(json.loads, ended.stdout.splitlines())
    assert first == {"unfit": TOO_HARD} or first == {"errno": 27}  # File too large
    assert second["verdict"]["media_type"] == "image/jpeg"


async def test_the_cell_is_started_again_when_somebody_ends_it():
    from uploads.examining import CELLS

    await receive_bytes(a_jpeg(), "one.jpg")
    for cell in CELLS:
        if cell.process:
            cell.process.kill()
            cell.process.wait()
    assert (await receive_bytes(a_jpeg(), "two.jpg")).stored


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("a\x00b\x1f.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("CON", "file-CON.pdf"),
        ("con.pdf", "file-con.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("ა" * 300 + ".pdf", "ა" * 196 + ".pdf"),
        ("წლიური ანგარიში 2.1.pdf", "წლიური ანგარიში 2.1.pdf"),
        ("report.docm", "report.pdf"),
    ],
)
def test_names_are_text_to_be_shown_and_nothing_else(given, kept):
    assert displayed(given, "application/pdf") == kept


async def test_a_file_past_the_limit_is_dropped_and_said_so():
    sink = Receiving(limit=1024 * 1024)
    file = await sink.start("file", "big.pdf", "application/pdf")
    for _ in range(20):
        await sink.receive(file, b"%PDF-" + b"x" * 100_000)
    assert file.part.stat().st_size == 0
    received = await sink.finish(file)
    assert "big.pdf" in received.refusal and received.stored is None


async def test_the_time_of_keeping_is_the_databases(cast):
    upload = await keep_bytes(a_jpeg(), "a.jpg", cast.curator)
    assert abs((datetime.now(UTC) - upload.created).total_seconds()) < 60
